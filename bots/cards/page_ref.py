"""Which page of which list a button shows.

One rule: a page stands beside an item, so that what is decided meanwhile moves nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from api.contract.values import cursor_beside
from bots.cards.press import MAX_BYTES, NO_ID, Op, Press

MAX_TEXT_BYTES = MAX_BYTES - 36
"""What is typed behind a command fits into a button up to here."""
MAX_OFFSET = 1_000_000


class ListName(StrEnum):
    """The lists that have pages, as short as the 64 bytes of a button want them."""

    requests = "m"
    rfqs = "r"
    approvals = "a"
    vendors = "v"
    team = "t"
    worklist = "w"
    orders = "o"


@dataclass(frozen=True)
class PageRef:
    """Which page of which list: the first one, or one beside an item; ``text`` is what was typed behind the command.

    The worklist is not ordered by id: its pages begin at ``offset``.
    """

    name: ListName
    text: str = ""
    beside: UUID = NO_ID
    backwards: bool = False
    offset: int = 0

    def query(self, limit: int) -> dict[str, str]:
        """The parameters of the API's call."""
        counted = {"limit": str(limit), "counted": "true"}
        if self.beside == NO_ID:
            return counted
        return {**counted, "cursor": cursor_beside(self.beside, backwards=self.backwards)}

    @property
    def fits(self) -> bool:
        """A search of many letters has no further pages; it can be made narrower by typing."""
        return len(self.text.encode()) <= MAX_TEXT_BYTES

    def press(self) -> Press:
        arg = f"{self.name}{'<' if self.backwards else '>'}{self.text}"
        return Press(Op.page, self.beside, self.offset, arg)


def page_of_press(press: Press) -> PageRef | None:
    """The page that a button names; None for what no button of ours carries."""
    name, way, text = press.arg[:1], press.arg[1:2], press.arg[2:]
    if name not in set(ListName) or way not in ("<", ">") or press.version > MAX_OFFSET:
        return None
    if (name == ListName.worklist) != (press.id == NO_ID):
        return None
    return PageRef(ListName(name), text, press.id, way == "<", press.version)
