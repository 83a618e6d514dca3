"""What is wrong with a value, and which field it is, for whoever filled it in.

One rule: a library's own words never reach a person; an error is told by its code, with the limit that it names.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from api.text.translation import has_key, translate

_CODES: Mapping[str, str] = MappingProxyType(
    {
        "amount.range": "sum",
        "approvals.reason_needed": "too_short",
        "assertion_error": "invalid",
        "category.twice": "twice",
        "category.unknown": "no_such",
        "category.unreadable": "empty",
        "change.below_received": "already_arrived",
        "change.day": "past",
        "change.nothing_left": "nothing_left",
        "change.same": "same",
        "checkpoint.unreadable": "form",
        "clock.unreadable": "clock",
        "code.unreadable": "code",
        "colleague.unknown": "no_such",
        "contact.unreachable": "unreachable",
        "cost_centre.unknown": "no_such",
        "country.unknown": "country",
        "currency.fixed": "fixed",
        "currency.unknown": "currency",
        "cursor.unknown": "invalid",
        "decimal.precision": "decimals",
        "decimal.range": "digits",
        "decimal.type": "number",
        "decimal.unreadable": "number",
        "department.unknown": "no_such",
        "document.unknown": "not_uploaded",
        "documents.too_many": "files_too_many",
        "email.unreadable": "email",
        "enum": "choice",
        "extra_forbidden": "unknown",
        "file.columns": "columns",
        "file.empty": "file_empty",
        "file.encoding": "encoding",
        "file.missing": "file_missing",
        "file.not_of_request": "not_of_request",
        "findings.raises_level": "raises_level",
        "findings.weekly_cards": "at_most",
        "greater_than": "above",
        "greater_than_equal": "at_least",
        "head.unknown": "no_such",
        "int_from_float": "whole_number",
        "int_parsing": "whole_number",
        "int_parsing_size": "digits",
        "int_type": "whole_number",
        "json.unreadable": "json",
        "key.missing": "missing",
        "key.unreadable": "key",
        "less_than": "below",
        "less_than_equal": "at_most",
        "limit.currency": "base_currency",
        "line.price": "price",
        "line.twice": "twice",
        "line.unknown": "no_such",
        "lines.no_bid": "no_price",
        "literal_error": "choice",
        "locale.unknown": "language",
        "missing": "missing",
        "model_attributes_type": "object",
        "model_type": "object",
        "name.unreadable": "empty",
        "needed_by.far": "far",
        "needed_by.missing": "missing",
        "needed_by.past": "past",
        "password.length": "too_short",
        "person.other_name": "other_name",
        "person.several": "several",
        "person.unknown": "no_such",
        "place.unknown": "no_such",
        "policy.approver": "one_approver",
        "policy.due": "at_most",
        "policy.needs": "at_most",
        "policy.order": "rising",
        "policy.percent": "percent",
        "policy.person": "decider",
        "policy.role": "deciding_role",
        "policy.splits": "at_most",
        "policy.tolerance": "one_tolerance",
        "policy.tolerance_twice": "twice",
        "policy.undo": "at_most",
        "quantity.whole": "whole_units",
        "query.none": "unknown",
        "query.unknown": "parameter",
        "quiet.empty": "quiet",
        "quote.unknown": "no_such",
        "quote_by.far": "far",
        "quote_by.late": "after_needed",
        "quote_by.past": "past",
        "quote_by.same": "same_deadline",
        "rate.base": "rate_base",
        "receipt.empty": "nothing_received",
        "receipt.same": "same",
        "rfq.unchanged": "unchanged",
        "roles.unknown": "choice",
        "roles.vendor": "vendor_role",
        "split.missing": "line_missing",
        "split.no_alternative": "no_alternative",
        "split.no_price": "not_priced",
        "string_pattern_mismatch": "form",
        "string_too_long": "too_long",
        "string_too_short": "too_short",
        "string_unicode": "control",
        "text.control": "control",
        "text.empty": "empty",
        "text.too_long": "too_long",
        "timezone_aware": "moment",
        "too_long": "too_many",
        "too_short": "too_few",
        "until.far": "far",
        "until.past": "past",
        "valid_until.far": "far",
        "valid_until.past": "past",
        "value.impossible": "invalid",
        "value.small": "at_least",
        "value_error": "invalid",
        "values.unstorable": "invalid",
        "vendor.asked": "asked_already",
        "vendor.not_asked": "not_asked",
        "vendor.twice": "twice",
        "vendor.unknown": "no_such",
        "vendors.too_many": "vendors_too_many",
        "zone.unknown": "zone",
    }
)
_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "bool": "yes_no",
        "bytes": "text",
        "date": "date",
        "datetime": "moment",
        "decimal": "number",
        "dict": "object",
        "enum": "choice",
        "finite": "number",
        "float": "number",
        "frozen": "list",
        "int": "whole_number",
        "iterable": "list",
        "json": "invalid",
        "list": "list",
        "mapping": "object",
        "model": "object",
        "set": "list",
        "string": "text",
        "time": "clock",
        "timezone": "moment",
        "tuple": "list",
        "union": "invalid",
        "url": "form",
        "uuid": "id",
    }
)
"""What pydantic's other types begin with: ``uuid_parsing``, ``date_from_datetime_inexact``."""

_BOUNDS: Mapping[str, str] = MappingProxyType({"above": "above", "least": "at_least", "most": "at_most"})
_LIMITS = ("min_length", "max_length", "gt", "ge", "lt", "le", "limit", *_BOUNDS)


def value_problem(code: str, limits: Mapping[str, object], otherwise: str, locale: str) -> str:
    """``can have at most 300 characters``; the caller's own words for a code that only programs meet."""
    bound = next((told for name, told in _BOUNDS.items() if name in limits), "")
    key = bound if code == "decimal.range" and bound else _CODES.get(code, "")
    if not key and "." not in code:
        key = _FAMILIES.get(code.partition("_")[0], "invalid")
    if not key:
        return otherwise
    found = next((limits[name] for name in _LIMITS if name in limits), None)
    if found is None and key in ("too_short", "too_long", "too_few", "too_many"):
        return otherwise
    facts = {
        "limit": _number(found),
        "currency": limits.get("currency", ""),
        "choices": str(limits.get("expected", "")).replace(" or ", ", "),
    }
    return translate(f"values.{key}", locale, **facts)


def field_name(pointer: str, locale: str) -> str:
    """``line 1, quantity`` for ``/lines/0/quantity``; people count from one."""
    told: list[str] = []
    parts = [part for part in pointer.strip("/").split("/") if part]
    for before, part in zip(["", *parts], parts, strict=False):
        if not part.isdecimal():
            key = f"fields.{part}"
            told.append(translate(key, locale) if has_key(key) and key != "fields.line" else _plain(part))
        elif before == "lines":
            told[-1] = translate("fields.line", locale, n=str(int(part) + 1))
        else:
            told.append(str(int(part) + 1))
    return ", ".join(told) or "/"


def _plain(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~").replace("_", " ")


def _number(limit: object) -> object:
    """A limit as the reader's language writes numbers."""
    try:
        return Decimal(str(limit)) if limit is not None else ""
    except InvalidOperation:
        return limit
