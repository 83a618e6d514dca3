"""The commands of the scheduler about a step that waits."""

from dataclasses import dataclass

from core.kernel.ids import StepId


@dataclass(frozen=True)
class RemindStep:
    step_id: StepId


@dataclass(frozen=True)
class HandleStuckStep:
    step_id: StepId
