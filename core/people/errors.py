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
