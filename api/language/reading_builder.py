"""Builds a reading step by step: values, and three lists of open points.

One rule: a field that is given twice with different values has two readings, so the person is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from api.language.dates import DateReading
from api.language.numbers import NumberReading, plain
from api.language.readings import Ambiguous
from api.language.tokenizer import Token

Value = str | date | Decimal | int
MAX_QUOTED_LENGTH = 80


@dataclass
class ReadingBuilder:
    """The fields so far, words not understood, and texts with several readings."""

    values: dict[str, Value] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    ambiguous: list[Ambiguous] = field(default_factory=list)
    _last_end: int = -1
    _asked: set[tuple[str, int | None]] = field(default_factory=set)

    def set_value(self, name: str, value: Value, text: str) -> None:
        """Set one value of a field; a second, different one makes the field ambiguous."""
        if self.is_asked(name):
            return
        before = self.values.setdefault(name, value)
        if before != value:
            del self.values[name]
            self.add_question(Ambiguous(text=text, readings=(as_text(before), as_text(value)), field=name))

    def add_reading(self, name: str, reading: NumberReading | DateReading | str, text: str) -> None:
        """Add a reading of any kind: a value, a question, or words not understood."""
        match reading:
            case Ambiguous():
                self.values.pop(name, None)
                self.add_question(reading.model_copy(update={"field": name, "text": text}))
            case Decimal() | date() | str():
                self.set_value(name, reading, text)
            case _:
                self.unread.append(text[:MAX_QUOTED_LENGTH])

    def add_question(self, question: Ambiguous) -> None:
        """Note a text with several readings; each field and line is asked about once."""
        if not self.is_asked(question.field, question.line):
            self._asked.add((question.field, question.line))
            self.ambiguous.append(question.model_copy(update={"text": question.text[:MAX_QUOTED_LENGTH]}))

    def ask_cut(self, question: Ambiguous) -> None:
        """Ask which lines there are, in place of what was asked about single ones."""
        self.ambiguous = [each for each in self.ambiguous if each.line is None]
        self.add_question(question)

    def withdraw(self, name: str, line: int) -> None:
        """Take back a question that was answered by what stands elsewhere."""
        self._asked.discard((name, line))
        self.ambiguous = [each for each in self.ambiguous if (each.field, each.line) != (name, line)]

    def is_asked(self, name: str, line: int | None = None) -> bool:
        return (name, line) in self._asked

    def add_unread(self, tokens: Sequence[Token], start: int, end: int) -> None:
        """Words not understood; adjacent ones are quoted together."""
        text = " ".join(token.raw for token in tokens[start:end]).strip(" ,.:;!")
        if not text:
            return
        joined = f"{self.unread[-1]} {text}" if self.unread else text
        if self.unread and self._last_end == start and start and len(joined) <= MAX_QUOTED_LENGTH:
            self.unread[-1] = joined
        else:
            self.unread.append(text[:MAX_QUOTED_LENGTH])
        self._last_end = end

    def new_segment(self) -> None:
        """Words of different lines are never quoted together."""
        self._last_end = -1


def as_text(value: Value) -> str:
    """How a reading writes a value: ``1200``, ``2026-12-01``."""
    match value:
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
