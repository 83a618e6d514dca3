"""Deliberate faults: rate limits, errors, lost answers, delays, doubled and swapped updates, a wrong clock."""

import random
from collections.abc import Set
from enum import StrEnum

from pydantic import BaseModel, Field


class FaultKind(StrEnum):
    """What goes wrong."""

    too_many = "429"
    error = "500"
    drop = "drop"
    delay = "delay"
    duplicate = "duplicate"
    reorder = "reorder"
    blocked = "blocked"
    expire = "expire_callbacks"
    # only on Slack
    refuse = "refuse"
    deactivated = "deactivated"
    not_in_channel = "not_in_channel"
    revoke = "revoke"
    expire_triggers = "expire_triggers"
    # on both platforms
    clock = "clock"


UPDATE_KINDS = {FaultKind.duplicate, FaultKind.reorder}
IMMEDIATE_KINDS = {
    FaultKind.blocked,
    FaultKind.expire,
    FaultKind.deactivated,
    FaultKind.not_in_channel,
    FaultKind.revoke,
    FaultKind.expire_triggers,
    FaultKind.clock,
}
"""They take effect when they are set, and calls ignore them afterwards; DELETE /control/faults undoes them.
"""


class Fault(BaseModel):
    """One fault: the next n calls, a share of them, or all (neither given); on one platform or both."""

    kind: FaultKind
    platform: str | None = None
    method: str = "*"
    next: int | None = Field(default=None, ge=1)
    share: float | None = Field(default=None, gt=0, le=1)
    chat_id: int | str | None = None
    retry_after: int = Field(default=1, ge=1)
    seconds: float = Field(default=1.0, ge=-86400, le=86400)
    after: bool = False
    error: str = "internal_error"
    person: int | str | None = None
    id: int = 0
    used: int = 0


class Faults:
    """The faults that are set now."""

    def __init__(self, seed: int = 7) -> None:
        self.active: list[Fault] = []
        self.clock_skew = 0.0
        self._ids = 0
        self._random = random.Random(seed)

    def add(self, fault: Fault) -> Fault:
        """Add one fault."""
        self._ids += 1
        self.active.append(fault.model_copy(update={"id": self._ids, "used": 0}))
        return self.active[-1]

    def clear(self) -> None:
        """Remove all faults."""
        self.active = []
        self.clock_skew = 0.0

    def first_for_call(self, platform: str, method: str, subjects: Set[str]) -> Fault | None:
        """The fault that affects this call, if any; ``about``: the chats and persons of the call."""
        for fault in self.active:
            if fault.kind in UPDATE_KINDS or fault.method.lower() not in ("*", method.lower()):
                continue
            if fault.platform not in (None, platform):
                continue
            if (fault.chat_id is None or str(fault.chat_id) in subjects) and self._applies(fault):
                return fault
        return None

    def applies_to_update(self, kind: FaultKind, platform: str) -> bool:
        """Whether the next update is doubled, or swapped with the one before it."""
        fitting = [each for each in self.active if each.kind is kind and each.platform in (None, platform)]
        return any(self._applies(fault) for fault in fitting)

    def _applies(self, fault: Fault) -> bool:
        if fault.next is not None and fault.used >= fault.next:
            return False
        if fault.share is not None and self._random.random() >= fault.share:
            return False
        fault.used += 1
        return True
