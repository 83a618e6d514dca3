"""Reads a vendor's own quotes to RFQs, also how they ended.

One rule: only the reading vendor's quotes are looked for.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Id
from core.db.compiled import Prebuilt
from core.quotes import rows
from core.quotes.model import Quote
from core.quotes.repo import WHOLE
from core.quotes.states import SHOWN
from core.quotes.tables import vendor_quotes
from core.uow import Uow

_Q = vendor_quotes.c
_SHOWN_OF_RFQS = Prebuilt(
    WHOLE.where(
        _Q.rfq_id == any_(bindparam("rfqs", type_=ARRAY(Id))),
        _Q.vendor_id == bindparam("vendor", type_=Id),
        _Q.state.in_([state.value for state in SHOWN]),
    ).order_by(_Q.id)
)


async def shown_of_rfqs(uow: Uow, rfq_ids: Sequence[UUID], vendor_id: UUID) -> dict[UUID, Quote]:
    """This vendor's newest quote to each of these RFQs that was not taken back and has not expired."""
    found = await uow.connection.execute(_SHOWN_OF_RFQS, {"rfqs": list(rfq_ids), "vendor": vendor_id})
    return {quote.rfq_id: quote for quote in map(rows.quote_of, found)}
