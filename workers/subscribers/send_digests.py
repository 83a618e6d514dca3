"""The subscriber ``digest``: once a day, at the person's hour, a summary on the first of their chats that takes it.

One rule: the row of the person's day is locked while the chat answers and written in the same transaction.

An empty digest is not sent, and its day counts as done.
"""

import datetime as dt

from api.present.digest import digest as present
from bots.cards import digest as digest_card
from bots.cards.card import Card
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
from bots.cards.weekly import with_figures
from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import repo as accounts
from core.accounts.commands import SetChatReachable
from core.accounts.reach import set_chat_reachable
from core.db.connection import Connection
from core.log.stored import StoredEvent
from core.notifications import digest_content, digests
from core.notifications.events import DigestDue
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from workers.broker import Queue
from workers.cards.redraw import viewer_of
from workers.outcome import LOCKED_SECONDS, DeliveryPostponed
from workers.runtime import Runtime, system_actor
from workers.weekly_figures import weekly_figures

QUEUE = Queue.chats
SUBSCRIBES_TO = (DigestDue,)


async def run(runtime: Runtime, event: DigestDue, stored: StoredEvent) -> None:
    """Send the digest that has become due, unless it was sent already."""
    actor = system_actor(Role.system_notices, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        digest = await digests.lock_due(connection, event.digest_id)
        if digest is None and await digests.is_due(connection, event.digest_id):
            raise DeliveryPostponed(dt.timedelta(seconds=LOCKED_SECONDS), "another worker is sending it")
        reader = await people.person(connection, digest.person_id) if digest else None
        if digest is None or reader is None:
            return
        card = await _card(uow, reader, digest.day)
        state = "empty" if card is None else await _send(runtime, uow, actor, reader, card)
        await digests.finish(connection, digest, state, uow.now)
        await uow.finish()


async def _card(uow: Uow, reader: Person, day: dt.date) -> Card | None:
    """Drawn with the reader's own rights, with the week's figures on its first day; None when it is empty."""
    found, viewer = await digest_content.read_content(uow, people.as_actor(reader)), viewer_of(reader)
    card = None if found.empty else digest_card.for_person(present(found), viewer)
    sentences = await weekly_figures(uow, reader, day)
    return with_figures(card, sentences, viewer) if sentences else card


async def _send(runtime: Runtime, uow: Uow, actor: Actor, reader: Person, card: Card) -> str:
    for platform, chat_id in await _chats(runtime, uow.connection, reader):
        try:
            await runtime.chats[platform].post(chat_id, card)
        except Uninstalled:
            continue
        except (Blocked, Gone):
            await set_chat_reachable(uow, actor, SetChatReachable(platform, chat_id, reachable=False))
        except RetryLater as pause:
            raise DeliveryPostponed(dt.timedelta(seconds=pause.seconds), "a chat asks for a pause") from pause
        else:
            return "sent"
    return "unreachable"


async def _chats(runtime: Runtime, connection: Connection, reader: Person) -> list[tuple[str, str]]:
    return [
        (chat.platform, chat.external_id)
        for chat in await accounts.chats_of(connection, [reader.id])
        if chat.platform in runtime.chats
    ]
