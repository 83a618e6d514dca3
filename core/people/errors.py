"""Refusals of the people slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class EmailTaken(Conflict):
    email: str
    code: ClassVar[str] = "people.email_taken"


@dataclass(eq=False)
class OrganisationMissing(Conflict):
    """A new installation has no name and no base currency yet."""

    code: ClassVar[str] = "organisation.missing"


@dataclass(eq=False)
class LastAdministrator(Conflict):
    """Without another active administrator nobody could undo this by the API."""

    name: str
    code: ClassVar[str] = "people.last_administrator"
