"""The notification service: a person is told once per event, by n8n's words or by Parley's own.

One rule: one row per event, recipient and kind, claimed by whoever tells first. When n8n carries the event it
has some seconds; after that, or when it is not there, Parley speaks by itself. What is not urgent makes no sound,
and waits for the end of the person's quiet hours or for their digest, whichever comes first. Whoever has a new
card that says the same hears no sentence about it.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from bots.cards.deck import CardKind
from bots.cards.sending import Blocked, Gone, Outbound, RetryLater, Uninstalled
from core.access.roles import Role
from core.accounts import repo as accounts
from core.accounts.commands import Reach
from core.accounts.model import Chat
from core.accounts.reach import reach
from core.log.deliveries import StoredEvent, row_of_event
from core.messages import repo as messages
from core.notifications import repo
from core.notifications.agenda import REMINDERS
from core.notifications.hours import silent_until
from core.notifications.repo import Expected, Notice
from core.uow import Uow
from workers import case as cases
from workers.broker import Lane
from workers.outcome import NotYet
from workers.runtime import Runtime, acting
from workers.subscribers.n8n import FLOWS
from workers.words import TELLERS, Words

log = structlog.get_logger()

LANE = Lane.chats
URGENT = frozenset({"order.cancelled", "link.confirmed"})
"""Also when a flow tells them in its own words."""
CARDS = (CardKind.request.value, CardKind.officer_request.value, CardKind.approval.value)
"""Under which something is said about a purchase."""
LONGEST = 2_800
"""Characters of one message that every platform shows whole."""
CARDED = {"rfq.sent": CardKind.vendor_rfq}
"""What a new card says, too: one message is enough."""
SUBSCRIBES_TO = ("notices.accepted", "notices.released", *TELLERS)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Tell whoever is to be told and was not told yet."""
    if event.type == "notices.accepted":
        await _send(runtime, event, ("accepted",), None)
        return
    if event.type == "notices.released":
        await _release(runtime, event)
        return
    actor = acting(Role.system_notices, event)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        notice = await TELLERS[event.type](uow, event)
        if notice is None:
            return
        expected = Expected(event.id, event.type, notice.recipients, notice.urgent)
        await repo.expect(connection, expected, uow.now)
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
            uow = runtime.uow(connection, acting(Role.system_notices, event))
            await _tell_or_keep(runtime, uow, waiting[0], words)
            await uow.finish()


async def _tell_or_keep(runtime: Runtime, uow: Uow, notice: Notice, words: Words | None) -> None:
    """Now, or when the person's quiet time is over."""
    settings = await repo.settings(uow.connection, notice.recipient)
    if settings is None:
        await repo.settle(uow.connection, notice.id, "unreachable", notice.text or "", uow.now)
        return
    said = notice.text or (words.to(settings.locale, settings.zone) if words else "")
    urgent, silent = notice.urgent or notice.kind in URGENT, silent_until(settings, uow.now)
    heard = silent is None or not urgent  # a card makes no sound in quiet hours, what is urgent does
    if heard and await _has_card(runtime, uow, notice):
        await repo.settle(uow.connection, notice.id, "carded", said, uow.now)
        return
    until = None if urgent else silent
    if until is not None:
        await repo.hold(uow.connection, notice.id, said, until)
        return
    under = words.under if words else None
    told = await _reach(runtime, uow, notice.recipient, said, silent=not urgent, under=under)
    await repo.settle(uow.connection, notice.id, "sent" if told else "unreachable", said, uow.now)


async def _has_card(runtime: Runtime, uow: Uow, notice: Notice) -> bool:
    """Whether this event gave, or is about to give, the person a card in a chat that can be written to."""
    if notice.kind not in CARDED:
        return False
    chats = await accounts.chats_of(uow.connection, [notice.recipient])
    if not any(chat.platform in runtime.chats for chat in chats):
        return False
    event = await row_of_event(uow.connection, notice.event_id)
    card = (notice.recipient, CARDED[notice.kind])
    shown = await messages.cards_of(uow.connection, event.subject_id)
    if card in {(ref.person_id, ref.card) for ref in shown}:
        return True
    if event.request_id is None:
        return False
    due = await cases.tasks(uow, await cases.read(uow, event.request_id))
    return card in {(task.person_id, task.card) for task in due}


async def _release(runtime: Runtime, event: StoredEvent) -> None:
    """Everything that was kept for one person, in one message."""
    async with runtime.engine.begin() as connection:
        kept = await repo.released_for(connection, event.subject_id)
        if not kept:
            return
        uow = runtime.uow(connection, acting(Role.system_notices, event))
        due = [notice for notice in kept if await _still_so(uow, notice)]
        said = _in_one([notice.text or "" for notice in due])
        told = bool(due) and await _reach(runtime, uow, event.subject_id, said, silent=True)
        for notice in kept:
            state = "outdated" if notice not in due else "sent" if told else "unreachable"
            await repo.settle(connection, notice.id, state, notice.text or "", uow.now)
        await uow.finish()


def _in_one(parts: Sequence[str]) -> str:
    """All of it; where that is too much for one message, the beginning of each, so that none is left out."""
    together = "\n\n".join(parts)
    if len(together) <= LONGEST:
        return together
    room = LONGEST // len(parts) - 2
    return "\n\n".join(part if len(part) <= room else f"{part[: room - 1]}…" for part in parts)


async def _still_so(uow: Uow, notice: Notice) -> bool:
    """A reminder of something that was done during the quiet hours is not told."""
    if notice.kind not in REMINDERS:
        return True
    now = await TELLERS[notice.kind](uow, await row_of_event(uow.connection, notice.event_id))
    return now is not None and notice.recipient in now.recipients


async def _reach(
    runtime: Runtime, uow: Uow, person_id: UUID, said: str, *, silent: bool, under: UUID | None = None
) -> bool:
    """Whether one of the person's chats took it; a blocked one is marked and not tried again.

    Once they were told, a chat that asks for a pause is passed over: nobody is told twice for its sake.
    """
    told = False
    for chat in await accounts.chats_of(uow.connection, [person_id]):
        if chat.platform not in runtime.chats:
            continue
        try:
            card = await _card(uow, chat, under) if under else ""
            await _say(runtime.chats[chat.platform], chat.external_id, said, silent=silent, under=card)
        except Uninstalled:
            continue
        except (Blocked, Gone):
            await reach(uow, uow.actor, Reach(chat.platform, chat.external_id, reachable=False))
            log.warning("chat.unreachable", platform=chat.platform, person=str(chat.person_id))
        except RetryLater as pause:
            if told:
                continue
            raise NotYet(dt.timedelta(seconds=pause.seconds), "a chat asks for a pause") from pause
        else:
            told = True
    return told


async def _card(uow: Uow, chat: Chat, request_id: UUID) -> str:
    """The message of the newest card of this purchase that stands in the chat; nothing when there is none."""
    subjects = await cases.subjects(uow, request_id)
    found = await messages.newest_card(uow.connection, chat, subjects, CARDS)
    return (found.message_id or "") if found else ""


async def _say(chat: Outbound, chat_id: str, said: str, *, silent: bool, under: str) -> None:
    """Under its card; where that is gone, plainly."""
    if under:
        with suppress(Gone):
            await chat.text(chat_id, said, silent=silent, under=under)
            return
    await chat.text(chat_id, said, silent=silent)
