"""The sections of each question: what is compared in it, in which unit, and of which facts it is counted.

One rule: a section names the facts that are kept of it; its figures and the rows behind each of them follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.analytics.model import FigureUnit, Kind, Matter
from core.kept_facts import facts
from core.kept_facts.facts import KeptFact
from core.stage_visits.model import SEQUENCE, Stage


@dataclass(frozen=True)
class SectionSpec:
    """``most``: how many rows are shown, the greatest first; the rest is one row more, where they can be added."""

    name: str
    unit: FigureUnit
    kind: Kind
    fact: KeptFact | None = None
    """None: it is counted from the visits of stages themselves."""
    stages: Sequence[Stage] = ()
    most: int = 40
    of_vendor: str = ""
    """The key of the facts is a vendor; this column of theirs is what the row is called."""
    grouped: bool = False
    """All vendors of whom that column is the same are one row."""
    by_itself: bool = False
    """The key is also what the row is called."""
    alone: bool = False
    """The rows are parts of the window, so none has one in the window before."""
    by_key: bool = False
    """Ordered by the key, such as a week, and not by size."""
    over: bool = False
    """What lies ahead is not counted, though its day is known."""
    now: bool = False
    own_currency: bool = False
    """The key of each row is the currency of its value."""


_ACROSS = (Stage.buying, Stage.approving, Stage.acknowledging, Stage.receiving)
STAGES = SectionSpec("stages", FigureUnit.seconds, Kind.middle, stages=SEQUENCE)
STEPS = SectionSpec("steps", FigureUnit.seconds, Kind.middle, facts.STEPS, by_itself=True)
AGES = SectionSpec("ages", FigureUnit.number, Kind.number, stages=SEQUENCE, by_key=True, now=True)
WHOLE = SectionSpec("whole", FigureUnit.seconds, Kind.middle, stages=_ACROSS)
WEEKS = SectionSpec(
    "weeks", FigureUnit.seconds, Kind.middle, stages=(Stage.buying,), most=200, by_key=True, alone=True
)
_SPEND = (
    SectionSpec("months", FigureUnit.money, Kind.sum, facts.MONTHS, most=60, by_key=True, alone=True),
    SectionSpec("vendors", FigureUnit.money, Kind.sum, facts.VENDORS, of_vendor="name", most=20),
    SectionSpec(
        "categories", FigureUnit.money, Kind.sum, facts.VENDORS, of_vendor="category", grouped=True, most=20
    ),
    SectionSpec("cost_centres", FigureUnit.money, Kind.sum, facts.COST_CENTRES, most=20, by_itself=True),
    SectionSpec(
        "currencies", FigureUnit.money, Kind.sum, facts.CURRENCIES, own_currency=True, by_itself=True
    ),
)
_VENDORS = (
    SectionSpec("answers", FigureUnit.percent, Kind.share, facts.ANSWERS, of_vendor="name", most=20),
    SectionSpec("speed", FigureUnit.seconds, Kind.middle, facts.SPEED, of_vendor="name", most=20),
    SectionSpec(
        "on_time", FigureUnit.percent, Kind.share, facts.ON_TIME, of_vendor="name", most=20, over=True
    ),
    SectionSpec(
        "first_promise",
        FigureUnit.percent,
        Kind.share,
        facts.FIRST_PROMISE,
        of_vendor="name",
        most=20,
        over=True,
    ),
)
_COMPETITION = (
    SectionSpec("quotes", FigureUnit.number, Kind.number, facts.QUOTES, by_key=True),
    SectionSpec("gap", FigureUnit.percent, Kind.middle, facts.GAP, of_vendor="category", grouped=True),
    SectionSpec("savings", FigureUnit.money, Kind.sum, facts.SAVED, by_key=True),
)
SECTIONS: Mapping[Matter, tuple[SectionSpec, ...]] = {
    Matter.waits: (STAGES, STEPS, AGES),
    Matter.time: (WHOLE, WEEKS),
    Matter.spend: _SPEND,
    Matter.vendors: _VENDORS,
    Matter.competition: _COMPETITION,
    Matter.exceptions: (SectionSpec("exceptions", FigureUnit.money, Kind.sum, facts.EXCEPTIONS),),
}
OLDEST = "5"
AGE_DAYS = {"1": 1, "2": 3, "3": 7, "4": 14}
"""Up to how many days old what waits is, by the row that it is in; what is older is in the last."""
