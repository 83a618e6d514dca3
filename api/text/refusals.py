"""The sentence of a refusal, made from the code and facts of the API's answer.

One rule: every refusal becomes one sentence in the person's language.

Facts that are Parley's own names (a state, a verb, a kind of object) are translated; what people wrote stays
as it is.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from api.text.formats import ago, countdown, day
from api.text.locales import DEFAULT
from api.text.people import WHO_CAN, who_can
from api.text.translation import MissingPlaceholder, has_key, translate

REASONS = {
    "expired": "reasons.expired",
    "only_alternatives": "reasons.only_alternatives",
    "outdated": "reasons.outdated",
    "rfq open": "reasons.rfq_open",
    "vendor_on_hold": "reasons.vendor_on_hold",
}
"""Why a quote cannot be proposed, where it is not a state."""
STATE_FAMILIES = {"approvals": "approval", "rfqs": "rfq", "orders": "order", "requests": "request"}


def refusal(code: str, facts: Mapping[str, object], locale: str, *, now: datetime | None = None) -> str:
    """The sentence ``errors.<code>``; with ``now`` a fact ``at`` is also told as ``ago``."""
    key, people = who_can(code, facts, locale) if code in WHO_CAN else (f"errors.{code}", {})
    if not has_key(key):
        return translate("errors.unknown", locale, code=code)
    translated = {name: _translated_fact(code, name, value, facts, locale) for name, value in facts.items()}
    translated |= people
    moment = _moment(facts.get("at"))
    translated["ago"] = ago(now - moment if now and moment else timedelta(0), locale) if moment else ""
    try:
        return translate(key, locale, **translated)
    except MissingPlaceholder:
        return translate("errors.unknown", locale, code=code)


def _translated_fact(code: str, name: str, value: object, facts: Mapping[str, object], locale: str) -> object:
    """One fact in the person's language."""
    match name:
        case "what":
            return _word(f"things.{value}", value, locale)
        case "verb":
            return _word(f"verbs.{value}", value, locale)
        case "state":
            family = facts.get("what") or STATE_FAMILIES.get(code.partition(".")[0], "")
            return _word(f"states.{family}.{value}", value, locale)
        case "why" if code == "quotes.not_eligible":
            return _why(str(value), locale)
        case "day":
            return _day(str(value), locale)
        case "retry_after" if isinstance(value, int):
            return countdown(timedelta(minutes=-(-value // 60)), locale)
        case _:
            return "" if value is None else value


def _why(value: str, locale: str) -> str:
    """``outdated``, ``rfq open`` or a quote's state, as a reason."""
    kind, _, state = value.rpartition(" ")
    fallback = _word(f"states.{kind or 'quote'}.{state}", value, locale)
    key = REASONS.get(value)
    return translate(key, locale) if key else fallback


def _word(key: str, value: object, locale: str) -> str:
    return translate(key, locale) if has_key(key) else str(value)


def _day(value: str, locale: str) -> str:
    try:
        return day(date.fromisoformat(value), locale or DEFAULT)
    except ValueError:
        return value


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
