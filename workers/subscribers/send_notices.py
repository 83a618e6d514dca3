"""The subscriber ``notices``: each person gets one message per event, with n8n's text or with Parley's.

One rule: there is one row per event, recipient and kind, and whoever claims it first sends the message.

When a flow of n8n handles the event, it has some seconds to send its own text; after that Parley sends its own. A
notice that is not urgent makes no sound and waits for the end of the person's quiet hours or for their digest,
whichever comes first. Nobody gets a notice about something that a new card shows them.
"""

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.accounts.events import LinkConfirmed
from core.log.events import Event
from core.log.stored import StoredEvent, read_event
from core.messages import repo as messages
from core.notifications import repo
from core.notifications.digest_content import REMINDERS
from core.notifications.events import NoticesAccepted, NoticesReleased
from core.notifications.repo import ExpectedNotices, HandledNotice, Notice
from core.orders.events import OrderCancelled, OrderDeclined
from core.rfqs.events import RfqSent
from core.uow import Uow
from core.worklist import queries as worklist
from workers import purchases
from workers.broker import Queue
from workers.notices.notice_table import NOTICES, plan_notice
from workers.notices.planned_notice import PlannedNotice
from workers.notices.send_text import (
    TextOutcome,
    TextToSend,
    cards_in_chats,
    send_text,
)
from workers.outcome import LOCKED_SECONDS, DeliveryPostponed
from workers.readers import Reader, readers_by_ids
from workers.runtime import Runtime, system_actor
from workers.subscribers.start_flows import flow_of
from workers.unreachable import mark_unreachable

QUEUE = Queue.chats
URGENT = frozenset({OrderCancelled.type, OrderDeclined.type, LinkConfirmed.type})
"""Kinds that are urgent even when a flow sends its own text."""
MAX_TOGETHER = 40
"""People who are told at the same time."""
MAX_TEXT_LENGTH = 2_800
"""Characters of one message that every platform shows whole."""
SHOWN_ON_CARD = {RfqSent.type: CardKind.vendor_rfq}
"""Kinds whose content a new card shows: one message is enough."""
SUBSCRIBES_TO: tuple[type[Event], ...] = (NoticesAccepted, NoticesReleased, *NOTICES)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Send the notices of this event that were not sent yet."""
    if isinstance(event, NoticesAccepted):
        await _send(runtime, stored, event.subject_id, ("accepted",))
        return
    if isinstance(event, NoticesReleased):
        await _release(runtime, stored)
        return
    timeout = runtime.settings.notice_timeout
    waited = runtime.clock.now() - stored.occurred_at
    if flow_of(event) is not None and waited < timeout:
        raise DeliveryPostponed(timeout - waited, "n8n may send it first")
    await _send(runtime, stored, stored.id, ("waiting", "accepted"))


async def _send(runtime: Runtime, stored: StoredEvent, about: UUID, states: tuple[str, ...]) -> None:
    """The notices about the event ``about``, some at a time; their rows are locked while the chats answer."""
    left = True
    while left:
        async with runtime.engine.begin() as connection:
            uow = runtime.uow(connection, system_actor(Role.system_notices, stored))
            found = await repo.open_notices(connection, about, states, MAX_TOGETHER)
            planned, new = None, list[Notice]()
            if about == stored.id and (found.locked or not found.planned):
                planned = await plan_notice(uow, stored)
                if planned is None:
                    return
                if not found.planned:
                    new = await repo.add_expected(connection, _expected(stored, planned), uow.now)
            waiting = [*found.locked, *new][:MAX_TOGETHER]
            outcomes = await _send_or_hold(runtime, uow, stored, waiting, planned) if waiting else ()
            await uow.finish()
        _raise_first(outcomes)
        left = found.count + len(new) > len(waiting)
        if left and not waiting:
            raise DeliveryPostponed(
                dt.timedelta(seconds=LOCKED_SECONDS), "another worker is sending the rest"
            )


def _expected(stored: StoredEvent, planned: PlannedNotice) -> ExpectedNotices:
    return ExpectedNotices(stored.id, stored.type, planned.recipients, planned.urgent)


def _raise_first(outcomes: Iterable[TextOutcome]) -> None:
    """The first error, or the shortest pause, now that what was sent is stored."""
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
    pauses = [outcome.pause for outcome in outcomes if outcome.pause > 0]
    if pauses:
        raise DeliveryPostponed(dt.timedelta(seconds=min(pauses)), "a chat asks for a pause")


async def _send_or_hold(
    runtime: Runtime,
    uow: Uow,
    stored: StoredEvent,
    waiting: Sequence[Notice],
    planned: PlannedNotice | None,
) -> Sequence[TextOutcome]:
    """Tell everybody at the same time, or hold until a person's quiet hours are over; store what became of each."""
    message = planned.message if planned else None
    readers = await readers_by_ids(uow.connection, [notice.recipient for notice in waiting])
    carded = await _who_has_a_card(uow, stored, waiting)
    cards = await cards_in_chats(uow, message.under) if message and message.under else {}
    handled: list[HandledNotice] = []
    to_send: list[tuple[Notice, Reader, TextToSend]] = []
    for notice in waiting:
        reader = readers.get(notice.recipient)
        if reader is None or not reader.person.active:
            handled.append(HandledNotice(notice.id, "unreachable", notice.text or ""))
            continue
        text = notice.text or (message.render(reader.person.locale, reader.person.zone) if message else "")
        on_card = (notice.recipient, notice.kind) in carded and reader.has_chat_on(runtime.chats)
        urgent, silent = notice.urgent or notice.kind in URGENT, reader.silent_until(uow.now)
        if on_card and not (urgent and silent):  # in quiet hours a card makes no sound
            handled.append(HandledNotice(notice.id, "carded", text))
        elif silent and not urgent:
            handled.append(HandledNotice(notice.id, "held", text, silent))
        else:
            except_chat = message.except_chat if message else None
            to_send.append((notice, reader, TextToSend(text, not urgent, cards, except_chat)))
    outcomes = await asyncio.gather(*(send_text(runtime, reader, each) for _, reader, each in to_send))
    for (notice, _, each), outcome in zip(to_send, outcomes, strict=True):
        await _mark_blocked(uow, outcome)
        if outcome.is_final:
            state = "sent" if outcome.delivered else "unreachable"
            handled.append(HandledNotice(notice.id, state, each.text))
    await repo.store_notices(uow.connection, handled, uow.now)
    return outcomes


async def _mark_blocked(uow: Uow, outcome: TextOutcome) -> None:
    for chat in outcome.blocked:
        await mark_unreachable(uow, chat.platform, chat.external_id, chat.person_id)


async def _who_has_a_card(uow: Uow, stored: StoredEvent, waiting: Sequence[Notice]) -> set[tuple[UUID, str]]:
    """Whom this event gave or will give a card that shows it, with the kind of notice that is then superfluous."""
    kinds = {notice.kind for notice in waiting if notice.kind in SHOWN_ON_CARD}
    if not kinds:
        return set()
    about = waiting[0].event_id
    event = stored if about == stored.id else await read_event(uow.connection, about)
    shown = {(ref.person_id, ref.card) for ref in await messages.cards_of(uow.connection, event.subject_id)}
    if event.request_id is not None:
        items = await worklist.of_purchase(uow, event.request_id)
        shown |= {
            (item.person_id, purchases.CARDS[item.kind]) for item in items if item.kind in purchases.CARDS
        }
    return {(person_id, kind) for kind in kinds for person_id, card in shown if card == SHOWN_ON_CARD[kind]}


async def _release(runtime: Runtime, stored: StoredEvent) -> None:
    """All notices that were held for one person, in one message."""
    async with runtime.engine.begin() as connection:
        held = await repo.released_for(connection, stored.subject_id)
        if len(held) < await repo.count_released(connection, stored.subject_id):
            raise DeliveryPostponed(dt.timedelta(seconds=LOCKED_SECONDS), "another worker is sending them")
        if not held:
            return
        uow = runtime.uow(connection, system_actor(Role.system_notices, stored))
        due = [notice for notice in held if await _still_applies(uow, notice)]
        reader = (await readers_by_ids(connection, [stored.subject_id])).get(stored.subject_id)
        outcome = TextOutcome()
        if due and reader is not None:
            text = _joined([notice.text or "" for notice in due])
            outcome = await send_text(runtime, reader, TextToSend(text, silent=True))
        await _mark_blocked(uow, outcome)
        state = "sent" if outcome.delivered else "unreachable"
        handled = [
            HandledNotice(notice.id, state if notice in due else "outdated", notice.text or "")
            for notice in held
            if outcome.is_final or notice not in due
        ]
        await repo.store_notices(connection, handled, uow.now)
        await uow.finish()
    _raise_first([outcome])


def _joined(parts: Sequence[str]) -> str:
    """One text; each part is shortened when they do not all fit into one message."""
    together = "\n\n".join(parts)
    if len(together) <= MAX_TEXT_LENGTH:
        return together
    room = MAX_TEXT_LENGTH // len(parts) - 2
    return "\n\n".join(part if len(part) <= room else f"{part[: room - 1]}…" for part in parts)


async def _still_applies(uow: Uow, notice: Notice) -> bool:
    """False for a reminder of something that was done during the quiet hours."""
    if notice.kind not in REMINDERS:
        return True
    now = await plan_notice(uow, await read_event(uow.connection, notice.event_id))
    return now is not None and notice.recipient in now.recipients
