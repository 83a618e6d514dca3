"""Proving who one is: password, refresh token, or a linked chat.

One rule: a refresh token is used once; the second use ends the whole family, except within ten seconds, when
an answer may simply have been lost on the way.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import select, update

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.identity import repo
from core.identity.commands import ExchangeChat, Login, Refresh
from core.identity.errors import SessionEnded, WrongLogin
from core.identity.model import Me, Person, Session
from core.identity.queries import me_of
from core.identity.secrets import hash_of, password_fits, refresh_token
from core.identity.tables import refresh_tokens
from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from core.uow import Uow

LIFE = dt.timedelta(days=30)
GRACE = dt.timedelta(seconds=10)

_T = refresh_tokens.c


async def login(uow: Uow, actor: Actor, command: Login) -> Session:
    """A new family of refresh tokens for the right password; WrongLogin says no more than that."""
    known = await repo.person_by_email(uow.connection, command.email)
    fits = await password_fits(known[1] if known else None, command.password)
    if known is None or not fits or not known[0].active:
        raise WrongLogin()
    return await _session(uow, known[0], new_id())


async def refresh(uow: Uow, actor: Actor, command: Refresh) -> Session | None:
    """The next pair of the family; None when the family had to be ended (the caller commits that, then refuses)."""
    row = (
        await uow.connection.execute(
            select(refresh_tokens).where(_T.token_hash == hash_of(command.refresh_token)).with_for_update()
        )
    ).one_or_none()
    if row is None or row.revoked_at is not None or row.expires_at <= uow.now:
        raise SessionEnded()
    person = await repo.person(uow.connection, row.person_id)
    if person is None or not person.active:
        raise SessionEnded()
    if row.used_at is not None and uow.now - row.used_at > GRACE:
        await _end(uow, row.family)
        return None
    if row.used_at is None:
        await uow.connection.execute(update(refresh_tokens).where(_T.id == row.id).values(used_at=uow.now))
    return await _session(uow, person, row.family)


async def logout(uow: Uow, actor: Actor, command: Refresh) -> None:
    """End the family of this token; an unknown one has nothing to end."""
    family = await uow.connection.scalar(
        select(_T.family).where(_T.token_hash == hash_of(command.refresh_token))
    )
    if family is not None:
        await _end(uow, family)


@requires(Permission.chat_exchange)
async def exchange_chat(uow: Uow, actor: Actor, command: ExchangeChat) -> Me:
    """Whom a linked chat account belongs to; NotFound when it is not linked."""
    person = await repo.person_of_chat(uow.connection, command.platform, command.external_id)
    if person is None or not person.active:
        raise NotFound(what="chat")
    return await me_of(uow, person)


async def _session(uow: Uow, person: Person, family: UUID) -> Session:
    token = refresh_token()
    await repo.add_refresh_token(uow.connection, family, hash_of(token), person.id, uow.now, LIFE)
    return Session(person, token)


async def _end(uow: Uow, family: UUID) -> None:
    await uow.connection.execute(
        update(refresh_tokens).where(_T.family == family, _T.revoked_at.is_(None)).values(revoked_at=uow.now)
    )
