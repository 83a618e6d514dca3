"""People, sessions, links, drafts and installations: read model to wire."""

from collections.abc import Callable
from typing import Protocol

from api.contract import people as wire
from api.contract.values import Listing
from core.access.actor import Channel
from core.access.roles import permissions_of
from core.accounts.model import LinkPreview, NewLink, Session
from core.accounts.team import Member
from core.installations.model import Installation
from core.kernel.page import Page
from core.kernel.sealing import Seal
from core.messages.model import Draft
from core.people.model import Me, Person


class AccessTokens(Protocol):
    """What mints a person's short access token."""

    @property
    def seconds(self) -> int:
        """How long a token lives."""
        ...

    def for_person(self, person: Person, channel: Channel = ...) -> str:
        """A token with the person's rights of this moment."""
        ...


def me(of: Me) -> wire.MeOut:
    person = of.person
    return wire.MeOut(
        id=person.id,
        name=person.name,
        email=person.email,
        locale=person.locale,
        zone=person.zone,
        roles=tuple(sorted(role.value for role in person.roles)),
        permissions=tuple(sorted(right.value for right in permissions_of(person.roles))),
        vendor_id=person.vendor_id,
        vendor_name=person.vendor_name,
        cost_centres=tuple(wire.CostCentreOut(code=c.code, name=c.name) for c in of.cost_centres),
        base_currency=of.base_currency,
    )


def team(page: Page[Member]) -> Listing[wire.MemberOut]:
    return Listing(items=tuple(_member(item) for item in page.items), next_cursor=page.next_cursor)


def _member(of: Member) -> wire.MemberOut:
    return wire.MemberOut.model_validate(
        {
            "id": of.id,
            "name": of.name,
            "email": of.email,
            "active": of.active,
            "roles": sorted(role.value for role in of.roles),
            "chats": of.chats,
        }
    )


def session(tokens: AccessTokens) -> Callable[[Session | None], wire.TokenOut | None]:
    """A pair of tokens; None when the family was ended."""

    def present(of: Session | None) -> wire.TokenOut | None:
        if of is None:
            return None
        return wire.TokenOut(
            access_token=tokens.for_person(of.person),
            refresh_token=of.refresh_token,
            expires_in=tokens.seconds,
        )

    return present


def chat_session(tokens: AccessTokens, platform: str) -> Callable[[Me], wire.ChatTokenOut]:
    """A short token of the person, marked with the chat it came through."""

    def present(of: Me) -> wire.ChatTokenOut:
        return wire.ChatTokenOut(
            access_token=tokens.for_person(of.person, Channel(platform)),
            expires_in=tokens.seconds,
            person=me(of),
        )

    return present


def link(base_url: str) -> Callable[[NewLink], wire.LinkOut]:
    """A new code with the address that opens it; invitations are told apart by their prefix."""

    def present(of: NewLink) -> wire.LinkOut:
        prefix = "inv_" if of.purpose == "invitation" else ""
        return wire.LinkOut(
            id=of.id, code=of.code, url=f"{base_url}{prefix}{of.code}", expires_at=of.expires_at
        )

    return present


def preview(of: LinkPreview) -> wire.LinkPreviewOut:
    return wire.LinkPreviewOut(
        account=of.account,
        vendor=of.vendor,
        chat=of.chat,
        invited_by=of.invited_by,
        purpose="invitation" if of.purpose == "invitation" else "link",
        expires_at=of.expires_at,
    )


def draft(of: Draft) -> wire.DraftOut:
    return wire.DraftOut(
        form=of.form, step=of.step, values=of.values, version=of.version, updated_at=of.updated_at
    )


def installation(seal: Seal) -> Callable[[Installation], wire.InstallationOut]:
    """With the token opened: the caller is a bot."""

    def present(of: Installation) -> wire.InstallationOut:
        return wire.InstallationOut(
            team_id=of.team_id,
            team_name=of.team_name,
            bot_user_id=of.bot_user_id,
            bot_token=seal.open(of.sealed_token, of.owner),
            scopes=of.scopes,
            installed_at=of.installed_at,
        )

    return present
