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

from bots.cards.drawing import CardKind
from bots.cards.sending import Blocked, Gone, Outbound, RetryLater, Uninstalled
from core.access.roles import Role
from core.accounts import repo as accounts
from core.accounts.commands import SetChatReachable
from core.accounts.model import ChatAccount
from core.accounts.reach import set_chat_reachable
from core.log.deliveries import StoredEvent, read_event
from core.messages import repo as messages
from core.notifications import repo
from core.notifications.quiet_hours import silent_until
from core.notifications.repo import ExpectedNotices, Notice
from core.notifications.worklist import REMINDERS
from core.uow import Uow
from workers import case as purchases
from workers.broker import Queue
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor
from workers.subscribers.n8n import FLOWS
from workers.words import NOTICE_BUILDERS, NoticeMessage

log = structlog.get_logger()

QUEUE = Queue.chats
URGENT = frozenset({"order.cancelled", "link.confirmed"})
"""Also when a flow tells them in its own words."""
CARDS = (CardKind.request.value, CardKind.officer_request.value, CardKind.approval.value)
"""Under which something is said about a purchase."""
MAX_TEXT_LENGTH = 2_800
"""Characters of one message that every platform shows whole."""
SHOWN_ON_CARD = {"rfq.sent": CardKind.vendor_rfq}
"""What a new card says, too: one message is enough."""
SUBSCRIBES_TO = ("notices.accepted", "notices.released", *NOTICE_BUILDERS)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Tell whoever is to be told and was not told yet."""
    if event.type == "notices.accepted":
        await _send(runtime, event, ("accepted",), None)
        return
    if event.type == "notices.released":
        await _release(runtime, event)
        return
    actor = system_actor(Role.system_notices, event)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        notice = await NOTICE_BUILDERS[event.type](uow, event)
        if notice is None:
            return
        expected = ExpectedNotices(event.id, event.type, notice.recipients, notice.urgent)
        await repo.add_expected(connection, expected, uow.now)
    timeout = runtime.settings.notice_timeout
    waited = runtime.clock.now() - event.occurred_at
    if event.type in FLOWS and waited < timeout:
        raise DeliveryPostponed(timeout - waited, "n8n may tell it first")
    await _send(runtime, event, ("waiting", "accepted"), notice.message)


async def _send(
    runtime: Runtime, event: StoredEvent, states: tuple[str, ...], message: NoticeMessage | None
) -> None:
    """One transaction per person: the row is held while the chat answers."""
    about = event.subject_id if event.type == "notices.accepted" else event.id
    while True:
        async with runtime.engine.begin() as connection:
            waiting = await repo.notices_of_event(connection, about, states)
            if not waiting:
                return
            uow = runtime.uow(connection, system_actor(Role.system_notices, event))
            await _send_or_hold(runtime, uow, waiting[0], message)
            await uow.finish()


async def _send_or_hold(runtime: Runtime, uow: Uow, notice: Notice, message: NoticeMessage | None) -> None:
    """Now, or when the person's quiet time is over."""
    settings = await repo.preferences_of(uow.connection, notice.recipient)
    if settings is None:
        await repo.finish_notice(uow.connection, notice.id, "unreachable", notice.text or "", uow.now)
        return
    text = notice.text or (message.render(settings.locale, settings.zone) if message else "")
    urgent, silent = notice.urgent or notice.kind in URGENT, silent_until(settings, uow.now)
    may_be_carded = silent is None or not urgent  # a card makes no sound in quiet hours, what is urgent does
    if may_be_carded and await _is_on_card(runtime, uow, notice):
        await repo.finish_notice(uow.connection, notice.id, "carded", text, uow.now)
        return
    until = None if urgent else silent
    if until is not None:
        await repo.hold_notice(uow.connection, notice.id, text, until)
        return
    under = message.under if message else None
    delivered = await _send_to_person(runtime, uow, notice.recipient, text, silent=not urgent, under=under)
    await repo.finish_notice(uow.connection, notice.id, "sent" if delivered else "unreachable", text, uow.now)


async def _is_on_card(runtime: Runtime, uow: Uow, notice: Notice) -> bool:
    """Whether this event gave, or is about to give, the person a card in a chat that can be written to."""
    if notice.kind not in SHOWN_ON_CARD:
        return False
    chats = await accounts.chats_of(uow.connection, [notice.recipient])
    if not any(chat.platform in runtime.chats for chat in chats):
        return False
    event = await read_event(uow.connection, notice.event_id)
    card = (notice.recipient, SHOWN_ON_CARD[notice.kind])
    shown = await messages.cards_of(uow.connection, event.subject_id)
    if card in {(ref.person_id, ref.card) for ref in shown}:
        return True
    if event.request_id is None:
        return False
    due = await purchases.card_assignments(uow, await purchases.read_purchase(uow, event.request_id))
    return card in {(assignment.person_id, assignment.card) for assignment in due}


async def _release(runtime: Runtime, event: StoredEvent) -> None:
    """Everything that was kept for one person, in one message."""
    async with runtime.engine.begin() as connection:
        held = await repo.released_for(connection, event.subject_id)
        if not held:
            return
        uow = runtime.uow(connection, system_actor(Role.system_notices, event))
        due = [notice for notice in held if await _still_applies(uow, notice)]
        text = _joined([notice.text or "" for notice in due])
        delivered = bool(due) and await _send_to_person(runtime, uow, event.subject_id, text, silent=True)
        for notice in held:
            state = "outdated" if notice not in due else "sent" if delivered else "unreachable"
            await repo.finish_notice(connection, notice.id, state, notice.text or "", uow.now)
        await uow.finish()


def _joined(parts: Sequence[str]) -> str:
    """All of it; where that is too much for one message, the beginning of each, so that none is left out."""
    together = "\n\n".join(parts)
    if len(together) <= MAX_TEXT_LENGTH:
        return together
    room = MAX_TEXT_LENGTH // len(parts) - 2
    return "\n\n".join(part if len(part) <= room else f"{part[: room - 1]}…" for part in parts)


async def _still_applies(uow: Uow, notice: Notice) -> bool:
    """A reminder of something that was done during the quiet hours is not told."""
    if notice.kind not in REMINDERS:
        return True
    now = await NOTICE_BUILDERS[notice.kind](uow, await read_event(uow.connection, notice.event_id))
    return now is not None and notice.recipient in now.recipients


async def _send_to_person(
    runtime: Runtime, uow: Uow, person_id: UUID, text: str, *, silent: bool, under: UUID | None = None
) -> bool:
    """Whether one of the person's chats took it; a blocked one is marked and not tried again.

    Once they were told, a chat that asks for a pause is passed over: nobody is told twice for its sake.
    """
    delivered = False
    for chat in await accounts.chats_of(uow.connection, [person_id]):
        if chat.platform not in runtime.chats:
            continue
        try:
            card = await _card(uow, chat, under) if under else ""
            await _send_text(runtime.chats[chat.platform], chat.external_id, text, silent=silent, under=card)
        except Uninstalled:
            continue
        except (Blocked, Gone):
            await set_chat_reachable(
                uow, uow.actor, SetChatReachable(chat.platform, chat.external_id, reachable=False)
            )
            log.warning("chat.unreachable", platform=chat.platform, person=str(chat.person_id))
        except RetryLater as pause:
            if delivered:
                continue
            raise DeliveryPostponed(dt.timedelta(seconds=pause.seconds), "a chat asks for a pause") from pause
        else:
            delivered = True
    return delivered


async def _card(uow: Uow, chat: ChatAccount, request_id: UUID) -> str:
    """The message of the newest card of this purchase that stands in the chat; nothing when there is none."""
    subjects = await purchases.subject_ids(uow, request_id)
    found = await messages.newest_card(uow.connection, chat, subjects, CARDS)
    return (found.message_id or "") if found else ""


async def _send_text(chat: Outbound, chat_id: str, text: str, *, silent: bool, under: str) -> None:
    """Under its card; where that is gone, plainly."""
    if under:
        with suppress(Gone):
            await chat.text(chat_id, text, silent=silent, reply_to=under)
            return
    await chat.text(chat_id, text, silent=silent)
