"""Departments and cost centres as the slice's functions pass them around."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Unit:
    """A department, or a cost centre with the ``department`` it belongs to, as administrators see it."""

    code: str
    name: str
    department: str | None
    head_id: UUID | None
    head_name: str | None
    active: bool


@dataclass(frozen=True)
class UnitFilter:
    """``text`` is in the code or the name; the department and whether it is active are of cost centres only."""

    text: str = ""
    code: str | None = None
    head: UUID | None = None
    department: str | None = None
    active: bool | None = None
