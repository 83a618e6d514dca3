"""What templates say with: sentences, money, days and times in one reader's language and zone.

One rule: a template writes no word and formats no number itself.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from api import text
from api.contract.requests import TimelineItem
from api.contract.vendor_scores import VendorScoreOut
from api.text import fill_commands, has_key, translate, translate_plural, vendor_scores
from api.text.formats import REMEMBERED
from core.log.events import is_event_type

_SHAPES = {
    "draft": "◌",
    "submitted": "→",
    "sourcing": "…",
    "open": "…",
    "quoted": "≡",
    "closed": "≡",
    "awaiting_approval": "?",
    "pending": "?",
    "waiting": "◌",
    "selected": "★",
    "change_proposed": "?",
    "on_hold": "‖",
    "generated": "◌",
    "issued": "→",
    "acknowledged": "◐",
    "partly_received": "◐",
    "received": "●",
}
_GOOD = {
    "approved",
    "ordered",
    "completed",
    "awarded",
    "received",
    "active",
    "acknowledged",
    "done",
    "quoted",
}
_BAD = {
    "rejected",
    "cancelled",
    "withdrawn",
    "unsuccessful",
    "expired",
    "lost",
    "declined",
    "on_hold",
    "escalated",
}


@lru_cache(REMEMBERED)
def _state(family: str, state: str, locale: str) -> str:
    key = f"states.{family}.{state}"
    told = fill_commands(translate(key, locale)) if has_key(key) else state
    return told[:1].upper() + told[1:]


@dataclass(frozen=True)
class Phrasing:
    """One reader's language, zone and moment."""

    locale: str
    zone: str
    now: dt.datetime

    @property
    def direction(self) -> str:
        return "rtl" if text.right_to_left(self.locale) else "ltr"

    @property
    def language(self) -> str:
        return self.locale.replace("_", "-")

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence of a key."""
        return fill_commands(translate(key, self.locale, **facts))

    def count(self, key: str, n: int, /, **facts: object) -> str:
        """The sentence of a key with the plural form for n."""
        return fill_commands(translate_plural(key, n, self.locale, **facts))

    def cap(self, sentence: str) -> str:
        """With a capital at the beginning, for words that stand alone."""
        return sentence[:1].upper() + sentence[1:]

    def state(self, family: str, state: str) -> str:
        return _state(family, state, self.locale)

    def role(self, name: str) -> str:
        """A role in words; another name as it is."""
        key = f"roles.{name}"
        return self.say(key) if has_key(key) else name

    def shape(self, state: str) -> str:
        """A sign beside the word, so that states differ without their colour."""
        return _SHAPES.get(state, "✓" if state in _GOOD else "✕" if state in _BAD else "•")

    def tone(self, state: str) -> str:
        return "good" if state in _GOOD else "bad" if state in _BAD else "plain"

    def money(self, amount: Decimal, currency: str) -> str:
        return text.money(amount, currency, self.locale)

    def number(self, value: Decimal | int) -> str:
        return text.number(value, self.locale)

    def readings(self, found: Sequence[str]) -> list[str]:
        """What a text may mean, each unmistakable."""
        return [text.reading(each, self.locale) for each in found]

    def quantity(self, value: Decimal, unit: str) -> str:
        return text.quantity(value, unit, self.locale)

    def score(self, score: VendorScoreOut) -> str:
        return vendor_scores.in_short(score, self.locale)

    def day(self, value: dt.date) -> str:
        return text.day(value, self.locale)

    def local_day(self, value: dt.datetime) -> dt.date:
        """The day of a moment in the reader's zone."""
        return value.astimezone(ZoneInfo(self.zone)).date()

    def last_day(self, until: dt.datetime) -> dt.date:
        """The last day before a moment at midnight."""
        return self.local_day(until) - dt.timedelta(days=1)

    def moment(self, value: dt.datetime) -> str:
        return text.moment(value, self.locale, self.zone)

    def ago(self, value: dt.datetime) -> str:
        return text.ago(self.now - value, self.locale)

    def age(self, value: dt.datetime) -> str:
        return text.countdown(self.now - value, self.locale)

    def left(self, value: dt.datetime) -> str:
        """How long it is until then."""
        return text.countdown(value - self.now, self.locale)

    def late(self, due: dt.datetime | None, due_on: dt.date | None) -> bool:
        """Whether the time is over."""
        if due is not None:
            return due < self.now
        return due_on is not None and due_on < self.now.date()

    def event(self, item: TimelineItem) -> str:
        """One event of the log in words: the thing with its number and the state that it is in since."""
        thing = self.cap(self.say(f"things.{item.subject_kind}"))
        number = str(item.data.get("number") or "")
        keys = (f"web.event.{item.action}", f"states.{item.action}", "web.event.changed")
        told = self.say(next(key for key in keys if has_key(key)))
        return f"{thing} {number}: {told}" if number else f"{thing}: {told}"

    def why(self, item: TimelineItem) -> str:
        """What the person wrote with it; another event as the reason stands in the timeline itself."""
        told = item.data.get("reason") or item.data.get("comment")
        return told if isinstance(told, str) and not is_event_type(told) else ""

    def actor(self, item: TimelineItem) -> str:
        """Who it was; what Parley itself did is told as Parley's."""
        name = "Parley" if item.actor_name.startswith(("system:", "service:")) else item.actor_name
        if item.on_behalf_of_name:
            return f"{name} ({self.say('web.for', name=item.on_behalf_of_name)})"
        return name
