"""The read models of browser sessions: one's own, and whether a number was pressed."""

from collections.abc import Sequence

from core.access.actor import Actor
from core.access.guard import PROVED_FOR, person_of, requires
from core.access.permissions import Permission
from core.accounts import repo as accounts
from core.kernel.one_time import hash_secret
from core.uow import Uow
from core.web_sessions import repo
from core.web_sessions.errors import MatchClosed, SignInFailed
from core.web_sessions.model import MatchSeen, NumberMatch, SignInProof, TicketPreview, WebSession


@requires(Permission.me_read)
async def my_sessions(uow: Uow, actor: Actor) -> Sequence[WebSession]:
    """Where this person is logged in, the browser used last on top."""
    return await repo.sessions_of(uow.connection, person_of(actor), uow.now)


@requires(Permission.me_read)
async def is_confirmed(uow: Uow, actor: Actor, session_secret: str) -> bool:
    """Whether this person proved in this browser, minutes ago, who they are."""
    since, hashed = uow.now - PROVED_FOR, hash_secret(session_secret)
    return await repo.is_confirmed(uow.connection, hashed, person_of(actor), since)


async def see_match(uow: Uow, actor: Actor, secret: str) -> MatchSeen:
    """The number of this browser, and how it stands; MatchClosed when it has none."""
    match = await repo.match_by_secret(uow.connection, hash_secret(secret))
    if match is None:
        raise MatchClosed()
    return MatchSeen(match.number, match.state(uow.now))


async def preview_chat(
    uow: Uow, actor: Actor, platform: str, external_id: str, proof: SignInProof
) -> TicketPreview:
    """Whom an account would let in, with a proof that was not used; nothing is used up."""
    person = await accounts.person_of_chat(uow.connection, platform, external_id)
    if person is None or not person.active or await repo.is_used(uow.connection, proof):
        raise SignInFailed(platform=platform.capitalize())
    return TicketPreview(person.name, person.locale)


@requires(Permission.me_read)
async def my_waiting_match(uow: Uow, actor: Actor, number: int | None) -> NumberMatch:
    """The newest one that waits for this person's answer, or the only one that offers ``number``.

    MatchClosed when none does, and when several offer it: nobody then knows which browser is meant.
    """
    waiting = await repo.waiting_matches(uow.connection, person_of(actor), uow.now)
    found = [match for match in waiting if number is None or number in match.offered]
    if not found or (number is not None and len(found) > 1):
        raise MatchClosed()
    return found[0]
