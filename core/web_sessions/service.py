"""Opens, renews, confirms and ends a person's session in a browser: by password, by a ticket that their chat asked
for, or by a number that the browser shows and their chat asks for.

One rule: a ticket or a number is only used up by the command that opens the session; looking at it changes nothing.

A session lives thirty days, until it is ended, or until the person's rights change. Its secret stays the same, so that
several tabs of one browser cannot end it by renewing at the same moment.
"""

import datetime as dt
from secrets import SystemRandom
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.accounts import repo as accounts
from core.accounts.commands import Login
from core.accounts.errors import WrongLogin
from core.accounts.sessions import person_by_password
from core.kernel.errors import NotFound, Unauthenticated
from core.kernel.ids import new_id
from core.kernel.one_time import OneTimeSecret, hash_secret
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from core.web_sessions import repo
from core.web_sessions.commands import (
    AnswerMatch,
    AskConfirmation,
    AskLogin,
    CloseSession,
    ConfirmByMatch,
    ConfirmByPassword,
    EndSession,
    MakeTicket,
    OpenByChat,
    OpenByMatch,
    OpenByPassword,
    OpenByTicket,
    RenewSession,
)
from core.web_sessions.errors import MatchClosed, SignInFailed, TicketSpent, WrongPassword
from core.web_sessions.events import (
    WebMatchAnswered,
    WebMatchAsked,
    WebSessionConfirmed,
    WebSessionEnded,
    WebSessionOpened,
    WebTicketMade,
)
from core.web_sessions.model import (
    MatchState,
    NewMatch,
    NewTicket,
    NumberMatch,
    OpenedSession,
    TicketPreview,
    WebSession,
    WebTicket,
)

SESSION_LIFE = dt.timedelta(days=30)
TICKET_LIFE = dt.timedelta(minutes=2)
MATCH_LIFE = dt.timedelta(minutes=3)
REFUSED_FOR = dt.timedelta(minutes=15)
"""For how long no number can be asked for where the person said that it was not they."""
OFFERED_TO_LOG_IN = 3
OFFERED_TO_CONFIRM = 9
"""A confirmation opens dangerous changes, so a guess has to be worth less."""
PROVING = ("password",)
"""What opens a session and confirms at the same time who sits there.

A ticket is only a link, and a number may have been asked for by anybody and pressed by chance.
"""


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
    once = OneTimeSecret.new(uow.now, TICKET_LIFE)
    ticket = WebTicket(new_id(), person_id, actor.epoch, command.path, once.expires_at, None)
    await repo.add_ticket(uow.connection, ticket, once.hashed, uow.now)
    await uow.record(
        WebTicketMade(
            subject_id=person_id, subject_version=actor.epoch, ticket_id=ticket.id, path=command.path
        )
    )
    return NewTicket(once.secret, once.expires_at)


async def ask_login(uow: Uow, actor: Actor, command: AskLogin) -> NewMatch:
    """A number for this browser, and a question in the chats of whoever has this address; all addresses look alike."""
    known = await people.person_by_email(uow.connection, command.email)
    person = known[0] if known is not None and await _may_be_asked(uow, known[0], None) else None
    return await _ask(uow, person, None, command.device, command.path)


@requires(Permission.me_change)
async def ask_confirmation(uow: Uow, actor: Actor, command: AskConfirmation) -> NewMatch:
    """The same for somebody who is inside, to prove that it is still they; what was refused at a login is no matter."""
    session = await _own_session(uow, actor, command.session_secret)
    known = await people.person(uow.connection, session.person_id)
    person = known if known is not None and await _may_be_asked(uow, known, session.id) else None
    return await _ask(uow, person, session.id, session.device, "")


@requires(Permission.me_change)
async def answer_match(uow: Uow, actor: Actor, command: AnswerMatch) -> MatchState:
    """Say which number the browser shows, once; a wrong one, or none, lets nobody in."""
    match = await repo.match_by_id(uow.connection, command.match_id)
    if match is None or match.person_id != person_of(actor):
        raise MatchClosed()
    matched = command.number == match.number
    if not await repo.answer_match(uow.connection, match, uow.now, matched=matched):
        raise MatchClosed()
    await uow.record(
        WebMatchAnswered(
            subject_id=match.person_id, subject_version=actor.epoch, match_id=match.id, matched=matched
        )
    )
    return MatchState.matched if matched else MatchState.refused


async def open_by_match(uow: Uow, actor: Actor, command: OpenByMatch) -> OpenedSession:
    """A session for whoever pressed the right number; it is used up, and confirms nothing."""
    match, person = await _matched(uow, command.secret)
    if match.session_id is not None:
        raise MatchClosed()
    return await _opened(uow, person, "number", match.device, match.path)


async def open_by_chat(uow: Uow, actor: Actor, command: OpenByChat) -> OpenedSession:
    """A session for the person that this account is linked to; it confirms nothing."""
    person = await accounts.person_of_chat(uow.connection, command.platform, command.external_id)
    if person is None or not person.active:
        raise SignInFailed(platform=command.platform.capitalize())
    if command.proof is not None and not await repo.use_proof(uow.connection, command.proof):
        raise SignInFailed(platform=command.platform.capitalize())
    return await _opened(uow, person, command.platform, command.device)


@requires(Permission.me_change)
async def confirm_by_match(uow: Uow, actor: Actor, command: ConfirmByMatch) -> None:
    """The session is confirmed by the number that was pressed."""
    session = await _own_session(uow, actor, command.session_secret)
    match, _ = await _matched(uow, command.secret)
    if match.session_id != session.id:
        raise MatchClosed()
    await _confirm(uow, session, "number")


@requires(Permission.me_change)
async def confirm_by_password(uow: Uow, actor: Actor, command: ConfirmByPassword) -> None:
    """The session is confirmed by its person's password; WrongPassword when it is not theirs."""
    session = await _own_session(uow, actor, command.session_secret)
    person = await people.person(uow.connection, session.person_id)
    try:
        await person_by_password(uow, Login((person and person.email) or "", command.password))
    except WrongLogin as error:
        raise WrongPassword() from error
    await _confirm(uow, session, "password")


async def _may_be_asked(uow: Uow, person: Person, session_id: UUID | None) -> bool:
    since = uow.now - REFUSED_FOR
    return person.active and not await repo.refused_since(uow.connection, person.id, session_id, since)


async def _ask(uow: Uow, person: Person | None, session_id: UUID | None, device: str, path: str) -> NewMatch:
    once, chance = OneTimeSecret.new(uow.now, MATCH_LIFE), SystemRandom()
    offered = sorted(chance.sample(range(10, 100), OFFERED_TO_CONFIRM if session_id else OFFERED_TO_LOG_IN))
    match = NumberMatch(
        id=new_id(),
        person_id=person.id if person else None,
        epoch=person.epoch if person else 0,
        session_id=session_id,
        device=device[:200],
        path=path,
        number=chance.choice(offered),
        offered=tuple(offered),
        expires_at=once.expires_at,
        answered_at=None,
        matched=False,
        used_at=None,
    )
    await repo.add_match(uow.connection, match, once.hashed, uow.now)
    if person is not None:
        await uow.record(
            WebMatchAsked(
                subject_id=person.id,
                subject_version=person.epoch,
                match_id=match.id,
                purpose="confirm" if session_id else "login",
                device=match.device,
            )
        )
    return NewMatch(once.secret, match.number)


async def _matched(uow: Uow, secret: str) -> tuple[NumberMatch, Person]:
    """The match of this browser and its person, used up now; MatchClosed when it lets nobody in."""
    match = await repo.match_by_secret(uow.connection, hash_secret(secret))
    if match is None or match.person_id is None or match.state(uow.now) is not MatchState.matched:
        raise MatchClosed()
    person = await people.person(uow.connection, match.person_id)
    if person is None or not person.active or person.epoch != match.epoch:
        raise MatchClosed()
    if not await repo.consume_match(uow.connection, match.id, uow.now):
        raise MatchClosed()
    return match, person


async def _own_session(uow: Uow, actor: Actor, secret: str) -> WebSession:
    session = await repo.session_by_secret(uow.connection, hash_secret(secret))
    if session is None or session.ended_at is not None or session.person_id != actor.person_id:
        raise Unauthenticated()
    return session


async def _confirm(uow: Uow, session: WebSession, by: str) -> None:
    await repo.note_confirmed(uow.connection, session.id, uow.now)
    await uow.record(
        WebSessionConfirmed(
            subject_id=session.person_id, subject_version=session.epoch, session_id=session.id, by=by
        )
    )


async def _usable(uow: Uow, secret: str) -> tuple[WebTicket, Person]:
    ticket = await repo.ticket_by_secret(uow.connection, hash_secret(secret))
    if ticket is None or ticket.used_at is not None or ticket.expires_at <= uow.now:
        raise TicketSpent()
    person = await people.person(uow.connection, ticket.person_id)
    if person is None or not person.active or person.epoch != ticket.epoch:
        raise TicketSpent()
    return ticket, person


async def _opened(uow: Uow, person: Person, by: str, device: str, path: str = "") -> OpenedSession:
    once, now = OneTimeSecret.new(uow.now, SESSION_LIFE), uow.now
    session = WebSession(new_id(), person.id, person.epoch, device[:200], now, now, once.expires_at, None)
    await repo.add_session(uow.connection, session, once.hashed)
    if by in PROVING:
        await repo.note_confirmed(uow.connection, session.id, now)
    await uow.record(
        WebSessionOpened(
            subject_id=person.id,
            subject_version=person.epoch,
            session_id=session.id,
            by=by,
            device=session.device,
        )
    )
    return OpenedSession(session.id, person, once.secret, path)


async def _record_end(uow: Uow, session: WebSession) -> None:
    await uow.record(
        WebSessionEnded(subject_id=session.person_id, subject_version=session.epoch, session_id=session.id)
    )
