"""What was bought before, for tests: orders by the real use cases, as old as a test wants them."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text

from core.people.model import Person
from core.requests.commands import RequestLineDraft
from core.requests.model import RequestDetails
from core.vendors.model import Vendor
from tests.support.world import World

Seller = tuple[Vendor, Person]
_SENT = text(
    "UPDATE purchase_orders SET state = 'issued', issued_at = now(),"
    " created_at = created_at - make_interval(days => (:days)::int) WHERE request_id = :id"
)


async def asked(world: World, *items: str, by: Person | None = None, submit: bool = True) -> RequestDetails:
    """A request for three of each."""
    lines: Sequence[RequestLineDraft] = [
        RequestLineDraft(item, Decimal(3), "pcs", Decimal("1200")) for item in items
    ]
    return await world.a_request(by, lines=lines, submit=submit)


async def bought(
    world: World,
    item: str,
    seller: Seller,
    *,
    by: Person | None = None,
    price: str = "1180",
    days_ago: int = 0,
) -> None:
    """An order of this item from this vendor, sent so many days ago."""
    vendor, contact = seller
    await world.a_finance()
    request = await asked(world, item, by=by)
    quote = await world.a_quote(await world.an_rfq(request, to=[vendor]), contact, price)
    await world.approved(await world.open_approval_of(quote.quote.id))
    async with world.engine.begin() as connection:
        await connection.execute(_SENT, {"id": request.request.id, "days": days_ago})
