"""Lines that do not fit into one screen of fields: twenty at a time.

One rule: what was filled in on one page is kept when the next one is shown.
"""

from collections.abc import Sequence
from typing import Self, TypeVar
from uuid import UUID

from pydantic import BaseModel

from bots.forms.form import FormContext, Values

Line = TypeVar("Line")

PAGE_LINES = 20
LONGEST = 80
"""A draft has a limit of size: descriptions are only shown, and cut."""


class FormLine(BaseModel):
    """A line that exists already: the form says something about it."""

    id: UUID
    description: str
    unit: str


class LinedValues(Values):
    lines: Sequence[FormLine]

    def shortened(self, longest: int) -> Self:
        lines = [
            line.model_copy(update={"description": cut(line.description, longest)}) for line in self.lines
        ]
        return self.model_copy(update={"lines": lines})


class PagedValues(LinedValues):
    page: int = 0
    """Which page of the lines a screen of fields shows; question by question there are no pages."""


def cut(description: str, longest: int = LONGEST) -> str:
    """As much of it as is stored, with a sign that it goes on."""
    if len(description) <= longest:
        return description
    return f"{description[: longest - 1]}…" if longest > 1 else ""


def numbered(lines: Sequence[Line], page: int) -> list[tuple[int, Line]]:
    """The lines of this page, with their numbers among all."""
    begin = page * PAGE_LINES
    return list(enumerate(lines, start=1))[begin : begin + PAGE_LINES]


def is_last(lines: Sequence[object], page: int) -> bool:
    return (page + 1) * PAGE_LINES >= len(lines)


def place(lines: Sequence[object], page: int, ctx: FormContext) -> str:
    """``21-40 of 60``; nothing when all are shown."""
    shown = numbered(lines, page)
    if len(lines) <= PAGE_LINES or not shown:
        return ""
    first, last = str(shown[0][0]), str(shown[-1][0])
    return ctx.translate("lists.place", first=first, last=last, total=str(len(lines)))


def submit_label(lines: Sequence[object], page: int, ctx: FormContext, last: str) -> str:
    """The button below: the next page, or on the last one what the form is for."""
    return ctx.translate(last if is_last(lines, page) else "buttons.next")
