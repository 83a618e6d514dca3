"""Every SELECT and UPDATE of browser sessions and tickets.

One rule: only hashes are stored and compared, and a ticket is used up by one guarded UPDATE.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from core.db.connection import Connection
from core.web_sessions.model import WebSession, WebTicket
from core.web_sessions.tables import web_sessions, web_tickets

_S, _T = web_sessions.c, web_tickets.c
_SESSION = (_S.id, _S.person_id, _S.epoch, _S.device, _S.made_at, _S.seen_at, _S.expires_at, _S.ended_at)
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
    found = select(*_SESSION).where(_S.secret_hash == secret_hash).with_for_update()
    row = (await connection.execute(found)).one_or_none()
    return WebSession(*row) if row else None


async def note_seen(connection: Connection, session_id: UUID, now: dt.datetime) -> None:
    await connection.execute(update(web_sessions).where(_S.id == session_id).values(seen_at=now))


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
    result = await connection.execute(
        update(web_tickets)
        .where(_T.id == ticket_id, _T.used_at.is_(None), _T.expires_at > now)
        .values(used_at=now)
    )
    return result.rowcount == 1


async def delete_expired(connection: Connection, now: dt.datetime) -> None:
    await connection.execute(delete(web_tickets).where(_T.expires_at < now))
    await connection.execute(delete(web_sessions).where(_S.expires_at < now))
