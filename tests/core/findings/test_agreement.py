"""A statement reads what the method is given in the evaluation: they agree on histories drawn at random."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, update

from core.checks import method, price_checks
from core.checks.model import CheckRule, RuleSetting
from core.checks.service import choice_of
from core.offers.tables import quote_lines
from core.orders.tables import purchase_orders
from core.quotes.tables import vendor_quotes
from core.rfqs.tables import rfq_lines
from tests.core.findings.cases import SYSTEM, Case, laptops
from tests.core.findings.past import PastOrder, remember
from tests.support.uow import begin
from tests.support.world import World

HISTORIES = 40
SETTING = RuleSetting(CheckRule.price, limit_amount=Decimal(50))


def drawn(chance: random.Random, case: Case, other: UUID, item: str) -> list[PastOrder]:
    """Some orders around 1,000, the oldest first; a few in another unit or currency, or cancelled."""
    days = sorted((chance.randint(1, 900) for _ in range(chance.randint(0, 40))), reverse=True)
    spread = chance.choice((0.01, 0.05, 0.3))
    return [
        PastOrder(
            description=chance.choice((item, item.upper())),
            vendor_id=chance.choice((case.vendor.id, case.vendor.id, other)),
            price=Decimal(round(1000 * chance.lognormvariate(0, spread), 2)).quantize(Decimal("0.01")),
            at=case.world.now - dt.timedelta(days=day),
            unit=chance.choices(("pcs", "box"), (9, 1))[0],
            currency=chance.choices(("USD", "EUR"), (9, 1))[0],
            state=chance.choices(("completed", "cancelled"), (9, 1))[0],
        )
        for day in days
    ]


def told(past: list[PastOrder], case: Case, price: float) -> method.PriceFinding | None:
    """What the evaluation would say of the same history."""
    known = [
        method.PastPrice(float(each.price), each.vendor_id == case.vendor.id, each.at.date())
        for each in past
        if (each.unit, each.currency, each.state) == ("pcs", "USD", "completed")
    ]
    return method.price_finding(price, 3.0, known, least_extra=50.0)


async def test_the_statement_and_the_method_agree(world: World) -> None:
    case, chance = await Case.begin(world), random.Random(7)
    [bought] = await case.bought("1000", line=laptops(what="A template"))
    approval = await case.proposed("1000", line=laptops(what="Something else"))
    other, _ = await world.a_vendor()
    verdicts = []
    for number in range(HISTORIES):
        item, price = f"Item {number}", chance.choice((900, 1100, 1300, 1600, 2500))
        past = drawn(chance, case, other.id, item)
        async with begin(world.engine, SYSTEM, world.clock) as uow:
            like = await uow.connection.scalar(
                select(purchase_orders.c.id).where(purchase_orders.c.request_id == bought.request_id)
            )
            assert like is not None
            await remember(uow, like, past)
            rfq_id = select(vendor_quotes.c.rfq_id).where(vendor_quotes.c.id == approval.subject.id)
            await uow.connection.execute(
                update(rfq_lines).where(rfq_lines.c.rfq_id.in_(rfq_id)).values(description=item)
            )
            await uow.connection.execute(
                update(quote_lines)
                .where(quote_lines.c.quote_id == approval.subject.id)
                .values(unit_price=price)
            )
            choice = replace(choice_of(approval), amount=Decimal(3 * price), at=world.now)
            found = await price_checks.price(uow, choice, SETTING)
        expected = told(past, case, float(price))
        verdicts.append(expected is not None)
        assert len(found) == (expected is not None), item
        if expected is not None:
            facts = found[0].facts
            assert (facts["n"], facts["since"], facts["same_vendor"]) == (
                expected.n,
                expected.since,
                expected.same_vendor,
            )
            assert abs(float(str(facts["usual"])) - expected.usual) < 0.01
    assert 5 < sum(verdicts) < HISTORIES - 5
