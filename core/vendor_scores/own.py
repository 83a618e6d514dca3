"""What a vendor is told of its own score.

One rule: from nothing that a vendor reads of itself can be worked out what another one has quoted. So of its price it
is told a word, and its total, of which the price is a part, in steps.
"""

from collections.abc import Iterable
from dataclasses import replace

from core.insights.model import Score, ScoreReason
from core.vendor_scores.policy import POINTS_PER_PERCENT
from core.vendor_scores.states import LEAST_FACTS, LEVEL, ScorePart

STEP = 5
"""Of a total, in points: within half a step the price may be six percent dearer or cheaper."""
NEAR_PERCENT = 10


def told_to_vendor(scores: Iterable[Score]) -> tuple[Score, ...]:
    """The same parts, as the vendor that they are about may read them."""
    return tuple(_told(each) for each in scores)


def _told(score: Score) -> Score:
    if score.part == ScorePart.price:
        return replace(score, value=None, low=None, high=None, reasons=tuple(_level(score)))
    if score.part == ScorePart.total:
        value, low, high = (_in_steps(each) for each in (score.value, score.low, score.high))
        reasons = tuple(_reason_in_steps(each) for each in score.reasons)
        return replace(score, value=value, low=low, high=high, reasons=reasons)
    return score


def _level(score: Score) -> Iterable[ScoreReason]:
    """Whether its quotes are usually the best, near the best or further above; nothing of too few."""
    if score.value is None or score.n < LEAST_FACTS:
        return
    lost = 100 - score.value
    word = "best" if lost <= 0 else "near" if lost <= NEAR_PERCENT * POINTS_PER_PERCENT else "above"
    yield ScoreReason(LEVEL, {"level": word, "n": score.n})


def _reason_in_steps(reason: ScoreReason) -> ScoreReason:
    facts = {name: _in_steps(each) if name == "value" else each for name, each in reason.facts.items()}
    return replace(reason, facts=facts)


def _in_steps(value: object) -> float | None:
    return float(STEP * round(value / STEP)) if isinstance(value, int | float) else None
