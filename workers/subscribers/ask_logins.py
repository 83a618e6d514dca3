"""The subscriber ``logins``: asks the chats of a person which number the browser shows that says it is theirs.

One rule: every chat of the person is asked, and nobody else; a question that is answered or over is not asked.

The chats are written to outside of any transaction. What one of them took is not sent again because another did not.
"""

import datetime as dt
from collections.abc import Sequence

import structlog

from api.present.people import web_login_question
from bots.cards import web_login
from bots.cards.card import Card
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import repo as accounts
from core.accounts.commands import SetChatReachable
from core.accounts.reach import set_chat_reachable
from core.log.stored import StoredEvent
from core.people import repo as people
from core.web_sessions import repo
from core.web_sessions.events import WebMatchAsked
from core.web_sessions.model import MatchState
from workers.broker import Queue
from workers.cards.redraw import viewer_of
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor

log = structlog.get_logger()

QUEUE = Queue.chats
SUBSCRIBES_TO = (WebMatchAsked,)
Address = tuple[str, str]
"""A platform, and the chat's id there."""


async def run(runtime: Runtime, event: WebMatchAsked, stored: StoredEvent) -> None:
    """Ask in each chat that the person has; the page of the browser waits for one answer."""
    actor = system_actor(Role.system_notices, stored)
    card, chats = await _question(runtime, actor, event)
    if card is None:
        return
    taken, lost, failures = 0, [], list[Exception]()
    for platform, chat_id in chats:
        try:
            await runtime.chats[platform].post(chat_id, card)
            taken += 1
        except Uninstalled:
            continue
        except (Blocked, Gone):
            lost.append(SetChatReachable(platform, chat_id, reachable=False))
        except RetryLater as pause:
            failures.append(pause)
        except Exception as error:
            log.warning("login.not_asked", platform=platform, exc_info=error)
            failures.append(error)
    if lost:
        await _note_lost(runtime, actor, lost)
    if failures and not taken:
        _try_again(failures)


async def _question(
    runtime: Runtime, actor: Actor, event: WebMatchAsked
) -> tuple[Card | None, Sequence[Address]]:
    """The card and the chats to ask; no card when nobody waits for an answer any more."""
    async with runtime.engine.begin() as connection:
        match = await repo.match_by_id(connection, event.match_id)
        reader = await people.person(connection, event.subject_id)
        now = runtime.uow(connection, actor).now
        if match is None or reader is None or match.state(now) is not MatchState.waiting:
            return None, ()
        chats = await accounts.chats_of(connection, [reader.id])
    asked = [(chat.platform, chat.external_id) for chat in chats if chat.platform in runtime.chats]
    return web_login.for_person(web_login_question(match), viewer_of(reader)), asked


async def _note_lost(runtime: Runtime, actor: Actor, lost: Sequence[SetChatReachable]) -> None:
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        for each in lost:
            await set_chat_reachable(uow, actor, each)
        await uow.finish()


def _try_again(failures: Sequence[Exception]) -> None:
    """After the shortest pause that a platform asks for; without one the delivery fails."""
    pauses = [failure.seconds for failure in failures if isinstance(failure, RetryLater)]
    if not pauses:
        raise failures[0]
    raise DeliveryPostponed(dt.timedelta(seconds=min(pauses)), "a chat asks for a pause")
