"""Pure rules of suggestions: what is told of a vendor, who has the newcomer's place, and in which order all stand.

One rule: a suggestion sorts and explains; nobody is left out for a score.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from core.recommendations.method import SIMILAR, SUGGESTED, likeness
from core.recommendations.model import Newcomer, PastOrders, Tie, VendorLines, Why

VendorKey = TypeVar("VendorKey")
_DIGITS = 4
"""Scores that differ by less are alike: such a part of a share is a matter of hours."""


def ranked(
    scores: Mapping[VendorKey, float], ties: Mapping[VendorKey, Tie], names: Mapping[VendorKey, str]
) -> list[VendorKey]:
    """The best first; of those alike the one with the better vendor score, then by name. Only those with a name."""
    return sorted(
        (each for each in scores if each in names),
        key=lambda each: (
            -round(scores[each], _DIGITS),
            -ties[each].score if each in ties else 0.0,
            names[each].casefold(),
        ),
    )


def decided_by_score(
    best: Sequence[VendorKey], scores: Mapping[VendorKey, float], ties: Mapping[VendorKey, Tie]
) -> dict[VendorKey, Tie]:
    """The vendor scores that put a vendor before, or after, its neighbour that is alike."""
    alike = (
        pair for pair in pairwise(best) if round(scores[pair[0]], _DIGITS) == round(scores[pair[1]], _DIGITS)
    )
    return {each: ties[each] for pair in alike if pair[0] in ties for each in pair if each in ties}


def reasons(past: PastOrders, cost_centre: str, today: dt.date) -> dict[UUID, Why]:
    """What is told of each vendor with similar lines."""
    similar: dict[UUID, list[VendorLines]] = {}
    for text, lines in past.found.items():
        like = likeness(text, frozenset(each.words for each in lines))
        for each in lines:
            if like[each.words] >= SIMILAR:
                similar.setdefault(each.vendor, []).append(each)
    return {vendor: _why(lines, cost_centre, today) for vendor, lines in similar.items()}


def _why(lines: Sequence[VendorLines], cost_centre: str, today: dt.date) -> Why:
    return Why(
        lines=sum(each.lines for each in lines),
        here=sum(each.lines for each in lines if each.here),
        cost_centre=cost_centre,
        window_from=min(each.first_on for each in lines),
        window_to=today,
        last_on=max(each.last_on for each in lines),
    )


def newcomer_of(request_id: UUID, newcomers: Sequence[Newcomer], best: Sequence[UUID]) -> Newcomer | None:
    """Whose turn the newcomer's place is: it goes round by request, and is the same whenever one request is read.

    None of those that are suggested anyway.
    """
    suitable = sorted((each for each in newcomers if each.id not in best), key=lambda each: each.id)
    return suitable[request_id.int % len(suitable)] if suitable else None


def with_newcomer(best: Sequence[UUID], newcomer: UUID | None, others: Sequence[UUID]) -> list[UUID]:
    """The best, then all others; a newcomer stands fifth at the latest, or last where there are fewer."""
    everybody = list(dict.fromkeys([*best, *others]))
    if newcomer is None or newcomer in everybody[:SUGGESTED]:
        return everybody
    rest = [each for each in everybody if each != newcomer]
    return [*rest[: SUGGESTED - 1], newcomer, *rest[SUGGESTED - 1 :]]


def why_new(newcomer: Newcomer, cost_centre: str, today: dt.date) -> Why:
    return Why(newcomer.orders, 0, cost_centre, newcomer.known_since, today, None, new_here=True)
