"""Refusals of asking for the lines that a quote leaves out."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class NothingLeftOut(Conflict):
    """The vendor's quote prices every line, or there is none any more."""

    vendor: str
    number: str
    code: ClassVar[str] = "quotes.nothing_left_out"


@dataclass(eq=False)
class AskedToComplete(Conflict):
    """The vendor was asked already, and has not answered yet."""

    vendor: str
    number: str
    code: ClassVar[str] = "quotes.asked_to_complete"
