"""Bringing copies of cards up to date: read with the reader's rights, draw, send what differs, store.

One rule: a chat that asks for a pause gets nothing more in this run, and no chat waits for another.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import structlog

from bots.cards.card import Card
from bots.cards.drawing import CardKind, Viewer, draw
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
from core.access.actor import Actor
from core.accounts import repo as accounts
from core.accounts.commands import SetChatReachable
from core.accounts.reach import set_chat_reachable
from core.kernel.errors import MissingPermission, NotFound
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.notifications import repo as notifications
from core.notifications.quiet_hours import silent_until
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from workers.cards.card_models import model_for
from workers.runtime import Runtime

log = structlog.get_logger()

RETRY_WHEN_LOCKED = 0.5
"""Seconds after which to try a copy again that another worker has locked: what that one draws may be older."""


async def redraw_all(runtime: Runtime, actor: Actor, refs: Iterable[MessageRef]) -> float:
    """Chats concurrently, the cards of one chat in order; the longest pause in seconds, 0 when all are current."""
    chats: dict[tuple[str, str], list[UUID]] = {}
    for ref in refs:
        chats.setdefault((ref.platform, ref.chat_id), []).append(ref.id)
    done = await asyncio.gather(
        *(_chat(runtime, actor, ids) for ids in chats.values()), return_exceptions=True
    )
    for outcome in done:
        if isinstance(outcome, BaseException):
            raise outcome
    return max((pause for pause in done if isinstance(pause, float)), default=0.0)


async def _chat(runtime: Runtime, actor: Actor, ref_ids: list[UUID]) -> float:
    for ref_id in ref_ids:
        async with runtime.chat_slots:
            pause = await _redraw(runtime, actor, ref_id)
        if pause > 0:
            return pause
    return 0.0


async def _redraw(runtime: Runtime, actor: Actor, ref_id: UUID) -> float:
    """Bring one copy up to date, with its reference locked while the platform answers; returns seconds to wait."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        ref = await messages.lock_ref(connection, ref_id)
        if ref is None:
            return RETRY_WHEN_LOCKED
        reader = await people.person(connection, ref.person_id)
        if reader is None or ref.state == "gone" or ref.platform not in runtime.chats:
            return 0.0
        if not await accounts.is_reachable(connection, ref.platform, ref.chat_id):
            return 0.0
        drawn = await _draw(uow, ref, reader)
        if drawn is None:
            return 0.0
        card, version = drawn
        fingerprint = runtime.chats[ref.platform].fingerprint(card)
        if ref.message_id is not None and fingerprint == ref.content_hash:
            return 0.0
        try:
            message_id = await _send(runtime, uow, ref, card)
        except Gone:
            await messages.mark_gone(connection, ref.id, uow.now)
        except Uninstalled:
            return 0.0  # sent or brought up to date when the app is installed again
        except Blocked:
            await _blocked(uow, actor, ref)
        except RetryLater as pause:
            return pause.seconds
        else:
            await messages.mark_sent(connection, ref.id, message_id, version, fingerprint, uow.now)
        await uow.finish()
    return 0.0


async def _draw(uow: Uow, ref: MessageRef, reader: Person) -> tuple[Card, int] | None:
    """The card as its reader may see it now; None when they may not see it any more."""
    try:
        model, version = await model_for(uow, people.as_actor(reader), CardKind(ref.card), ref.subject_id)
    except (NotFound, MissingPermission):
        return None
    return draw(CardKind(ref.card), model, viewer_of(reader)), version


def viewer_of(reader: Person) -> Viewer:
    """A person as the reader of a card."""
    return Viewer(
        person_id=reader.id,
        locale=reader.locale,
        zone=reader.zone,
        roles=frozenset(role.value for role in reader.roles),
        vendor_id=reader.vendor_id,
    )


async def _send(runtime: Runtime, uow: Uow, ref: MessageRef, card: Card) -> str:
    """Edit the message or post a new one, without a sound in quiet hours; returns the message id."""
    chat = runtime.chats[ref.platform]
    if ref.message_id is not None:
        await chat.edit(ref.chat_id, ref.message_id, card)
        return ref.message_id
    settings = await notifications.preferences_of(uow.connection, ref.person_id)
    quiet = settings is not None and silent_until(settings, uow.now) is not None
    return await chat.post(ref.chat_id, replace(card, silent=card.silent or quiet))


async def _blocked(uow: Uow, actor: Actor, ref: MessageRef) -> None:
    """Mark the chat as unreachable; its cards are brought up to date when the person comes back."""
    if ref.message_id is None:
        await messages.mark_gone(uow.connection, ref.id, uow.now)
    await set_chat_reachable(uow, actor, SetChatReachable(ref.platform, ref.chat_id, reachable=False))
    log.warning("chat.unreachable", platform=ref.platform, person=str(ref.person_id))
