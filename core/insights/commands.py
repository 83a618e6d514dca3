"""The commands about what is worked out from history."""

from dataclasses import dataclass

from core.insights.model import ScoreSubject
from core.insights.states import Feature


@dataclass(frozen=True)
class SwitchInsight:
    """Switch a feature, by its name, on or off for everybody."""

    feature: str
    enabled: bool


@dataclass(frozen=True)
class DismissHint:
    """Say that a hint is nothing, and why; ``rule`` is what made it."""

    feature: Feature
    rule: str
    subject: ScoreSubject
    reason: str
