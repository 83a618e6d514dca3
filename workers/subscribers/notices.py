"""The notification service: a person is told once per event, by n8n's words or by Parley's own.

One rule: one row per event, recipient and kind, claimed by whoever tells first. When n8n carries the event it
has some seconds; after that, or when it is not there, Parley speaks by itself.
"""

import datetime as dt

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.cards.sending import Blocked, Gone, RetryLater
from core.access.roles import Role
from core.identity import directory
from core.identity import repo as identity
from core.identity.directory import Chat
from core.log.deliveries import StoredEvent
from core.notifications import repo
from core.notifications.repo import Notice
from workers.outcome import NotYet
from workers.runtime import Runtime, acting
from workers.subscribers.n8n import FLOWS
from workers.words import TELLERS, Words

log = structlog.get_logger()

SUBSCRIBES_TO = ("notices.accepted", *TELLERS)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Tell whoever is to be told and was not told yet."""
    if event.type == "notices.accepted":
        await _send(runtime, event, ("accepted",), None)
        return
    actor = acting(Role.system_notices, event)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        notice = await TELLERS[event.type](uow, event)
        if notice is None:
            return
        await repo.expect(connection, event.id, event.type, notice.recipients, uow.now)
    patience = runtime.settings.patience_for_notices
    waited = runtime.clock.now() - event.occurred_at
    if event.type in FLOWS and waited < patience:
        raise NotYet(patience - waited, "n8n may tell it first")
    await _send(runtime, event, ("waiting", "accepted"), notice.words)


async def _send(runtime: Runtime, event: StoredEvent, states: tuple[str, ...], words: Words | None) -> None:
    """One transaction per person: the row is held while the chat answers."""
    about = event.subject_id if event.type == "notices.accepted" else event.id
    while True:
        async with runtime.engine.begin() as connection:
            waiting = await repo.of_event(connection, about, states)
            if not waiting:
                return
            await _tell(runtime, connection, waiting[0], words)


async def _tell(runtime: Runtime, connection: AsyncConnection, notice: Notice, words: Words | None) -> None:
    chats = [
        chat
        for chat in await directory.chats_of(connection, [notice.recipient])
        if chat.platform in runtime.chats
    ]
    told, said = False, notice.text or ""
    for chat in chats:
        said = notice.text or (words.to(chat.locale, chat.zone) if words else "")
        told = await _reach(runtime, connection, chat, said) or told
    state = "sent" if told else "unreachable"
    await repo.settle(connection, notice.id, state, said, runtime.clock.now())


async def _reach(runtime: Runtime, connection: AsyncConnection, chat: Chat, said: str) -> bool:
    """Whether the chat took it; a blocked one is marked and not tried again."""
    try:
        await runtime.chats[chat.platform].text(chat.external_id, said)
    except (Blocked, Gone):
        await identity.mark_unreachable(connection, chat.platform, [chat.external_id])
        log.warning("chat.unreachable", platform=chat.platform, person=str(chat.person_id))
        return False
    except RetryLater as pause:
        raise NotYet(dt.timedelta(seconds=pause.seconds), "a chat asks for a pause") from pause
    return True
