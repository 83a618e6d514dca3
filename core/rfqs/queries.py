"""The read model of an RFQ without quotes."""

from core.access.actor import Actor
from core.rfqs import repo
from core.rfqs.model import Rfq, RfqDetails
from core.uow import Uow


async def rfq_details(uow: Uow, actor: Actor, rfq: Rfq) -> RfqDetails:
    """An RFQ with names; what a vendor must not see is removed here."""
    return (await repo.details_of_all(uow, actor, [rfq]))[0]
