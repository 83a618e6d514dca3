"""Authentication: by password, refresh token, or a linked chat.

One rule: a refresh token is used once, and a second use ends its whole family.

Within ten seconds a second use is allowed, because the first answer may have been lost on the way. A token of
an older epoch than the person's is no longer valid.
"""

import datetime as dt
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts import repo
from core.accounts.commands import ExchangeChat, Login, RefreshSession, SetChatReachable
from core.accounts.errors import SessionEnded, WrongLogin
from core.accounts.model import Session, StoredToken
from core.accounts.reach import set_chat_reachable
from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from core.kernel.one_time import OneTimeSecret, hash_secret
from core.people import repo as people
from core.people.events import PersonEvent
from core.people.model import Me, Person
from core.people.passwords import password_matches
from core.people.queries import me_of
from core.uow import Uow

LIFE = dt.timedelta(days=30)
GRACE = dt.timedelta(seconds=10)


async def login(uow: Uow, actor: Actor, command: Login) -> Session:
    """Start a new family of refresh tokens for the right password; WrongLogin does not say what was wrong."""
    return await _session(uow, await person_by_password(uow, command), new_id())


async def person_by_password(uow: Uow, command: Login) -> Person:
    """Whose password this is; also for browsers, whose sessions are another slice's."""
    known = await people.person_by_email(uow.connection, command.email)
    fits = await password_matches(known[1] if known else None, command.password)
    if known is None or not fits or not known[0].active:
        raise WrongLogin()
    return known[0]


async def refresh(uow: Uow, actor: Actor, command: RefreshSession) -> Session | None:
    """The next pair of tokens; None when the family had to be ended (the caller commits that, then refuses)."""
    token_hash = hash_secret(command.refresh_token)
    if await repo.lock_family(uow.connection, token_hash) is None:
        raise SessionEnded()
    token = await repo.refresh_token(uow.connection, token_hash)
    if token is None or token.revoked_at is not None or token.expires_at <= uow.now:
        raise SessionEnded()
    person = await people.person(uow.connection, token.person_id)
    if person is None or not person.active or person.epoch != token.epoch:
        raise SessionEnded()
    if token.used_at is not None and uow.now - token.used_at > GRACE:
        await repo.end_family(uow.connection, token.family, uow.now)
        return None
    await repo.consume_token(uow.connection, token.id, uow.now)
    return await _session(uow, person, token.family)


async def logout(uow: Uow, actor: Actor, command: RefreshSession) -> None:
    """End the family of this token; an unknown token ends nothing."""
    family = await repo.lock_family(uow.connection, hash_secret(command.refresh_token))
    if family is not None:
        await repo.end_family(uow.connection, family, uow.now)


@requires(Permission.chat_exchange)
async def exchange_chat(uow: Uow, actor: Actor, command: ExchangeChat) -> Me:
    """The person a linked chat account belongs to; NotFound when it is not linked.

    They have just written or pressed something there, so the chat can be written to again.
    """
    person = await repo.person_of_chat(uow.connection, command.platform, command.external_id)
    if person is None or not person.active:
        raise NotFound(what="chat")
    await set_chat_reachable(uow, actor, SetChatReachable(command.platform, command.external_id, True))
    return await me_of(uow, person)


async def on_rights_changed(uow: Uow, event: PersonEvent) -> None:
    """After a change of roles, a new password or a disabled account, all earlier refresh tokens end."""
    await repo.end_tokens_of(uow.connection, event.subject_id, uow.now)


async def _session(uow: Uow, person: Person, family: UUID) -> Session:
    once = OneTimeSecret.new(uow.now, LIFE)
    token = StoredToken(new_id(), family, person.id, person.epoch, once.expires_at, None, None)
    await repo.add_refresh_token(uow.connection, once.hashed, token, uow.now)
    return Session(person, once.secret)
