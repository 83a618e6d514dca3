"""Refusals of split awards; what a quote cannot supply is refused as it is when it is proposed."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class NothingSplit(Conflict):
    """All lines go to one quote, which is proposed as a whole."""

    number: str
    vendor: str
    code: ClassVar[str] = "split_awards.one_quote"


@dataclass(eq=False)
class SplitReplaced(Conflict):
    """Another choice was proposed in its place, so this one is not ordered any more."""

    number: str
    code: ClassVar[str] = "split_awards.replaced"
