"""Refusals of the proxies slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class NotColleague(Refused):
    """A request for somebody of another cost centre is entered by an officer."""

    person: str
    who: str
    code: ClassVar[str] = "requests.not_colleague"
