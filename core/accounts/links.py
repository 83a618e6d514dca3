"""Links a chat account to a person by a one-time code that the person confirms.

One rule: an account is never linked by user name or address, only by a code.

A signed-in person makes the code. It is shown once, stored as a hash and valid for ten minutes (an
invitation: seven days). It is confirmed in the chat that received it, with a button that names both sides. A
chat can try ten codes an hour, counted in the database.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from asyncpg import UniqueViolationError

from core.access.actor import Actor
from core.access.guard import check_permission, person_of, requires
from core.access.permissions import Permission
from core.accounts import repo
from core.accounts.commands import MakeLink, RevokeLink, ShowChats, UseLink
from core.accounts.errors import AlreadyLinked, LinkExpired, LinkUnknown, LinkUsed
from core.accounts.events import LinkConfirmed, LinkMade, LinkRevoked
from core.accounts.model import LinkedChat, LinkPreview, NewLink, StoredLink
from core.kernel.errors import NotFound, RateLimited
from core.kernel.ids import LinkId, PersonId, new_id
from core.kernel.one_time import OneTimeSecret, hash_secret
from core.people import directory
from core.people import repo as people
from core.people.model import Me, Person
from core.people.queries import me_of
from core.uow import Uow

LINK_LIFE = dt.timedelta(minutes=10)
INVITATION_LIFE = dt.timedelta(days=7)
MAX_LINKS_PER_HOUR = 10
MAX_ATTEMPTS_PER_HOUR = 10
_HOUR = dt.timedelta(hours=1)


@requires(Permission.links_make)
async def make_link(uow: Uow, actor: Actor, command: MakeLink) -> NewLink:
    """Make a code for oneself, or for somebody else with the right to manage people; ten an hour."""
    person_id = command.person_id or actor.person_id
    if person_id is None:
        raise NotFound(what="person")
    _check_whose(actor, person_id)
    if actor.person_id is not None:
        made = await repo.links_made(uow.connection, actor.person_id, uow.now - _HOUR)
        if made >= MAX_LINKS_PER_HOUR:
            raise RateLimited(retry_after=int(_HOUR.total_seconds()))
    return await issue_link(uow, actor, PersonId(person_id), "link", LINK_LIFE)


@requires(Permission.links_make)
async def linked_chats(uow: Uow, actor: Actor, command: ShowChats) -> Sequence[LinkedChat]:
    """One's own linked chats, or anybody's with the right to manage people."""
    person_id = command.person_id or person_of(actor)
    _check_whose(actor, person_id)
    if await people.person(uow.connection, person_id) is None:
        raise NotFound(what="person")
    return await repo.linked_chats(uow.connection, person_id)


def _check_whose(actor: Actor, person_id: UUID) -> None:
    """Others' links want the right to manage people."""
    if person_id != actor.person_id:
        check_permission(actor, Permission.people_manage)


async def issue_link(
    uow: Uow, actor: Actor, person_id: PersonId, purpose: str, life: dt.timedelta
) -> NewLink:
    """Make and store a code; used by this slice and by vendor invitations."""
    person = await people.person(uow.connection, person_id)
    if person is None or not person.active:
        raise NotFound(what="person")
    once = OneTimeSecret.short(uow.now, life)
    link = StoredLink(
        LinkId(new_id()), purpose, person.id, actor.person_id, once.expires_at, None, None, None
    )
    await repo.add_link(uow.connection, link, once.hashed, uow.now)
    await uow.record(
        LinkMade(subject_id=person.id, subject_version=person.epoch, link_id=link.id, purpose=purpose)
    )
    return NewLink(link.id, once.secret, purpose, person.id, link.expires_at)


@requires(Permission.links_make)
async def revoke_link(uow: Uow, actor: Actor, command: RevokeLink) -> None:
    """Revoke one's own link, or any link with the right to manage people.

    An unused code becomes invalid. A used one unlinks the chat it joined, and the person's tokens end.
    """
    link = await repo.link(uow.connection, command.link_id)
    if link is None or link.revoked_at is not None or not _may_revoke(actor, link):
        raise NotFound(what="link")
    person = await people.lock_person(uow.connection, link.person_id)
    if person is None:
        raise NotFound(what="link")
    await repo.revoke_link(uow.connection, link.id, uow.now)
    epoch = person.epoch
    if link.identity_id is not None:
        await repo.unlink_chat(uow.connection, link.identity_id, uow.now)
        epoch = await people.next_epoch(uow.connection, person.id)
    await uow.record(
        LinkRevoked(
            subject_id=person.id, subject_version=epoch, link_id=link.id, identity_id=link.identity_id
        )
    )


def _may_revoke(actor: Actor, link: StoredLink) -> bool:
    own = actor.person_id is not None and actor.person_id in (link.made_by, link.person_id)
    return own or actor.may(Permission.people_manage)


@requires(Permission.chat_link)
async def count_attempt(uow: Uow, actor: Actor, command: UseLink) -> None:
    """Count one attempt by this chat, in a transaction of its own that a refusal does not roll back."""
    counted = await repo.count_attempt(uow.connection, command, uow.now, most=MAX_ATTEMPTS_PER_HOUR)
    if not counted:
        raise RateLimited(retry_after=int(_HOUR.total_seconds()))


@requires(Permission.chat_link)
async def preview_link(uow: Uow, actor: Actor, command: UseLink) -> LinkPreview:
    """Both identities by name; nothing is linked yet."""
    link, person = await _redeemable_link(uow, command)
    inviter = await directory.names(uow.connection, [link.made_by] if link.made_by else [])
    return LinkPreview(
        account=person.name,
        vendor=person.vendor_name,
        chat=command.display_name,
        invited_by=inviter.get(link.made_by) if link.made_by else None,
        purpose=link.purpose,
        expires_at=link.expires_at,
    )


@requires(Permission.chat_link)
async def confirm_link(uow: Uow, actor: Actor, command: UseLink) -> Me:
    """Link the chat to the person and use the code up."""
    link, person = await _redeemable_link(uow, command)
    if not await repo.consume_link(uow.connection, link.id, uow.now):
        raise LinkUsed()
    try:
        async with uow.connection.savepoint():
            identity_id = await repo.link_chat(uow.connection, person.id, command, uow.now)
    except UniqueViolationError as error:
        owner = await repo.person_of_chat(uow.connection, command.platform, command.external_id)
        raise AlreadyLinked(person=owner.name if owner else person.name) from error
    await repo.set_link_identity(uow.connection, link.id, identity_id)
    if command.locale:
        await people.set_initial_locale(uow.connection, person.id, command.locale)
    await uow.record(
        LinkConfirmed(
            subject_id=person.id,
            subject_version=person.epoch,
            link_id=link.id,
            platform=command.platform,
            identity_id=identity_id,
        )
    )
    return await me_of(uow, await people.person(uow.connection, person.id) or person)


async def _redeemable_link(uow: Uow, command: UseLink) -> tuple[StoredLink, Person]:
    """The link and the person it is for, or the refusal that says why it cannot be used."""
    link = await usable_link(uow, command.code, "link", "invitation")
    owner = await repo.person_of_chat(uow.connection, command.platform, command.external_id)
    if owner is not None:
        raise AlreadyLinked(person=owner.name)
    person = await people.person(uow.connection, link.person_id)
    if person is None or not person.active:
        raise LinkUnknown()
    return link, person


async def usable_link(uow: Uow, code: str, *purposes: str) -> StoredLink:
    """The link of a code for one of these purposes, or the refusal that says why it cannot be used."""
    link = await repo.link_by_code(uow.connection, hash_secret(code), *purposes)
    if link is None or link.revoked_at is not None:
        raise LinkUnknown()
    if link.used_at is not None:
        raise LinkUsed()
    if link.expires_at <= uow.now:
        raise LinkExpired(expired_at=link.expires_at)
    return link
