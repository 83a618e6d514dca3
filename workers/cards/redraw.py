"""Bringing copies of cards up to date: read with the reader's rights, draw, send what differs, store.

One rule: the copies are locked from the reading until everything is stored, so that no older drawing is sent after a
newer one.

Copies are worked on together: they are read in a few statements, the chats are written to concurrently (the cards of
one chat in order), and all outcomes are stored at once. A chat that asks for a pause gets nothing more in this run,
and no chat waits for another. A new copy is stored when the platform has answered, like every other outcome.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from bots.cards.card import Card
from bots.cards.drawing import CardKind, Viewer, draw
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
from core.access.actor import Actor
from core.insights.model import Hint
from core.insights.service import note_shown
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.people import repo as people
from core.people.model import Person
from core.purchases import repo as purchase_repo
from core.uow import Uow
from core.worklist import queries as worklist
from workers import purchases
from workers.cards.card_hints import hints_of
from workers.cards.card_models import ShownPurchase, model_of, shown_purchases
from workers.cards.card_refs import assignments_of, lock_copies, missing_copies
from workers.outcome import LOCKED_SECONDS
from workers.readers import Reader, readers_by_ids
from workers.runtime import Runtime
from workers.unreachable import mark_unreachable

log = structlog.get_logger()

MAX_TOGETHER = 40
LAST_SEND_SECONDS = 8.0
"""How long the last one may take, so that the database does not end the idle transaction."""
SENDING_SECONDS = 4.0
"""After this nothing more is begun, because the copies are locked meanwhile; the rest follows in the next run."""


@dataclass(frozen=True)
class DrawnCard:
    """What a copy should show, when that is not what it shows."""

    ref: MessageRef
    card: Card
    version: int
    fingerprint: bytes
    hints: tuple[Hint, ...] = ()
    """What it tells from history."""

    @property
    def is_new(self) -> bool:
        return self.ref.message_id is None

    def as_sent(self, message_id: str) -> MessageRef:
        """The copy when the platform has answered."""
        return replace(
            self.ref,
            message_id=message_id,
            rendered_version=self.version,
            content_hash=self.fingerprint,
            state="live",
        )


@dataclass
class ChatOutcome:
    """What happened to the cards of one chat; ``pause`` is how long to wait before the rest is tried again."""

    stored: list[MessageRef] = field(default_factory=list)
    """How the copies are now; one that was not sent yet is among them when it is new."""
    some_gone: bool = False
    pause: float = 0.0
    blocked: MessageRef | None = None
    error: Exception | None = None


@dataclass(frozen=True)
class Redrawn:
    """The longest pause in seconds (0: all is current), and whether a message was gone that had to be edited."""

    pause: float = 0.0
    some_gone: bool = False

    def __or__(self, other: "Redrawn") -> "Redrawn":
        return Redrawn(max(self.pause, other.pause), self.some_gone or other.some_gone)


async def show_purchase(runtime: Runtime, actor: Actor, request_id: UUID) -> Redrawn:
    """Bring every copy of a purchase's cards up to date, and send those that are missing."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        copies = await lock_copies(connection, request_id)
        if copies is None:
            return Redrawn(LOCKED_SECONDS)
        purchase = await purchase_repo.load(uow, request_id)
        if purchase is None:
            return Redrawn()
        assignments = [
            *assignments_of(purchase, await worklist.of_purchase(uow, request_id)),
            *await purchases.reassigning_cards(uow, purchase),
            *await purchases.finding_cards(uow, purchase),
        ]
        concerned = {each.person_id for each in assignments} | {ref.person_id for ref in copies.locked}
        readers = await readers_by_ids(connection, concerned)
        refs = [*copies.locked, *missing_copies(assignments, readers, copies)]
        known = await shown_purchases(uow, {request_id: purchase}, {ref.card for ref in refs})
        of_purchase = known[request_id]
        found = (finding.id for finding in of_purchase.findings)
        shown = dict.fromkeys((*purchases.subject_ids(purchase), *found), of_purchase)
        drawn, undrawable = _drawn(runtime, refs, shown, readers, uow)
        outcomes = await _send_and_store(runtime, uow, drawn)
    return _redrawn(outcomes, undrawable, all_locked=not copies.held_by_others)


async def redraw_all(runtime: Runtime, actor: Actor, refs: Iterable[MessageRef]) -> Redrawn:
    """Bring these copies up to date, whichever purchases they show."""
    wanted = [ref.id for ref in refs if ref.platform in runtime.chats]
    redrawn = Redrawn()
    for start in range(0, len(wanted), MAX_TOGETHER):
        redrawn |= await _redraw(runtime, actor, wanted[start : start + MAX_TOGETHER])
    return redrawn


async def _redraw(runtime: Runtime, actor: Actor, ref_ids: Sequence[UUID]) -> Redrawn:
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        locked = await messages.lock_refs(connection, ref_ids)
        readers = await readers_by_ids(connection, [ref.person_id for ref in locked])
        requests = await purchases.requests_of(uow, {ref.subject_id for ref in locked})
        bought = await purchase_repo.load_many(uow, sorted(set(requests.values())))
        known = await shown_purchases(uow, bought, {ref.card for ref in locked})
        shown = {subject: known[request] for subject, request in requests.items() if request in known}
        drawn, undrawable = _drawn(runtime, locked, shown, readers, uow)
        outcomes = await _send_and_store(runtime, uow, drawn)
    return _redrawn(outcomes, undrawable, all_locked=len(locked) == len(ref_ids))


def _redrawn(outcomes: Sequence[ChatOutcome], undrawable: Exception | None, *, all_locked: bool) -> Redrawn:
    """What is left to do, or the first error, now that what was sent is stored."""
    for error in (undrawable, *(outcome.error for outcome in outcomes)):
        if error is not None:
            raise error
    missed = 0.0 if all_locked else LOCKED_SECONDS
    return Redrawn(
        max([missed, *(outcome.pause for outcome in outcomes)]),
        any(outcome.some_gone for outcome in outcomes),
    )


def _drawn(
    runtime: Runtime,
    refs: Sequence[MessageRef],
    shown: Mapping[UUID, ShownPurchase],
    readers: Mapping[UUID, Reader],
    uow: Uow,
) -> tuple[list[DrawnCard], Exception | None]:
    """The copies that show something else than they should; and why one could not be drawn, which stops no other.

    ``shown`` has the purchase of each subject.
    """
    drawn, undrawable = [], None
    for ref in refs:
        reader, purchase = readers.get(ref.person_id), shown.get(ref.subject_id)
        if ref.state == "gone" or reader is None or purchase is None or ref.platform not in runtime.chats:
            continue
        if not reader.is_reached_in(ref.platform, ref.chat_id):
            continue
        try:
            card = _draw(runtime, purchase, ref, reader.person, uow.now)
        except Exception as error:
            log.warning("card.undrawable", card=ref.card, subject=str(ref.subject_id), exc_info=error)
            undrawable = error
            continue
        if card is not None:
            quiet = ref.message_id is None and reader.silent_until(uow.now) is not None
            drawn.append(replace(card, card=replace(card.card, silent=True)) if quiet else card)
    return drawn, undrawable


def _draw(
    runtime: Runtime, purchase: ShownPurchase, ref: MessageRef, reader: Person, now: dt.datetime
) -> DrawnCard | None:
    """The card as its reader may see it now; None when it is shown already, or when they may not see it any more."""
    kind = CardKind(ref.card)
    found = model_of(purchase, people.as_actor(reader), kind, ref.subject_id, now)
    if found is None:
        return None
    model, version = found
    card = draw(kind, model, viewer_of(reader))
    fingerprint = runtime.chats[ref.platform].fingerprint(card)
    if ref.message_id is not None and fingerprint == ref.content_hash:
        return None
    return DrawnCard(ref, card, version, fingerprint, hints_of(model))


def viewer_of(reader: Person) -> Viewer:
    """A person as the reader of a card."""
    return Viewer(
        person_id=reader.id,
        locale=reader.locale,
        zone=reader.zone,
        vendor_id=reader.vendor_id,
    )


async def _send_and_store(runtime: Runtime, uow: Uow, drawn: Sequence[DrawnCard]) -> list[ChatOutcome]:
    """All chats at the same time; what they answered is part of the caller's transaction."""
    chats: dict[tuple[str, str], list[DrawnCard]] = {}
    for each in drawn:
        chats.setdefault((each.ref.platform, each.ref.chat_id), []).append(each)
    limit = time.monotonic() + SENDING_SECONDS
    outcomes = await asyncio.gather(*(_send_in_order(runtime, cards, limit) for cards in chats.values()))
    for outcome in outcomes:
        if outcome.blocked is not None:
            ref = outcome.blocked
            await mark_unreachable(uow, ref.platform, ref.chat_id, ref.person_id)
    stored = [ref for outcome in outcomes for ref in outcome.stored]
    await messages.store_refs(uow.connection, stored, uow.now)
    sent = {ref.id for ref in stored if ref.state == "live" and ref.message_id is not None}
    for each in drawn:
        if each.ref.id in sent:
            note_shown(uow, each.hints, each.ref.person_id)
    await uow.finish()
    return outcomes


async def _send_in_order(runtime: Runtime, cards: Sequence[DrawnCard], limit: float) -> ChatOutcome:
    """The cards of one chat; what the platform answers is stored later, together with the other chats."""
    outcome = ChatOutcome()
    left = list(cards)
    while left and await _send_next(runtime, left[0], outcome, limit):
        left.pop(0)
    outcome.stored += [drawn.ref for drawn in left if drawn.is_new and drawn.ref is not outcome.blocked]
    return outcome


async def _send_next(runtime: Runtime, drawn: DrawnCard, outcome: ChatOutcome, limit: float) -> bool:
    """Whether the chat may get the next one."""
    ref = drawn.ref
    if time.monotonic() > limit:
        outcome.pause = LOCKED_SECONDS
        return False
    try:
        async with asyncio.timeout(limit + LAST_SEND_SECONDS - time.monotonic()):
            message_id = await _send(runtime, drawn)
    except Gone:
        outcome.some_gone = True
        outcome.stored.append(replace(ref, state="gone"))
        return True
    except Uninstalled:
        pass  # sent or brought up to date when the app is installed again
    except Blocked:
        outcome.blocked = ref
    except TimeoutError:
        outcome.pause = LOCKED_SECONDS
    except RetryLater as pause:
        outcome.pause = runtime.turn_in(ref.platform, ref.chat_id, pause.seconds)
    except Exception as error:  # noqa: BLE001 - raised again when what was sent is stored
        outcome.error = error
    else:
        outcome.stored.append(drawn.as_sent(message_id))
        return True
    return False


async def _send(runtime: Runtime, drawn: DrawnCard) -> str:
    """Edit the message or post a new one; returns the message id."""
    ref, chat = drawn.ref, runtime.chats[drawn.ref.platform]
    if ref.message_id is not None:
        await chat.edit(ref.chat_id, ref.message_id, drawn.card)
        return ref.message_id
    return await chat.post(ref.chat_id, drawn.card)
