"""Every SELECT and UPDATE of browser sessions, tickets and numbers to match.

One rule: only hashes are stored and compared, and a ticket or a number is used up by one guarded UPDATE.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.used_once import use_up
from core.kernel.ids import PersonId
from core.web_sessions.model import NumberMatch, SignInProof, WebSession, WebTicket
from core.web_sessions.tables import used_sign_ins, web_matches, web_sessions, web_tickets

_S, _T, _M = web_sessions.c, web_tickets.c, web_matches.c
_SESSION = (_S.id, _S.person_id, _S.epoch, _S.device, _S.made_at, _S.seen_at, _S.expires_at, _S.ended_at)
_BY_SECRET = Prebuilt(
    select(*_SESSION)
    .where(_S.secret_hash == bindparam("secret", type_=_S.secret_hash.type))
    .with_for_update()
)
_NOTE_SEEN = Prebuilt(
    update(web_sessions)
    .where(_S.id == bindparam("session", type_=Id))
    .values(seen_at=bindparam("now", type_=Moment))
)
KEPT_MATCHES = dt.timedelta(hours=1)
"""A refusal keeps others from asking again for a while, so it outlives the match."""
_PAIR = re.compile("[0-9]{2}")
"""Offered numbers have two digits each and stand side by side."""
_MATCH = (
    _M.id,
    _M.person_id,
    _M.epoch,
    _M.session_id,
    _M.device,
    _M.path,
    _M.number,
    _M.offered,
    _M.expires_at,
    _M.answered_at,
    _M.matched,
    _M.used_at,
)
_TICKET = (_T.id, _T.person_id, _T.epoch, _T.path, _T.expires_at, _T.used_at)


async def add_session(connection: Connection, session: WebSession, secret_hash: bytes) -> None:
    await connection.execute(
        insert(web_sessions).values(
            id=session.id,
            secret_hash=secret_hash,
            person_id=session.person_id,
            epoch=session.epoch,
            device=session.device,
            made_at=session.made_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
        )
    )


async def session_by_secret(connection: Connection, secret_hash: bytes) -> WebSession | None:
    """The session of this secret, locked until the transaction ends."""
    row = (await connection.execute(_BY_SECRET, {"secret": secret_hash})).one_or_none()
    return WebSession(*row) if row else None


async def note_seen(connection: Connection, session_id: UUID, now: dt.datetime) -> None:
    await connection.execute(_NOTE_SEEN, {"session": session_id, "now": now})


async def end(connection: Connection, session_id: UUID, person_id: UUID, now: dt.datetime) -> bool:
    """End a session of this person; False when there is none that goes on."""
    result = await connection.execute(
        update(web_sessions)
        .where(_S.id == session_id, _S.person_id == person_id, _S.ended_at.is_(None))
        .values(ended_at=now)
    )
    return result.rowcount == 1


async def sessions_of(connection: Connection, person_id: UUID, now: dt.datetime) -> Sequence[WebSession]:
    """The sessions of this person that go on, the one used last on top."""
    rows = await connection.execute(
        select(*_SESSION)
        .where(_S.person_id == person_id, _S.ended_at.is_(None), _S.expires_at > now)
        .order_by(_S.seen_at.desc())
        .limit(50)
    )
    return [WebSession(*row) for row in rows]


async def add_ticket(
    connection: Connection, ticket: WebTicket, secret_hash: bytes, made_at: dt.datetime
) -> None:
    await connection.execute(
        insert(web_tickets).values(
            id=ticket.id,
            secret_hash=secret_hash,
            person_id=ticket.person_id,
            epoch=ticket.epoch,
            path=ticket.path,
            made_at=made_at,
            expires_at=ticket.expires_at,
        )
    )


async def ticket_by_secret(connection: Connection, secret_hash: bytes) -> WebTicket | None:
    row = (await connection.execute(select(*_TICKET).where(_T.secret_hash == secret_hash))).one_or_none()
    return WebTicket(*row) if row else None


async def consume_ticket(connection: Connection, ticket_id: UUID, now: dt.datetime) -> bool:
    """Use the ticket up, once; False when another call was faster."""
    return await use_up(connection, web_tickets, ticket_id, now)


async def delete_expired(connection: Connection, now: dt.datetime) -> None:
    await connection.execute(delete(web_matches).where(_M.expires_at < now - KEPT_MATCHES))
    await connection.execute(delete(web_tickets).where(_T.expires_at < now))
    await connection.execute(delete(used_sign_ins).where(used_sign_ins.c.expires_at < now))
    await connection.execute(delete(web_sessions).where(_S.expires_at < now))


async def note_confirmed(connection: Connection, session_id: UUID, now: dt.datetime) -> None:
    await connection.execute(update(web_sessions).where(_S.id == session_id).values(confirmed_at=now))


async def is_confirmed(
    connection: Connection, secret_hash: bytes, person_id: PersonId, since: dt.datetime
) -> bool:
    """Whether this person's session of this secret goes on and was confirmed after ``since``."""
    mine = and_(_S.secret_hash == secret_hash, _S.person_id == person_id, _S.ended_at.is_(None))
    return bool(await connection.scalar(select(exists().where(mine, _S.confirmed_at > since))))


async def use_proof(connection: Connection, proof: SignInProof) -> bool:
    """Remember it as used; False when it was used before."""
    added = pg_insert(used_sign_ins).values(fingerprint=proof.fingerprint, expires_at=proof.expires_at)
    return (await connection.execute(added.on_conflict_do_nothing())).rowcount == 1


async def is_used(connection: Connection, proof: SignInProof) -> bool:
    known = exists().where(used_sign_ins.c.fingerprint == proof.fingerprint)
    return bool(await connection.scalar(select(known)))


async def add_match(
    connection: Connection, match: NumberMatch, secret_hash: bytes, made_at: dt.datetime
) -> None:
    """Add it; others go on, because whoever asks need not be whom they name."""
    await connection.execute(
        insert(web_matches).values(
            id=match.id,
            secret_hash=secret_hash,
            person_id=match.person_id,
            epoch=match.epoch,
            session_id=match.session_id,
            device=match.device,
            path=match.path,
            number=match.number,
            offered="".join(str(each) for each in match.offered),
            made_at=made_at,
            expires_at=match.expires_at,
            matched=False,
        )
    )


async def match_by_secret(connection: Connection, secret_hash: bytes) -> NumberMatch | None:
    return await _one_match(connection, select(*_MATCH).where(_M.secret_hash == secret_hash))


async def match_by_id(connection: Connection, match_id: UUID) -> NumberMatch | None:
    return await _one_match(connection, select(*_MATCH).where(_M.id == match_id))


async def waiting_matches(
    connection: Connection, person_id: PersonId, now: dt.datetime
) -> Sequence[NumberMatch]:
    """Those that this person has not answered and that are not over, the newest on top."""
    waits = and_(_M.person_id == person_id, _M.answered_at.is_(None), _M.expires_at > now)
    rows = await connection.execute(select(*_MATCH).where(waits).order_by(_M.made_at.desc()).limit(100))
    return [_match(row) for row in rows]


async def refused_since(
    connection: Connection, person_id: PersonId, session_id: UUID | None, since: dt.datetime
) -> bool:
    """Whether this person said after ``since`` that it was not they: in this session, or, without one, at a login."""
    about = _M.session_id.is_(None) if session_id is None else _M.session_id == session_id
    refused = and_(_M.person_id == person_id, about, _M.answered_at > since, _M.matched.is_(False))
    return bool(await connection.scalar(select(exists().where(refused))))


async def answer_match(
    connection: Connection, match: NumberMatch, now: dt.datetime, *, matched: bool
) -> bool:
    """Answer it, once; False when it was answered before or is over."""
    result = await connection.execute(
        update(web_matches)
        .where(
            _M.id == match.id,
            _M.person_id == match.person_id,
            _M.answered_at.is_(None),
            _M.expires_at > now,
        )
        .values(answered_at=now, matched=matched)
    )
    return result.rowcount == 1


async def consume_match(connection: Connection, match_id: UUID, now: dt.datetime) -> bool:
    """Use up a number that was pressed, once."""
    return await use_up(connection, web_matches, match_id, now, _M.matched.is_(True))


async def _one_match(connection: Connection, found: Select[Any]) -> NumberMatch | None:
    row = (await connection.execute(found)).one_or_none()
    return _match(row) if row is not None else None


def _match(row: Any) -> NumberMatch:
    told = {column.name: getattr(row, column.name) for column in _MATCH}
    return NumberMatch(**told | {"offered": tuple(int(each) for each in _PAIR.findall(told["offered"]))})
