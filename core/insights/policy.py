"""What a dismissal must say, and what is noted of scores that somebody sees; all pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from core.insights.model import VENDOR_PLACE, Figures, FigureValue, Hint, Score, vendor_subject
from core.insights.states import Feature, HintPlace
from core.kernel.errors import invalid
from core.people.policy import has_control

MAX_REASON = 500
HERE = "_here"
"""After the name of a part: as it is at the cost centre of the purchase."""


def by_vendor(scores: Iterable[Score]) -> dict[UUID, tuple[Score, ...]]:
    """The scores by the vendor's id; those at a cost centre only where they clearly differ from the vendor's own."""
    found: dict[UUID, list[Score]] = {}
    for each in sorted(scores, key=lambda score: (score.subject.kind == VENDOR_PLACE, score.part)):
        vendor_id = UUID(each.subject.id.partition("/")[0])
        own = found.setdefault(vendor_id, [])
        if each.subject.kind != VENDOR_PLACE or _differs(each, own):
            own.append(each)
    return {vendor_id: tuple(own) for vendor_id, own in found.items() if own}


def _differs(here: Score, own: Iterable[Score]) -> bool:
    """Whether what the vendor usually reaches lies outside the interval of what it reaches there."""
    usual = next((each.value for each in own if each.part == here.part), None)
    if usual is None or here.low is None or here.high is None:
        return False
    return not here.low <= usual <= here.high


def score_hints(
    scores: Mapping[UUID, tuple[Score, ...]], place: HintPlace, request_id: UUID | None
) -> tuple[Hint, ...]:
    """One hint per vendor; the run tells the rest."""
    return tuple(
        Hint(
            Feature.vendor_score,
            place,
            vendor_subject(vendor),
            vendor_figures({_part(each): each for each in parts}),
            parts[0].run_id,
            request_id,
        )
        for vendor, parts in scores.items()
        if parts
    )


class CountedFigure(Protocol):
    """A figure with what it rests on, as a score or as it is on the wire."""

    @property
    def value(self) -> float | None: ...

    @property
    def n(self) -> int: ...

    @property
    def window_from(self) -> dt.date: ...


def vendor_figures(parts: Mapping[str, CountedFigure]) -> Figures:
    """What was seen of a vendor: each part's value with its n, and the day from which it counts."""
    figures: dict[str, FigureValue] = {}
    for part, counted in sorted(parts.items()):
        since = counted.window_from.isoformat()
        figures |= {part: counted.value, f"{part}_n": counted.n, f"{part}_since": since}
    return figures


def _part(score: Score) -> str:
    return f"{score.part}{HERE}" if score.subject.kind == VENDOR_PLACE else score.part


def check_reason(reason: str) -> None:
    """Refuse a reason that nobody could read later."""
    example = "It is the agreed price."
    if not reason.strip() or has_control(reason):
        raise invalid("/reason", "string_too_short", "write in a few words why", example, min_length=1)
    if len(reason.strip()) > MAX_REASON:
        why = f"write at most {MAX_REASON} characters"
        raise invalid("/reason", "string_too_long", why, example, max_length=MAX_REASON)
