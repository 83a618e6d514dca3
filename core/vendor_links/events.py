"""What can happen to vendors' links.

One rule: no event contains a secret, a code or an address.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.people.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class VendorLinkMade(PersonEvent):
    """``about_kind``: rfq or order."""

    type: ClassVar[str] = "portal.link_made"
    link_id: UUID
    about_kind: str
    about_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorLinkRevoked(PersonEvent):
    type: ClassVar[str] = "portal.link_revoked"
    link_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorLinkWanted(PersonEvent):
    """The contact asked for a new link; it is made when it is sent."""

    type: ClassVar[str] = "portal.link_wanted"
    about_kind: str
    about_id: UUID


@dataclass(frozen=True, kw_only=True)
class LinkCodeWanted(PersonEvent):
    """A browser wants to act for the contact; the code is made when it is sent."""

    type: ClassVar[str] = "portal.code_wanted"
    code_id: UUID


@dataclass(frozen=True, kw_only=True)
class LinkCodeSpent(PersonEvent):
    """The wrong code was typed as often as one may."""

    type: ClassVar[str] = "portal.code_spent"
    code_id: UUID


@dataclass(frozen=True, kw_only=True)
class ColleagueNamed(PersonEvent):
    """A contact named somebody who works for the vendor too; they are added when their link is sent."""

    type: ClassVar[str] = "portal.colleague_named"
    colleague_id: UUID
