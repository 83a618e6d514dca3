"""What a page of the administration shows: sections of words, tables and forms.

One rule: cells are written in the reader's language before they come here; the template only lays them out.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from api.web.admin.admin_forms import AdminAction, DrawnForm
from api.web.admin.policy_draft import PolicyDraft
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.uow import Uow


@dataclass(frozen=True)
class Cell:
    """``tone``: plain, good or bad, drawn as a pill with a sign beside the word."""

    text: str
    link: str = ""
    tone: str = ""
    number: bool = False
    code: bool = False


@dataclass(frozen=True)
class ContentRow:
    """The first cell names the row."""

    cells: tuple[Cell, ...]
    forms: tuple[DrawnForm, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading; ``title`` and ``columns`` are keys of the catalogue, the rest is words."""

    title: str
    words: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: Sequence[ContentRow] = ()
    forms: tuple[DrawnForm, ...] = ()
    older: str = ""
    """The address of the next page of rows."""
    links: tuple[Cell, ...] = ()
    """Where else to go, as buttons."""
    secret: str = ""
    """What is shown this once."""
    good: bool | None = None
    policy: PolicyDraft | None = None
    """The policy as a form, tier by tier."""


@dataclass(frozen=True)
class SearchField:
    """A field of the page's own filter, which stands in its address."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "text"


@dataclass(frozen=True)
class PageContent:
    sections: tuple[Section, ...]
    heading: str = ""
    """A name in place of the page's title, such as a person's."""
    search: tuple[SearchField, ...] = field(default=())


Reading = Callable[[Visitor, Uow, Actor], Awaitable[PageContent]]
Showing = Callable[[Visitor, bytes], Section]


@dataclass(frozen=True)
class AdminPage:
    """One page: who may read it, what it shows, what can be done there, and what is shown once afterwards."""

    kind: str
    right: Permission
    read: Reading
    actions: tuple[AdminAction, ...] = ()
    read_one: Reading | None = None
    """The page of one thing of the list, by the id in its address."""
    show: Showing | None = None

    @property
    def title(self) -> str:
        return f"web.admin.{self.kind}"

    def action(self, verb: str) -> AdminAction | None:
        return next((each for each in self.actions if each.verb == verb), None)


def forms_for(actor: Actor, *forms: DrawnForm) -> tuple[DrawnForm, ...]:
    """Those that this reader may send."""
    return tuple(each for each in forms if actor.may(each.action.right))


def plain(*texts: object) -> tuple[Cell, ...]:
    """Cells of words; nothing is an empty cell."""
    return tuple(Cell("" if text is None else str(text)) for text in texts)
