"""The subscriber ``logins``: asks the chats of a person which number the browser shows that says it is theirs.

One rule: every chat of the person is asked, and nobody else; a question that is answered or over is not asked.
"""

import datetime as dt

from api.present.people import web_login_question
from bots.cards import web_login
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
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

QUEUE = Queue.chats
SUBSCRIBES_TO = (WebMatchAsked,)


async def run(runtime: Runtime, event: WebMatchAsked, stored: StoredEvent) -> None:
    """Ask in each chat that the person has; the page of the browser waits for one answer."""
    actor = system_actor(Role.system_notices, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        match = await repo.match_by_id(connection, event.match_id)
        reader = await people.person(connection, event.subject_id)
        if match is None or reader is None or match.state(uow.now) is not MatchState.waiting:
            return
        card = web_login.for_person(web_login_question(match), viewer_of(reader))
        for chat in await accounts.chats_of(connection, [reader.id]):
            if chat.platform not in runtime.chats:
                continue
            try:
                await runtime.chats[chat.platform].post(chat.external_id, card)
            except Uninstalled:
                continue
            except (Blocked, Gone):
                lost = SetChatReachable(chat.platform, chat.external_id, reachable=False)
                await set_chat_reachable(uow, actor, lost)
            except RetryLater as pause:
                raise DeliveryPostponed(
                    dt.timedelta(seconds=pause.seconds), "a chat asks for a pause"
                ) from pause
        await uow.finish()
