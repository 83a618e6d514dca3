"""Whether a vendor may be asked and may get orders, as a table of holds, days and approvals."""

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

from core.kernel.ids import new_id
from core.people.tables import organisation
from core.vendors import repo
from core.vendors.errors import VendorNotApproved, VendorOnHold
from core.vendors.model import Hold, HoldKind, Standing
from core.vendors.policy import (
    check_may_be_asked,
    check_may_get_orders,
    may_be_asked,
    may_get_orders,
)
from core.vendors.tables import vendor_holds, vendors
from tests.support.uow import SmallCompany

TODAY = dt.date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


def standing(*holds: Hold, approved_until: dt.date | None = None) -> Standing:
    return Standing("Alder", approved_until, holds)


def hold(kind: HoldKind, until: dt.date | None = None) -> Hold:
    return Hold(kind, "insolvency", until)


@pytest.mark.parametrize(
    ("holds", "asked", "orders"),
    [
        ((), True, True),
        ((hold(HoldKind.rfq),), False, True),
        ((hold(HoldKind.order),), True, False),
        ((hold(HoldKind.everything),), False, False),
        ((hold(HoldKind.everything, YESTERDAY),), True, True),
        ((hold(HoldKind.everything, TODAY),), False, False),
        ((hold(HoldKind.rfq, YESTERDAY), hold(HoldKind.order, TOMORROW)), True, False),
    ],
)
def test_a_hold_counts_for_its_kind_until_its_day_is_over(
    holds: tuple[Hold, ...], asked: bool, orders: bool
) -> None:
    vendor = standing(*holds)
    assert may_be_asked(vendor, TODAY) is asked
    assert may_get_orders(vendor, TODAY) is orders


@pytest.mark.parametrize(
    ("until", "needed", "may"),
    [
        (None, False, True),
        (None, True, False),
        (TODAY, True, True),
        (TODAY, False, True),
        (YESTERDAY, False, False),
        (YESTERDAY, True, False),
    ],
)
def test_an_approval_that_is_over_counts_as_none(until: dt.date | None, needed: bool, may: bool) -> None:
    vendor = standing(approved_until=until)
    assert may_be_asked(vendor, TODAY, approval_needed=needed) is may
    assert may_get_orders(vendor, TODAY, approval_needed=needed) is may


def test_the_refusal_says_why_and_until_when() -> None:
    with pytest.raises(VendorOnHold) as held:
        check_may_get_orders(standing(hold(HoldKind.order, TOMORROW)), TODAY)
    assert (held.value.reason, held.value.until) == ("insolvency", TOMORROW)
    with pytest.raises(VendorNotApproved) as ended:
        check_may_be_asked(standing(approved_until=YESTERDAY), TODAY)
    assert ended.value.day == YESTERDAY


@pytest.mark.parametrize("needed", [False, True])
async def test_the_database_asks_the_same_as_the_rule(company: SmallCompany, needed: bool) -> None:
    today = company.clock.at.date()
    days = (None, today - dt.timedelta(days=1), today)
    cases = [(kind, until, approved) for kind in (None, *HoldKind) for until in days for approved in days]
    async with company.owner.begin() as connection:
        await connection.execute(update(organisation).values(vendors_need_approval=needed))
        for number, (kind, until, approved) in enumerate(cases):
            vendor_id = new_id()
            named = {"name": f"V{number}", "category": "IT", "currency": "USD", "country": "US"}
            made = {"id": vendor_id, **named, "approved_until": approved, "created_at": company.clock.at}
            await connection.execute(insert(vendors).values(made))
            if kind is not None:
                facts = {"kind": kind.value, "reason": "insolvency", "until": until}
                row = {"vendor_id": vendor_id, "held_at": company.clock.at, **facts}
                await connection.execute(insert(vendor_holds).values(row))
    async with company.app.connect() as connection:
        asked, orders = repo.askable(today).label("asked"), repo.orderable(today).label("orders")
        query = select(vendors.c.name, asked, orders)
        found = {row.name: (row.asked, row.orders) for row in await connection.execute(query)}
    for number, (kind, until, approved) in enumerate(cases):
        held = (Hold(kind, "insolvency", until),) if kind is not None else ()
        vendor = standing(*held, approved_until=approved)
        told = (
            may_be_asked(vendor, today, approval_needed=needed),
            may_get_orders(vendor, today, approval_needed=needed),
        )
        assert found[f"V{number}"] == told, (kind, until, approved)
