"""Refusals of the requests slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class NotRequestOwner(Refused):
    """Only the requester may do this."""

    number: str
    owner: str
    code: ClassVar[str] = "requests.not_yours"


@dataclass(eq=False)
class RfqAlreadyOpen(Conflict):
    """The request already has an RFQ that is undecided."""

    number: str
    code: ClassVar[str] = "rfqs.already_open"


@dataclass(eq=False)
class LastLine(Conflict):
    """A request without lines is none: it is withdrawn or cancelled instead."""

    number: str
    code: ClassVar[str] = "requests.last_line"


@dataclass(eq=False)
class QuotesStand(Conflict):
    """The quotes that can be chosen are for all lines: vendors are asked again for fewer."""

    number: str
    rfq: str
    code: ClassVar[str] = "requests.quotes_stand"
