"""What is remembered of a person's lists; never a database row."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class TableSettings:
    """``columns`` are those that are shown (none: all), ``rows`` how many stand on a page."""

    columns: tuple[str, ...] = ()
    dense: bool = False
    rows: int = 50


@dataclass(frozen=True)
class SavedView:
    """A list with its filters and order, under a name; ``query`` is what stands in the address."""

    id: UUID
    name: str
    query: str
    shared: bool
    own: bool
    owner_name: str


@dataclass(frozen=True)
class TableArrangement:
    """One list as one person sees it: how, and which views they can open."""

    settings: TableSettings
    views: tuple[SavedView, ...]
