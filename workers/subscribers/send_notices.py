"""The subscriber ``notices``: each person gets one message per event, with n8n's text or with Parley's.

One rule: there is one row per event, recipient and kind, and whoever claims it first sends the message.

When a flow of n8n handles the event, it has some seconds to send its own text; after that Parley sends its own. A
notice that is not urgent makes no sound and waits for the end of the person's quiet hours or for their digest,
whichever comes first. Nobody gets a notice about something that a new card shows them.
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
from core.accounts.events import LinkConfirmed
from core.accounts.model import ChatAccount
from core.accounts.reach import set_chat_reachable
from core.log.events import Event
from core.log.stored import StoredEvent, read_event
from core.messages import repo as messages
from core.notifications import repo
from core.notifications.digest_content import REMINDERS
from core.notifications.events import NoticesAccepted, NoticesReleased
from core.notifications.quiet_hours import silent_until
from core.notifications.repo import ExpectedNotices, Notice
from core.orders.events import OrderCancelled, OrderDeclined
from core.purchases import repo as purchase_repo
from core.rfqs.events import RfqSent
from core.uow import Uow
from core.worklist import queries as worklist
from workers import purchases
from workers.broker import Queue
from workers.notices.notice_table import NOTICES, plan_notice
from workers.notices.planned_notice import NoticeMessage
from workers.outcome import LOCKED_SECONDS, DeliveryPostponed
from workers.runtime import Runtime, system_actor
from workers.subscribers.start_flows import FLOWS

log = structlog.get_logger()

QUEUE = Queue.chats
URGENT = frozenset({OrderCancelled.type, OrderDeclined.type, LinkConfirmed.type})
"""Kinds that are urgent even when a flow sends its own text."""
CARDS = (CardKind.request.value, CardKind.officer_request.value, CardKind.approval.value)
"""The cards that a message about a purchase may reply to."""
MAX_TEXT_LENGTH = 2_800
"""Characters of one message that every platform shows whole."""
SHOWN_ON_CARD = {RfqSent.type: CardKind.vendor_rfq}
"""Kinds whose content a new card shows: one message is enough."""
SUBSCRIBES_TO: tuple[type[Event], ...] = (NoticesAccepted, NoticesReleased, *NOTICES)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Send the notices of this event that were not sent yet."""
    if isinstance(event, NoticesAccepted):
        await _send(runtime, stored, event.subject_id, ("accepted",), None)
        return
    if isinstance(event, NoticesReleased):
        await _release(runtime, stored)
        return
    actor = system_actor(Role.system_notices, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        notice = await plan_notice(uow, stored)
        if notice is None:
            return
        expected = ExpectedNotices(stored.id, stored.type, notice.recipients, notice.urgent)
        await repo.add_expected(connection, expected, uow.now)
    timeout = runtime.settings.notice_timeout
    waited = runtime.clock.now() - stored.occurred_at
    if type(event) in FLOWS and waited < timeout:
        raise DeliveryPostponed(timeout - waited, "n8n may send it first")
    await _send(runtime, stored, stored.id, ("waiting", "accepted"), notice.message)


async def _send(
    runtime: Runtime,
    stored: StoredEvent,
    about: UUID,
    states: tuple[str, ...],
    message: NoticeMessage | None,
) -> None:
    """The notices about the event ``about``, one transaction per person: the row is locked while the chat answers."""
    while True:
        async with runtime.engine.begin() as connection:
            waiting = await repo.notices_of_event(connection, about, states)
            uow = runtime.uow(connection, system_actor(Role.system_notices, stored))
            if waiting:
                await _send_or_hold(runtime, uow, waiting[0], message)
            left = await repo.count_of_event(connection, about, states)
            await uow.finish()
        if left == 0:
            return
        if len(waiting) <= 1:
            raise DeliveryPostponed(
                dt.timedelta(seconds=LOCKED_SECONDS), "another worker is sending the rest"
            )


async def _send_or_hold(runtime: Runtime, uow: Uow, notice: Notice, message: NoticeMessage | None) -> None:
    """Send now, or hold until the person's quiet hours are over."""
    settings = await repo.preferences_of(uow.connection, notice.recipient)
    if settings is None:
        await repo.finish_notice(uow.connection, notice.id, "unreachable", notice.text or "", uow.now)
        return
    text = notice.text or (message.render(settings.locale, settings.zone) if message else "")
    urgent, silent = notice.urgent or notice.kind in URGENT, silent_until(settings, uow.now)
    may_be_carded = (
        silent is None or not urgent
    )  # in quiet hours a card is silent; an urgent notice must not be
    if may_be_carded and await _is_on_card(runtime, uow, notice):
        await repo.finish_notice(uow.connection, notice.id, "carded", text, uow.now)
        return
    until = None if urgent else silent
    if until is not None:
        await repo.hold_notice(uow.connection, notice.id, text, until)
        return
    delivered = await _send_to_person(
        runtime, uow, notice.recipient, text, silent=not urgent, message=message
    )
    await repo.finish_notice(uow.connection, notice.id, "sent" if delivered else "unreachable", text, uow.now)


async def _is_on_card(runtime: Runtime, uow: Uow, notice: Notice) -> bool:
    """Whether this event gave or will give the person a card, in a chat that can be reached."""
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
    waiting = await worklist.of_purchase(uow, event.request_id)
    return card in {(item.person_id, purchases.CARDS.get(item.kind)) for item in waiting}


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
        text = _joined([notice.text or "" for notice in due])
        delivered = bool(due) and await _send_to_person(runtime, uow, stored.subject_id, text, silent=True)
        for notice in held:
            state = "outdated" if notice not in due else "sent" if delivered else "unreachable"
            await repo.finish_notice(connection, notice.id, state, notice.text or "", uow.now)
        await uow.finish()


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


async def _send_to_person(
    runtime: Runtime,
    uow: Uow,
    person_id: UUID,
    text: str,
    *,
    silent: bool,
    message: NoticeMessage | None = None,
) -> bool:
    """Whether one of the person's chats took it; a blocked chat is marked and not tried again.

    Once one chat took it, a chat that asks for a pause is skipped: a retry would send the message twice.
    """
    delivered = False
    under, except_chat = (message.under, message.except_chat) if message else (None, None)
    for chat in await accounts.chats_of(uow.connection, [person_id]):
        if chat.platform not in runtime.chats or chat.identity_id == except_chat:
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
            wait = runtime.turn_in(chat.platform, chat.external_id, pause.seconds)
            raise DeliveryPostponed(dt.timedelta(seconds=wait), "a chat asks for a pause") from pause
        else:
            delivered = True
    return delivered


async def _card(uow: Uow, chat: ChatAccount, request_id: UUID) -> str:
    """The message id of this purchase's newest card in the chat; empty when there is none."""
    purchase = await purchase_repo.load(uow, request_id)
    if purchase is None:
        return ""
    subjects = purchases.subject_ids(purchase)
    found = await messages.newest_card(uow.connection, chat, subjects, CARDS)
    return (found.message_id or "") if found else ""


async def _send_text(chat: Outbound, chat_id: str, text: str, *, silent: bool, under: str) -> None:
    """As a reply to the card ``under``; on its own when the card is gone."""
    if under:
        with suppress(Gone):
            await chat.text(chat_id, text, silent=silent, reply_to=under)
            return
    await chat.text(chat_id, text, silent=silent)
