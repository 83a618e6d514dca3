"""What a vendor must have, and what it may do today: pure checks.

One rule: whether a vendor may be asked or may get an order is asked here and nowhere else.
"""

import datetime as dt
import unicodedata
from collections.abc import Collection

from core.kernel.errors import DomainError, invalid
from core.kernel.limits import MAX_REASON_LENGTH, MIN_REASON_LENGTH
from core.kernel.money import currencies_in_use
from core.kernel.territories import known_countries
from core.vendors.commands import CreateVendor, EditVendor, HoldVendor, SetCategories
from core.vendors.errors import VendorNotApproved, VendorOnHold
from core.vendors.model import HoldKind, Standing

MAX_CATEGORIES = 500
_TEXT_EXAMPLES = {"name": "Alder Computing", "category": "IT hardware"}


def check_vendor(command: CreateVendor, categories: Collection[str]) -> None:
    """Refuse a vendor without a readable name, a known category, a currency and a country."""
    _check_name(command.name)
    check_category(command.category, categories)
    _check_currency(command.currency)
    _check_country(command.country)


def check_edit(command: EditVendor, categories: Collection[str]) -> None:
    """The same for the fields that are named."""
    if "name" in command.named:
        _check_name(command.name)
    if "category" in command.named:
        check_category(command.category, categories)
    if "currency" in command.named:
        _check_currency(command.currency)
    if "country" in command.named:
        _check_country(command.country)


def check_category(category: str, categories: Collection[str], field: str = "/category") -> None:
    """One from the list that administrators keep; any readable one as long as they keep none."""
    if not _is_readable(category, 40):
        raise invalid(field, "category.unreadable", "write 1 to 40 characters", "IT hardware")
    if categories and category not in categories:
        known = ", ".join(sorted(categories)[:5])
        raise invalid(field, "category.unknown", "is not in the list of categories", known)


def check_categories(command: SetCategories) -> None:
    """Refuse a name that nobody could read, and one that stands twice."""
    if len(command.names) > MAX_CATEGORIES:
        why = f"give at most {MAX_CATEGORIES}"
        raise invalid("/names", "too_long", why, "IT hardware", max_length=MAX_CATEGORIES)
    seen: set[str] = set()
    for index, name in enumerate(command.names):
        check_category(name, (), f"/names/{index}")
        if name.casefold() in seen:
            raise invalid(f"/names/{index}", "category.twice", "stands there twice", "IT hardware")
        seen.add(name.casefold())


def check_hold(command: HoldVendor, today: dt.date) -> None:
    """A hold has a reason, and its last day is not over."""
    why, example = f"write {MIN_REASON_LENGTH} to {MAX_REASON_LENGTH} characters", "Insolvency proceedings"
    if len(command.reason) < MIN_REASON_LENGTH:
        raise invalid("/reason", "string_too_short", why, example, min_length=MIN_REASON_LENGTH)
    if len(command.reason) > MAX_REASON_LENGTH:
        raise invalid("/reason", "string_too_long", why, example, max_length=MAX_REASON_LENGTH)
    check_last_day(command.until, today)


def check_last_day(until: dt.date | None, today: dt.date) -> None:
    """A last day that is over would change nothing."""
    if until is not None and until < today:
        raise invalid("/until", "until.past", "is over", str(today + dt.timedelta(days=30)))


def may_be_asked(vendor: Standing, today: dt.date, *, approval_needed: bool = False) -> bool:
    """Whether RFQs may be sent to this vendor today."""
    return _why_not(vendor, HoldKind.rfq, today, approval_needed) is None


def may_get_orders(vendor: Standing, today: dt.date, *, approval_needed: bool = False) -> bool:
    """Whether an order may be placed with this vendor today."""
    return _why_not(vendor, HoldKind.order, today, approval_needed) is None


def check_may_be_asked(vendor: Standing, today: dt.date, *, approval_needed: bool = False) -> None:
    """Refuse an RFQ to a vendor that is held from RFQs or not approved."""
    _refuse(_why_not(vendor, HoldKind.rfq, today, approval_needed))


def check_may_get_orders(vendor: Standing, today: dt.date, *, approval_needed: bool = False) -> None:
    """Refuse an order to a vendor that is held from orders or not approved."""
    _refuse(_why_not(vendor, HoldKind.order, today, approval_needed))


def _refuse(refusal: DomainError | None) -> None:
    if refusal is not None:
        raise refusal


def _why_not(vendor: Standing, kind: HoldKind, today: dt.date, approval_needed: bool) -> DomainError | None:
    for hold in vendor.holds:
        if hold.kind in (kind, HoldKind.everything) and hold.counts_on(today):
            return VendorOnHold(vendor=vendor.name, reason=hold.reason, until=hold.until)
    ended = vendor.approved_until is not None and vendor.approved_until < today
    if ended or (approval_needed and vendor.approved_until is None):
        return VendorNotApproved(vendor=vendor.name, day=vendor.approved_until)
    return None


def _check_name(name: str) -> None:
    if not _is_readable(name, 300):
        raise invalid("/name", "name.unreadable", "write a name of 1 to 300 characters", "Alder Computing")


def _check_currency(currency: str) -> None:
    if currency not in currencies_in_use():
        raise invalid("/currency", "currency.unknown", "is not a currency in use", "EUR")


def _check_country(country: str) -> None:
    if country not in known_countries():
        raise invalid("/country", "country.unknown", "write two capital letters (ISO 3166)", "DE")


def _is_readable(text: str, longest: int) -> bool:
    marks = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return (
        bool(text.strip())
        and len(text) <= longest
        and not any(unicodedata.category(sign) in marks for sign in text)
    )
