"""Which hints people had before them on a purchase, for those who may read scores.

One rule: it says what somebody saw, with its n and since when it counts, and not what would be shown now.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.contract.insights import Feature, FigureOut, ShownHintOut
from api.web.phrasing import Phrasing


@dataclass(frozen=True)
class ToldHint:
    """One line of the list, and when it was seen first."""

    text: str
    at: dt.datetime
    id: UUID


def told(p: Phrasing, hints: Sequence[ShownHintOut], vendors: Mapping[str, str]) -> tuple[ToldHint, ...]:
    """A sentence per hint, once when several say the same.

    ``vendors`` are the names of those that quoted, by their id as text.
    """
    lines = [ToldHint(_sentence(p, each, vendors), each.shown_at, each.id) for each in hints]
    first: dict[str, ToldHint] = {}
    for line in sorted(lines, key=lambda each: each.at):
        first.setdefault(line.text, line)
    return tuple(first.values())


def _sentence(p: Phrasing, hint: ShownHintOut, vendors: Mapping[str, str]) -> str:
    since = hint.figures.get("total_since")
    if hint.feature is not Feature.vendor_score or since is None:
        feature = p.say(f"web.admin.insight.{hint.feature.value}")
        return p.say("web.hint_seen", person=hint.person_name, feature=feature)
    value, n = hint.figures.get("total"), hint.figures["total_n"]
    facts = {
        "person": hint.person_name,
        "vendor": vendors.get(hint.subject_id, "–"),
        "n": _whole(p, n),
        "since": p.day(dt.date.fromisoformat(str(since))),
    }
    if value is None:
        return p.say("scores.seen_few", **facts)
    return p.say("scores.seen", value=_whole(p, value), **facts)


def _whole(p: Phrasing, value: FigureOut) -> str:
    return p.number(round(value)) if isinstance(value, int | float) else "–"
