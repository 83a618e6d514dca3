"""Until the award a vendor reads the same whether its quote was chosen or not, and no number counts the others'."""

import itertools
import re

from api.contract import endpoints as e
from core.kernel.ids import QuoteId
from core.people.model import Person
from core.policies.commands import SetPolicy
from core.policies.service import set_policy
from core.quotes.model import QuoteDetails
from tests.support.api import Api
from tests.support.world import ADMINISTRATOR, POLICY, World

OWN = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|Q-\d+|Vendor \d+|Contact \d+|\d{4}-\d\d-\d\dT[\d:.]+Z"
)
"""What differs because it is the vendor's own: ids, its number and name, and when it answered."""


async def read_by(api: Api, contact: Person, quote: QuoteDetails) -> list[str]:
    """All that the API answers this vendor about the purchase, byte for byte but for what is its own."""
    paths = ("/rfqs", f"/rfqs/{quote.quote.rfq_id}", "/vendors/quotes", "/purchase-orders", "/me/worklist")
    return [OWN.sub("…", (await api.as_(contact).send("GET", path)).text) for path in paths]


async def test_winner_and_loser_read_the_same_until_the_award(api: Api, world: World) -> None:
    await world.act(ADMINISTRATOR, set_policy, SetPolicy("USD", POLICY, None, undo_seconds=60))
    (first, winner), (second, loser) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[first, second])
    won, lost = await world.a_quote(rfq, winner), await world.a_quote(rfq, loser)
    closed = await read_by(api, winner, won)
    approval = (await world.open_approval_of(QuoteId(won.quote.id))).approval
    manager = await world.person(approval.steps[0].candidates[0])
    chosen = await read_by(api, winner, won)
    decision = {"approval_id": str(approval.id), "verb": "approve", "expected_version": approval.version}
    await api.as_(manager).call(e.decide, decision, key="approve")
    approved = await read_by(api, winner, won)
    assert closed == chosen == approved
    assert await read_by(api, loser, lost) == approved
    assert '"version":1' in approved[2]


async def test_a_vendor_withdraws_by_the_version_that_it_reads(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    placed = await world.a_quote(await world.an_rfq(to=[vendor]), contact)
    await world.open_approval_of(QuoteId(placed.quote.id))
    caller, path = api.as_(contact), {"id": placed.quote.id}
    (shown,) = (await caller.call(e.list_quotes)).items
    stale = await caller.send(
        "POST", e.withdraw_quote.path.format(**path), {"expected_version": shown.version + 1}
    )
    assert stale.status_code == 409
    withdrawn = await caller.call(e.withdraw_quote, {"expected_version": shown.version}, path=path)
    assert withdrawn.state == "withdrawn"


async def test_numbers_of_quotes_count_nothing(world: World) -> None:
    (first, mine), (second, other) = await world.a_vendor(), await world.a_vendor()
    numbers = []
    for _ in range(4):
        rfq = await world.an_rfq(to=[first, second])
        for contact in (mine, other):
            numbers.append(int((await world.a_quote(rfq, contact)).quote.number.removeprefix("Q-")))
    assert len({len(str(number)) for number in numbers}) == 1
    assert numbers != sorted(numbers)
    assert min(abs(one - next_) for one, next_ in itertools.pairwise(numbers)) > len(numbers)
