"""What can happen to how a person sees lists; an event names the list, never what its filters look for."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.people.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class TableArranged(PersonEvent):
    type: ClassVar[str] = "table.arranged"
    list: str


@dataclass(frozen=True, kw_only=True)
class ViewSaved(PersonEvent):
    type: ClassVar[str] = "view.saved"
    view_id: UUID
    list: str
    shared: bool


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(PersonEvent):
    type: ClassVar[str] = "view.removed"
    view_id: UUID
    list: str
