"""Converts people, sessions, links, drafts and installations from read model to wire."""

from collections.abc import Callable, Sequence
from typing import Protocol

from api.contract import people as wire
from api.contract.values import Listing
from api.present.listing import listing
from core.access.actor import Channel
from core.access.roles import permissions_of
from core.accounts.model import LinkedChat, LinkPreview, NewLink, Session
from core.accounts.team import StaffMember
from core.installations.model import Installation
from core.kernel.encryption import SecretBox
from core.kernel.pagination import Page
from core.messages.model import Draft
from core.people.model import Me, Person
from core.web_sessions.model import MatchState, NewTicket, NumberMatch


class TokenIssuer(Protocol):
    """Issues a person's short-lived access token."""

    @property
    def seconds(self) -> int:
        """The lifetime of a token in seconds."""
        ...

    def for_person(self, person: Person, channel: Channel = ..., *, proved: bool = ...) -> str:
        """A token with the person's current rights; ``proved``: they have just proved who they are."""
        ...


def me(source: Me) -> wire.MeOut:
    person = source.person
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
        cost_centres=tuple(wire.CostCentreOut(code=c.code, name=c.name) for c in source.cost_centres),
        base_currency=source.base_currency,
    )


def staff(page: Page[StaffMember]) -> Listing[wire.MemberOut]:
    return listing(page, _member, lambda row: row)


def _member(source: StaffMember) -> wire.MemberOut:
    return wire.MemberOut.model_validate(
        {
            "id": source.id,
            "name": source.name,
            "email": source.email,
            "active": source.active,
            "roles": sorted(role.value for role in source.roles),
            "chats": source.chats,
        }
    )


def account(source: Person) -> wire.AccountOut:
    """An account for administrators."""
    return wire.AccountOut(
        id=source.id,
        name=source.name,
        email=source.email,
        active=source.active,
        roles=tuple(sorted(role.value for role in source.roles)),
        locale=source.locale,
        zone=source.zone,
        vendor_id=source.vendor_id,
    )


def password_link(source: NewLink) -> wire.PasswordLinkOut:
    """The only place where the code is shown."""
    return wire.PasswordLinkOut(id=source.id, code=source.code, expires_at=source.expires_at)


def session(tokens: TokenIssuer, *, proved: bool = False) -> Callable[[Session | None], wire.TokenOut | None]:
    """A pair of tokens; None when the family was ended."""

    def present(source: Session | None) -> wire.TokenOut | None:
        if source is None:
            return None
        return wire.TokenOut(
            access_token=tokens.for_person(source.person, proved=proved),
            refresh_token=source.refresh_token,
            expires_in=tokens.seconds,
        )

    return present


def chat_session(tokens: TokenIssuer, platform: str) -> Callable[[Me], wire.ChatTokenOut]:
    """A short-lived token of the person, marked with the chat it came through; the platform said just now who it is."""

    def present(source: Me) -> wire.ChatTokenOut:
        return wire.ChatTokenOut(
            access_token=tokens.for_person(source.person, Channel(platform), proved=True),
            expires_in=tokens.seconds,
            person=me(source),
        )

    return present


def link(base_url: str) -> Callable[[NewLink], wire.LinkOut]:
    """A new code with the address that opens it; invitations have a prefix of their own."""

    def present(source: NewLink) -> wire.LinkOut:
        prefix = "inv_" if source.purpose == "invitation" else ""
        return wire.LinkOut(
            id=source.id,
            code=source.code,
            url=f"{base_url}{prefix}{source.code}",
            expires_at=source.expires_at,
        )

    return present


def linked_chats(source: Sequence[LinkedChat]) -> Listing[wire.LinkedChatOut]:
    """The chats that are linked to one person."""
    return Listing(
        items=tuple(
            wire.LinkedChatOut.model_validate(
                {
                    "id": each.link_id,
                    "platform": each.platform,
                    "display_name": each.display_name,
                    "linked_at": each.linked_at,
                    "reachable": each.reachable,
                }
            )
            for each in source
        )
    )


def web_ticket(base_url: str) -> Callable[[NewTicket], wire.WebTicketOut]:
    """A new ticket as the address that opens it."""

    def present(source: NewTicket) -> wire.WebTicketOut:
        url = f"{base_url.rstrip('/')}/enter/{source.secret}"
        return wire.WebTicketOut(url=url, expires_at=source.expires_at)

    return present


def preview(source: LinkPreview) -> wire.LinkPreviewOut:
    return wire.LinkPreviewOut(
        account=source.account,
        vendor=source.vendor,
        chat=source.chat,
        invited_by=source.invited_by,
        purpose="invitation" if source.purpose == "invitation" else "link",
        expires_at=source.expires_at,
    )


def draft(source: Draft) -> wire.DraftOut:
    return wire.DraftOut(
        form=source.form,
        step=source.step,
        values=source.values,
        version=source.version,
        updated_at=source.updated_at,
    )


def installation(secret_box: SecretBox) -> Callable[[Installation], wire.InstallationOut]:
    """With the decrypted token: the caller is a bot."""

    def present(source: Installation) -> wire.InstallationOut:
        return wire.InstallationOut(
            team_id=source.team_id,
            team_name=source.team_name,
            bot_user_id=source.bot_user_id,
            bot_token=secret_box.decrypt(source.sealed_token, source.owner),
            scopes=source.scopes,
            installed_at=source.installed_at,
        )

    return present


def web_login_question(source: NumberMatch) -> wire.WebLoginQuestionOut:
    """What the chat asks; which number it is stays with the browser."""
    return wire.WebLoginQuestionOut(
        id=source.id,
        device=source.device,
        offered=source.offered,
        confirms=source.session_id is not None,
        expires_at=source.expires_at,
    )


def web_login_answered(source: MatchState) -> wire.WebLoginAnsweredOut:
    return wire.WebLoginAnsweredOut(state="matched" if source is MatchState.matched else "refused")
