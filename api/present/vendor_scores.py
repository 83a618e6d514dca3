"""Converts vendors' scores from read model to wire."""

from collections.abc import Sequence
from uuid import UUID

from api.contract import vendor_scores as wire
from api.contract.values import Listing
from api.present.listing import listing
from core.insights.model import VENDOR, VENDOR_PLACE, Score, cost_centre_of
from core.kernel.errors import NotFound
from core.kernel.pagination import Page
from core.standings.model import BelowBound
from core.vendor_scores.queries import NamedScores
from core.vendor_scores.states import LEAST_RANKED, ScorePart

ORDER = (
    ScorePart.on_time,
    ScorePart.quality,
    ScorePart.price,
    ScorePart.response,
    ScorePart.delivery_days,
)


def vendor_score(
    vendor_id: UUID, vendor_name: str, scores: Sequence[Score], *, warned: BelowBound | None = None
) -> wire.VendorScoreOut | None:
    """What is known of a vendor, also at a cost centre if that is among them; None while nothing is."""
    parts = {ScorePart(score.part): score for score in scores if score.subject.kind == VENDOR}
    total = parts.get(ScorePart.total)
    if total is None:
        return None
    return wire.VendorScoreOut(
        vendor_id=vendor_id,
        vendor_name=vendor_name,
        total=_part(total),
        parts=tuple(_part(parts[each]) for each in ORDER if each in parts),
        ranked=total.value is not None and total.n >= LEAST_RANKED,
        computed_at=total.computed_at,
        stale=total.stale,
        run_id=total.run_id,
        warned_below=warned.bound if warned else None,
        here=next((_here(score) for score in scores if score.subject.kind == VENDOR_PLACE), None),
    )


def named(source: NamedScores) -> wire.VendorScoreOut:
    found = vendor_score(source.vendor_id, source.vendor_name, source.scores)
    if found is None:
        raise NotFound(what="score")
    return found


def page(source: Page[NamedScores]) -> Listing[wire.VendorScoreOut]:
    return listing(source, named, lambda row: row)


def _here(score: Score) -> wire.HereOut:
    return wire.HereOut(cost_centre=cost_centre_of(score.subject), **dict(_part(score)))


def _part(score: Score) -> wire.ScoredPartOut:
    return wire.ScoredPartOut(
        part=ScorePart(score.part),
        value=score.value,
        low=score.low,
        high=score.high,
        n=score.n,
        window_from=score.window_from,
        window_to=score.window_to,
        reasons=tuple(wire.ScoreReasonOut(code=each.code, facts=dict(each.facts)) for each in score.reasons),
    )
