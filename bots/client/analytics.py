"""Figures as the bots ask for them."""

from api.contract import endpoints as e
from api.contract.analytics import AnalyticsOut
from bots.cards.attachment import Attachment
from bots.client.caller import Caller, FileTransfer

ANSWERS = {
    endpoint.path.rpartition("/")[2]: endpoint
    for endpoint in (
        e.analytics_waits,
        e.analytics_time,
        e.analytics_spend,
        e.analytics_vendors,
        e.analytics_competition,
        e.analytics_exceptions,
    )
}
"""By the word that is typed."""


class AnalyticsApi:
    """The figures."""

    def __init__(self, caller: Caller, transfer: FileTransfer) -> None:
        self._caller = caller
        self._transfer = transfer

    async def answer(self, word: str) -> AnalyticsOut:
        """The answer to the question that this word stands for."""
        return await self._caller.call(ANSWERS[word], None)

    async def picture(self, word: str, section: str) -> Attachment:
        """A section of it as a chart."""
        return await self._transfer.download(f"/analytics/picture?question={word}&section={section}")
