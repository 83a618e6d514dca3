"""What a form asks, all at once: its fields, for platforms that can show more than one question.

One rule: a field knows no platform; its value is text as a machine writes it (2026-12-05, 17:30, 2.5, an option's
value), and what comes back is read by the form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class FieldKind(StrEnum):
    text = "text"
    long_text = "long_text"
    number = "number"
    choice = "choice"
    date = "date"
    time = "time"
    files = "files"
    """Answered with files, which the platform hands over beside the other answers."""
    add_line = "add_line"
    """No field: a button that shows the fields of one line more."""


@dataclass(frozen=True)
class FormField:
    """One thing that is asked; errors refer to it by its ``name``."""

    name: str
    label: str
    kind: FieldKind = FieldKind.text
    value: str = ""
    """What is filled in already."""
    options: Sequence[tuple[str, str]] = ()
    """Of a choice: each value with its label."""
    optional: bool = False
    max_length: int = 500
    maximum: Decimal = Decimal(0)
    """Of a number, which begins at 0."""


@dataclass(frozen=True)
class Fieldset:
    """Everything that a form asks at once, and the label of the button that sends it."""

    title: str
    fields: Sequence[FormField]
    submit: str
    about: str = ""
    """What it is about, above the fields."""
    lines: int = 1
    """The last line that is shown, where lines can be added."""
    is_full: bool = False
    """One line more is shown on a page of its own: what was filled in is kept first."""

    @property
    def first_field(self) -> str:
        """Where a sentence about the whole form stands."""
        return self.fields[0].name
