"""Bringing copies of cards up to date: read with the reader's rights, draw, send what differs, store.

One rule: the copies are locked from the reading until everything is stored, so that no older drawing is sent after a
newer one.

Copies are worked on together: they are read in a few statements, the chats are written to concurrently (the cards of
one chat in order), and all outcomes are stored at once. A chat that asks for a pause gets nothing more in this run,
and no chat waits for another.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from bots.cards.card import Card
from bots.cards.drawing import CardKind, Viewer, draw
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
from core.access.actor import Actor
from core.accounts import repo as accounts
from core.accounts.commands import SetChatReachable
from core.accounts.reach import set_chat_reachable
from core.messages import repo as messages
from core.messages.model import MessageRef, SentCard
from core.notifications import repo as notifications
from core.notifications.quiet_hours import silent_until
from core.people import repo as people
from core.people.model import Person
from core.purchases import repo as purchase_repo
from core.purchases.model import Purchase
from core.uow import Uow
from workers import purchases
from workers.cards.card_models import model_of
from workers.outcome import LOCKED_SECONDS
from workers.runtime import Runtime

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


@dataclass
class ChatOutcome:
    """What happened to the cards of one chat; ``pause`` is how long to wait before the rest is tried again."""

    sent: list[SentCard]
    gone: list[UUID]
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


async def redraw_all(runtime: Runtime, actor: Actor, refs: Iterable[MessageRef]) -> Redrawn:
    """Bring these copies up to date."""
    wanted = [ref.id for ref in refs if ref.platform in runtime.chats]
    redrawn = Redrawn()
    for start in range(0, len(wanted), MAX_TOGETHER):
        redrawn |= await _redraw(runtime, actor, wanted[start : start + MAX_TOGETHER])
    return redrawn


async def _redraw(runtime: Runtime, actor: Actor, ref_ids: Sequence[UUID]) -> Redrawn:
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        locked = await messages.lock_refs(connection, ref_ids)
        drawn, undrawable = await _drawn(runtime, uow, locked)
        chats: dict[tuple[str, str], list[DrawnCard]] = {}
        for each in drawn:
            chats.setdefault((each.ref.platform, each.ref.chat_id), []).append(each)
        limit = time.monotonic() + SENDING_SECONDS
        outcomes = await asyncio.gather(*(_send_in_order(runtime, cards, limit) for cards in chats.values()))
        await _store(uow, actor, outcomes)
        await uow.finish()
    for error in (undrawable, *(outcome.error for outcome in outcomes)):
        if error is not None:
            raise error
    missed = LOCKED_SECONDS if len(locked) < len(ref_ids) else 0.0
    return Redrawn(
        max([missed, *(outcome.pause for outcome in outcomes)]), any(outcome.gone for outcome in outcomes)
    )


async def _drawn(
    runtime: Runtime, uow: Uow, refs: Sequence[MessageRef]
) -> tuple[list[DrawnCard], Exception | None]:
    """The copies that show something else than they should; and why one could not be drawn, which stops no other."""
    if not refs:
        return [], None
    readers = await people.people_by_ids(uow.connection, {ref.person_id for ref in refs})
    reachable = {
        (chat.platform, chat.external_id) for chat in await accounts.chats_of(uow.connection, readers)
    }
    requests = await purchases.requests_of(uow, {ref.subject_id for ref in refs})
    bought = await purchase_repo.load_many(uow, sorted(set(requests.values())))
    silent = await _silent_readers(uow, refs)
    drawn, undrawable = [], None
    for ref in refs:
        reader, request_id = readers.get(ref.person_id), requests.get(ref.subject_id)
        if ref.state == "gone" or (ref.platform, ref.chat_id) not in reachable:
            continue
        if reader is None or request_id is None or request_id not in bought:
            continue
        try:
            card = _draw(runtime, bought[request_id], ref, reader, uow.now)
        except Exception as error:
            log.warning("card.undrawable", card=ref.card, subject=str(ref.subject_id), exc_info=error)
            undrawable = error
            continue
        if card is not None:
            quiet = ref.message_id is None and ref.person_id in silent
            drawn.append(replace(card, card=replace(card.card, silent=True)) if quiet else card)
    return drawn, undrawable


async def _silent_readers(uow: Uow, refs: Sequence[MessageRef]) -> set[UUID]:
    """Who gets a new card without a sound, because of their quiet hours."""
    new = {ref.person_id for ref in refs if ref.message_id is None}
    if not new:
        return set()
    preferences = await notifications.preferences_of_all(uow.connection, new)
    return {each.person_id for each in preferences if silent_until(each, uow.now) is not None}


def _draw(
    runtime: Runtime, purchase: Purchase, ref: MessageRef, reader: Person, now: dt.datetime
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
    return DrawnCard(ref, card, version, fingerprint)


def viewer_of(reader: Person) -> Viewer:
    """A person as the reader of a card."""
    return Viewer(
        person_id=reader.id,
        locale=reader.locale,
        zone=reader.zone,
        vendor_id=reader.vendor_id,
    )


async def _send_in_order(runtime: Runtime, cards: Sequence[DrawnCard], limit: float) -> ChatOutcome:
    """The cards of one chat; what the platform answers is stored later, together with the other chats."""
    outcome = ChatOutcome([], [])
    for drawn in cards:
        if time.monotonic() > limit:
            outcome.pause = LOCKED_SECONDS
            break
        try:
            async with asyncio.timeout(limit + LAST_SEND_SECONDS - time.monotonic()):
                message_id = await _send(runtime, drawn)
        except Gone:
            outcome.gone.append(drawn.ref.id)
        except Uninstalled:
            break  # sent or brought up to date when the app is installed again
        except Blocked:
            outcome.blocked = drawn.ref
            break
        except TimeoutError:
            outcome.pause = LOCKED_SECONDS
            break
        except RetryLater as pause:
            outcome.pause = runtime.turn_in(drawn.ref.platform, drawn.ref.chat_id, pause.seconds)
            break
        except Exception as error:  # noqa: BLE001 - raised again when what was sent is stored
            outcome.error = error
            break
        else:
            outcome.sent.append(SentCard(drawn.ref.id, message_id, drawn.version, drawn.fingerprint))
    return outcome


async def _send(runtime: Runtime, drawn: DrawnCard) -> str:
    """Edit the message or post a new one; returns the message id."""
    ref, chat = drawn.ref, runtime.chats[drawn.ref.platform]
    if ref.message_id is not None:
        await chat.edit(ref.chat_id, ref.message_id, drawn.card)
        return ref.message_id
    return await chat.post(ref.chat_id, drawn.card)


async def _store(uow: Uow, actor: Actor, outcomes: Sequence[ChatOutcome]) -> None:
    await messages.mark_sent(uow.connection, [each for outcome in outcomes for each in outcome.sent], uow.now)
    gone = [ref_id for outcome in outcomes for ref_id in outcome.gone]
    for outcome in outcomes:
        if outcome.blocked is not None:
            gone += await _blocked(uow, actor, outcome.blocked)
    await messages.mark_gone(uow.connection, gone, uow.now)


async def _blocked(uow: Uow, actor: Actor, ref: MessageRef) -> list[UUID]:
    """Mark the chat as unreachable; its cards are brought up to date when the person comes back."""
    await set_chat_reachable(uow, actor, SetChatReachable(ref.platform, ref.chat_id, reachable=False))
    log.warning("chat.unreachable", platform=ref.platform, person=str(ref.person_id))
    return [ref.id] if ref.message_id is None else []
