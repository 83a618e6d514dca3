"""What people may do with their lists."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ArrangeTable:
    """See this list so from now on."""

    list: str
    columns: tuple[str, ...]
    dense: bool
    rows: int


@dataclass(frozen=True)
class SaveView:
    """Keep filters and order under a name; the same name again replaces it."""

    list: str
    name: str
    query: str
    shared: bool


@dataclass(frozen=True)
class RemoveView:
    view_id: UUID
