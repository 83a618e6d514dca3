"""The cards: every copy of a card is a projection of the core, redrawn after each change, on every surface.

One rule: read the present state, lock the reference, skip what is shown already, send, store. Nobody else
edits a card, and a card is sent anew only when somebody has something new to do.
"""

import datetime as dt
from uuid import UUID

import structlog

from bots.cards.deck import CardKind, Viewer, draw
from bots.cards.sending import Blocked, Gone, RetryLater
from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.conversations import repo as conversations
from core.db.locks import lock_case
from core.identity import directory
from core.identity import repo as identity
from core.kernel.errors import MissingPermission, NotFound
from core.log.deliveries import StoredEvent
from core.uow import Uow
from workers import case as cases
from workers.case import Task
from workers.models import model_for
from workers.outcome import NotYet
from workers.runtime import Runtime, acting

log = structlog.get_logger()

SUBSCRIBES_TO = (
    "cards.wanted",
    "person.settings_changed",
    "request.submitted",
    "request.sourcing",
    "request.quoted",
    "request.sourcing_failed",
    "request.awaiting_approval",
    "request.returned",
    "request.approved",
    "request.ordered",
    "request.completed",
    "request.withdrawn",
    "request.cancelled",
    "rfq.sent",
    "rfq.closed",
    "rfq.unsuccessful",
    "rfq.awarded",
    "rfq.cancelled",
    "invitation.declined",
    "quote.submitted",
    "quote.revised",
    "quote.withdrawn",
    "quote.selected",
    "quote.rejected",
    "approval.routed",
    "approval.step_opened",
    "approval.decided",
    "approval.question_asked",
    "approval.question_answered",
    "approval.approved",
    "approval.rejected",
    "approval.undone",
    "approval.escalated",
    "approval.deputised",
    "approval.withdrawn",
    "order.issued",
    "order.acknowledged",
    "order.received",
    "order.completed",
    "order.cancelled",
)
SETTINGS = "person.settings_changed"
READING = frozenset({"locale", "zone"})
NEWEST = 100
"""How many of a person's cards are drawn again when they want to read them otherwise."""
CHATS = (Channel.telegram.value, Channel.slack.value)
HELD = 0.5
"""Seconds after which to look again at a copy that another worker holds: what it draws may be older."""


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Redraw every card that the event concerns, and give one to everybody who has something new to do."""
    if not runtime.chats:
        return
    actor = acting(Role.system_cards, event)
    pauses = [await _redraw(runtime, actor, ref_id) for ref_id in await _known(runtime, actor, event)]
    if event.request_id is not None:
        pauses += [
            await _redraw(runtime, actor, ref_id)
            for ref_id in await _reserve(runtime, actor, event, event.request_id)
        ]
    longest = max(pauses, default=0.0)
    if longest > 0:
        raise NotYet(dt.timedelta(seconds=longest), "a chat asks for a pause")


async def _known(runtime: Runtime, actor: Actor, event: StoredEvent) -> list[UUID]:
    """The copies of a purchase's cards; or a person's newest ones, when they want to read them otherwise."""
    async with runtime.engine.begin() as connection:
        if event.type == SETTINGS:
            if not _reads_otherwise(event):
                return []
            mine = await conversations.cards_of_person(connection, event.subject_id, NEWEST)
            return [ref.id for ref in mine]
        if event.request_id is None:
            return []
        uow = runtime.uow(connection, actor)
        return [
            ref.id
            for subject_id in await cases.subjects(uow, event.request_id)
            for ref in await conversations.cards_of(connection, subject_id)
        ]


def _reads_otherwise(event: StoredEvent) -> bool:
    changed = event.data["changed"]
    return isinstance(changed, list) and not READING.isdisjoint(changed)


async def _reserve(runtime: Runtime, actor: Actor, event: StoredEvent, request_id: UUID) -> list[UUID]:
    """References for the cards that are missing, committed before anything is sent."""
    async with runtime.engine.begin() as connection:
        await lock_case(connection, request_id)
        uow = runtime.uow(connection, actor)
        case = await cases.read(uow, request_id)
        wanted = await cases.tasks(uow, case)
        if event.type == "request.submitted" and event.channel not in CHATS:
            wanted.append(Task(case.request.requested_by, CardKind.request, "request", case.request.id))
        made: list[UUID] = []
        for task in wanted:
            made += await _missing(runtime, uow, task)
    return made


async def _missing(runtime: Runtime, uow: Uow, task: Task) -> list[UUID]:
    """New references for the chats of this person that do not show the card yet."""
    shown = {
        (ref.platform, ref.chat_id)
        for ref in await conversations.cards_of(uow.connection, task.subject_id)
        if ref.card == task.card.value
    }
    made: list[UUID] = []
    for chat in await directory.chats_of(uow.connection, [task.person_id]):
        if chat.platform not in runtime.chats or (chat.platform, chat.external_id) in shown:
            continue
        ref = conversations.new_ref(
            chat.platform,
            chat.external_id,
            task.person_id,
            task.subject_kind,
            task.subject_id,
            task.card.value,
        )
        await conversations.remember(uow.connection, ref, uow.now)
        made.append(ref.id)
    return made


async def _redraw(runtime: Runtime, actor: Actor, ref_id: UUID) -> float:
    """Bring one copy up to date, holding its reference while the platform answers.

    Gives the seconds that the chat wants to be left alone; 0 when the copy is current.
    """
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        ref = await conversations.locked(connection, ref_id)
        if ref is None:
            return HELD
        reader = await identity.person(connection, ref.person_id)
        if reader is None or ref.state == "gone" or ref.platform not in runtime.chats:
            return 0.0
        try:
            model, version = await model_for(
                uow, identity.as_actor(reader), CardKind(ref.card), ref.subject_id
            )
        except (NotFound, MissingPermission):
            return 0.0
        viewer = Viewer(
            person_id=reader.id,
            locale=reader.locale,
            zone=reader.zone,
            roles=frozenset(role.value for role in reader.roles),
            vendor_id=reader.vendor_id,
        )
        card = draw(CardKind(ref.card), model, viewer)
        chat = runtime.chats[ref.platform]
        shown = chat.digest(card)
        if ref.message_id is not None and shown == ref.content_hash:
            return 0.0
        try:
            if ref.message_id is None:
                message_id = await chat.post(ref.chat_id, card)
            else:
                await chat.edit(ref.chat_id, ref.message_id, card)
                message_id = ref.message_id
        except Gone:
            await conversations.gone(connection, ref.id, uow.now)
        except Blocked:
            await conversations.gone(connection, ref.id, uow.now)
            await identity.mark_unreachable(connection, ref.platform, [ref.chat_id])
            log.warning("chat.unreachable", platform=ref.platform, person=str(ref.person_id))
        except RetryLater as pause:
            return pause.seconds
        else:
            await conversations.sent(connection, ref.id, message_id, version, shown, uow.now)
    return 0.0
