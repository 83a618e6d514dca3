"""What a typed text leaves open: its possible readings, each on a button, until one is chosen or typed.

One rule: a reading is taken by its button or by its own words; whatever else is typed is an answer of its own.
"""

from collections.abc import Sequence

from pydantic import BaseModel

from api.language import CUT, Ambiguous, read_verdict
from api.text import reading as format_reading
from bots.cards.card import Button
from bots.forms.field_parsers import is_number
from bots.forms.form import FormContext

MAX_READINGS = 6
"""So many readings have a button; any other is typed."""


class Ambiguity(BaseModel):
    """A text with several readings, waiting to be asked."""

    field: str
    line: int | None = None
    text: str
    readings: list[str]

    @classmethod
    def of(cls, found: Ambiguous, before: int = 0) -> "Ambiguity":
        """The same, for lines that were added after ``before`` others."""
        number = found.line + before if found.line is not None else None
        return cls(field=found.field, line=number, text=found.text, readings=list(found.readings))

    @property
    def is_cut(self) -> bool:
        """Whether its readings are lists of items."""
        return self.field == CUT

    def typed(self, text: str, labels: Sequence[str], locale: str) -> int | None:
        """Which reading is typed: as people write it, or as its button says it; a yes is the only one that there is."""
        wanted = text.strip().casefold()
        written = [format_reading(each, locale) for each in self.readings]
        for at, (reading, *others) in enumerate(zip(self.readings, written, labels, strict=True)):
            if wanted in (each.casefold() for each in (*others, *([] if is_number(reading) else [reading]))):
                return at
        verdict = read_verdict(text, locale) if len(self.readings) == 1 else None
        return 0 if verdict is not None and verdict.verb == "approve" else None


def reading_buttons(labels: Sequence[str], ctx: FormContext) -> list[Button]:
    """One button for each reading; its choice is ``d`` and the reading's place."""
    return [ctx.labelled_button(text, f"d{index}") for index, text in enumerate(labels[:MAX_READINGS])]
