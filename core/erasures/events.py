"""What happens when a person is erased.

One rule: the event counts what was done and contains nothing of the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.people.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class PersonErased(PersonEvent):
    """What was personal is destroyed. ``kept`` are rows, by table, that must be kept as they were written."""

    type: ClassVar[str] = "person.erased"
    destroyed: int
    replaced: Mapping[str, int]
    kept: Mapping[str, int]
    ground: str = "GDPR Art. 17(3)(b)"
