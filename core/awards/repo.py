"""The UPDATE by which quotes lose.

One rule: the event of their RFQ says in the log that they did.
"""

from uuid import UUID

from sqlalchemy import bindparam, update

from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.pending import Write
from core.quotes.model import Quote
from core.quotes.states import QuoteState, QuoteVerb, after_quote
from core.quotes.tables import vendor_quotes
from core.uow import Uow

_Q = vendor_quotes.c
_RUNNING = (QuoteState.submitted, QuoteState.selected)
_LOSE = Prebuilt(
    update(vendor_quotes)
    .where(
        _Q.rfq_id == bindparam("lost_rfq", type_=Id),
        _Q.id.is_distinct_from(bindparam("winner", type_=Id)),
        _Q.state.in_([state.value for state in _RUNNING]),
    )
    .values(state=after_quote(QuoteState.submitted, QuoteVerb.lose).value, version=_Q.version + 1)
)


async def lose(uow: Uow, rfq_id: UUID, winner: UUID | None) -> None:
    """Every quote to this RFQ that was in the running is lost, but for the winner."""
    await uow.connection.later(Write(_LOSE, {"lost_rfq": rfq_id, "winner": winner}, vendor_quotes.name))
    uow.forget_all(Quote)
