"""Opens, renews and ends a person's session in a browser, by password or by a ticket that their chat asked for.

One rule: a ticket is only used up by the command that opens the session; looking at it changes nothing.

A session lives thirty days, until it is ended, or until the person's rights change. Its secret stays the same, so that
several tabs of one browser cannot end it by renewing at the same moment.
"""

import datetime as dt

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.accounts.secrets import hash_secret, refresh_token
from core.accounts.sessions import person_by_password
from core.kernel.errors import NotFound, Unauthenticated
from core.kernel.ids import new_id
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from core.web_sessions import repo
from core.web_sessions.commands import (
    CloseSession,
    EndSession,
    MakeTicket,
    OpenByPassword,
    OpenByTicket,
    RenewSession,
)
from core.web_sessions.errors import TicketSpent
from core.web_sessions.events import WebSessionEnded, WebSessionOpened, WebTicketMade
from core.web_sessions.model import NewTicket, OpenedSession, TicketPreview, WebSession, WebTicket

SESSION_LIFE = dt.timedelta(days=30)
TICKET_LIFE = dt.timedelta(minutes=2)


async def open_by_password(uow: Uow, actor: Actor, command: OpenByPassword) -> OpenedSession:
    """A session for the right password; WrongLogin does not say what was wrong."""
    person = await person_by_password(uow, command.login)
    return await _opened(uow, person, "password", command.device)


async def open_by_ticket(uow: Uow, actor: Actor, command: OpenByTicket) -> OpenedSession:
    """A session for the ticket's person; the ticket is used up."""
    ticket, person = await _usable(uow, command.secret)
    if not await repo.consume_ticket(uow.connection, ticket.id, uow.now):
        raise TicketSpent()
    return await _opened(uow, person, "ticket", command.device, ticket.path)


async def open_by_proof(uow: Uow, person: Person, by: str, device: str) -> OpenedSession:
    """A session for somebody of whom another use case has proof; ``by`` says which."""
    return await _opened(uow, person, by, device)


async def preview_ticket(uow: Uow, actor: Actor, secret: str) -> TicketPreview:
    """Whom a ticket would let in; nothing is used up."""
    _, person = await _usable(uow, secret)
    return TicketPreview(person.name, person.locale)


async def renew(uow: Uow, actor: Actor, command: RenewSession) -> Person:
    """The session's person with their present rights; Unauthenticated when the session has ended."""
    session = await repo.session_by_secret(uow.connection, hash_secret(command.secret))
    if session is None or session.ended_at is not None or session.expires_at <= uow.now:
        raise Unauthenticated()
    person = await people.person(uow.connection, session.person_id)
    if person is None or not person.active or person.epoch != session.epoch:
        raise Unauthenticated()
    await repo.note_seen(uow.connection, session.id, uow.now)
    return person


async def close(uow: Uow, actor: Actor, command: CloseSession) -> None:
    """End the session of this secret; an unknown secret ends nothing."""
    session = await repo.session_by_secret(uow.connection, hash_secret(command.secret))
    if session is not None and await repo.end(uow.connection, session.id, session.person_id, uow.now):
        await _record_end(uow, session)


@requires(Permission.me_change)
async def end(uow: Uow, actor: Actor, command: EndSession) -> None:
    """End one of one's own sessions, in whichever browser it is."""
    person_id = person_of(actor)
    if not await repo.end(uow.connection, command.session_id, person_id, uow.now):
        raise NotFound(what="session")
    await uow.record(
        WebSessionEnded(subject_id=person_id, subject_version=actor.epoch, session_id=command.session_id)
    )


@requires(Permission.links_make)
async def make_ticket(uow: Uow, actor: Actor, command: MakeTicket) -> NewTicket:
    """A ticket with which oneself, in a browser, opens a page; two minutes, once."""
    person_id = person_of(actor)
    secret = refresh_token()
    ticket = WebTicket(new_id(), person_id, actor.epoch, command.path, uow.now + TICKET_LIFE, None)
    await repo.add_ticket(uow.connection, ticket, hash_secret(secret), uow.now)
    await uow.record(
        WebTicketMade(
            subject_id=person_id, subject_version=actor.epoch, ticket_id=ticket.id, path=command.path
        )
    )
    return NewTicket(secret, ticket.expires_at)


async def _usable(uow: Uow, secret: str) -> tuple[WebTicket, Person]:
    ticket = await repo.ticket_by_secret(uow.connection, hash_secret(secret))
    if ticket is None or ticket.used_at is not None or ticket.expires_at <= uow.now:
        raise TicketSpent()
    person = await people.person(uow.connection, ticket.person_id)
    if person is None or not person.active or person.epoch != ticket.epoch:
        raise TicketSpent()
    return ticket, person


async def _opened(uow: Uow, person: Person, by: str, device: str, path: str = "") -> OpenedSession:
    secret, now = refresh_token(), uow.now
    session = WebSession(new_id(), person.id, person.epoch, device[:200], now, now, now + SESSION_LIFE, None)
    await repo.add_session(uow.connection, session, hash_secret(secret))
    await uow.record(
        WebSessionOpened(
            subject_id=person.id,
            subject_version=person.epoch,
            session_id=session.id,
            by=by,
            device=session.device,
        )
    )
    return OpenedSession(session.id, person, secret, path)


async def _record_end(uow: Uow, session: WebSession) -> None:
    await uow.record(
        WebSessionEnded(subject_id=session.person_id, subject_version=session.epoch, session_id=session.id)
    )
