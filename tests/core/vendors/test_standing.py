"""Whether a vendor may be asked and may get orders, as a table of holds, days and approvals."""

import datetime as dt

import pytest

from core.vendors.errors import VendorNotApproved, VendorOnHold
from core.vendors.model import Hold, HoldKind, Standing
from core.vendors.policy import (
    check_may_be_asked,
    check_may_get_orders,
    may_be_asked,
    may_get_orders,
)

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
