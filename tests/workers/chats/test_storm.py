"""A storm of 429 and 500 on both platforms while twenty purchases change, with two workers and a real Redis."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import Row, select

from bots.cards.drawing import CardKind, draw
from core.access.actor import Actor
from core.access.roles import Role
from core.awards import service as awards
from core.awards.commands import CloseRfq
from core.db.connection import DATABASE_ERRORS
from core.messages.tables import chat_messages
from core.people import repo as people
from core.people.model import Person
from core.purchases import repo as purchase_repo
from core.requests import service as requests
from core.requests.commands import CancelRequest
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.support.sandbox_client import Json
from tests.workers.chats.live_env import SENDING, LinkedChats, LiveEnv
from workers import purchases
from workers.cards.card_models import model_of, shown_purchases
from workers.cards.redraw import viewer_of

PURCHASES, TEAMS = 30, 5
RETRY_AFTER = 2
IN_FLIGHT = 0.7
"""Seconds in which a call may still arrive that had left before the pause was asked for."""
CARD = re.compile(r"(REQ|PO|RFQ)-\S+ · ")
FINDING = "A question, not a verdict"
"""What a finding's card says; a purchase can have several, told apart by their titles."""


@dataclass(frozen=True)
class PurchaseTeam:
    """Who is part of every fifth purchase, each with a chat on both platforms."""

    requester: Person
    officer: Person
    vendor: Vendor
    contact: Person
    chats: tuple[LinkedChats, ...]


async def a_team(live_env: LiveEnv) -> PurchaseTeam:
    requester = await live_env.world.a_person(Role.requester)
    officer = await live_env.world.a_person(Role.officer)
    vendor, contact = await live_env.world.a_vendor()
    chats = [await live_env.link_chats(person) for person in (requester, officer, contact)]
    return PurchaseTeam(requester, officer, vendor, contact, tuple(chats))


async def asked(live_env: LiveEnv, team: PurchaseTeam, silent: Vendor) -> RfqDetails:
    request = await live_env.world.a_request(team.requester)
    return await live_env.world.an_rfq(request, to=[team.vendor, silent], by=team.officer)


async def goes_on(live_env: LiveEnv, number: int, team: PurchaseTeam, rfq: RfqDetails) -> None:
    """Three prices one after the other; then every second purchase is stopped, the others' quotes are opened."""
    for price in (1180, 1175, 1170):
        await pressed(partial(live_env.world.a_quote, rfq, team.contact, str(price + number)))
    if number % 2:
        close = CloseRfq(rfq.rfq.id, None)
        await pressed(lambda: live_env.world.act(team.officer, awards.close, close))
        return
    request_id = rfq.rfq.request_id
    version = await live_env.scalar("SELECT version FROM procurement_requests WHERE id = :id", id=request_id)
    stop = CancelRequest(request_id, version, f"Reason {number}.")
    await pressed(lambda: live_env.world.act(team.officer, requests.cancel, stop))


async def pressed(press: Callable[[], Awaitable[object]]) -> None:
    """Again, when the database is busy: the api says so and asks for it."""
    for _ in range(10):
        try:
            await press()
        except DATABASE_ERRORS:
            await asyncio.sleep(0.5)
        else:
            return
    raise AssertionError("too busy")


async def storm(live_env: LiveEnv) -> None:
    """A third of what is sent meets a 429, a part of the rest a 500; a conversation cannot be opened at first."""
    for method in SENDING:
        await live_env.sandbox.set_fault(kind="429", share=0.3, retry_after=RETRY_AFTER, method=method)
        await live_env.sandbox.set_fault(kind="500", share=0.25, method=method)
    await live_env.sandbox.set_fault(kind="429", next=2, retry_after=1, method="conversations.open")


async def copies(live_env: LiveEnv) -> Sequence[Row[tuple[object, ...]]]:
    async with live_env.world.engine.connect() as connection:
        return (await connection.execute(select(chat_messages))).all()


async def outdated(live_env: LiveEnv) -> list[str]:
    """Copies of cards that do not show what their readers would be shown now."""
    worker, found = live_env.workers[0], []
    for copy in await copies(live_env):
        async with worker.engine.begin() as connection:
            uow = worker.uow(connection, Actor.system(Role.system_cards))
            reader = await people.person(connection, copy.person_id)
            assert reader is not None
            kind = CardKind(copy.card)
            requests = await purchases.requests_of(uow, [copy.subject_id])
            purchase = await purchase_repo.load(uow, requests[copy.subject_id])
            assert purchase is not None
            shown = (await shown_purchases(uow, {purchase.request.id: purchase}, [kind]))[purchase.request.id]
            model, _ = model_of(shown, people.as_actor(reader), kind, copy.subject_id, uow.now) or (
                None,
                0,
            )
        assert model is not None
        card = draw(kind, model, viewer_of(reader))
        who = copy.chat_id if copy.platform == "telegram" else copy.chat_id.partition(":")[2]
        known = copy.message_id.rpartition(":")[2]
        message = next(each for each in await live_env.sandbox.messages(who) if str(each["id"]) == known)
        current = worker.chats[copy.platform].fingerprint(card) == copy.content_hash
        if not current or not message["text"].startswith(card.title):
            found.append(f"{copy.platform} {card.title}: {message['text'][:80]}")
    return found


async def told_twice(live_env: LiveEnv, who: int | str) -> list[str]:
    """Sentences and cards that stand in one chat more than once."""
    shown: dict[str, int] = defaultdict(int)
    for message in await live_env.sandbox.messages(who):
        first = message["text"].partition("\n")[0]
        card = CARD.match(first)
        if FINDING in message["text"]:
            shown[first] += 1
        else:
            shown[card.group() if card else message["text"]] += 1
    return [words for words, times in shown.items() if times > 1]


def too_early(calls: list[Json]) -> list[str]:
    """Calls to a chat before the pause it had asked for was over."""
    pause: dict[str, float] = {}
    found = []
    for call in calls:
        chat = str(call["args"].get("chat_id") or call["args"].get("channel"))
        asked_at = pause.get(chat, 0.0)
        if asked_at + IN_FLIGHT < call["at"] < asked_at + RETRY_AFTER:
            found.append(f"{chat} {call['method']} {call['at'] - asked_at:.2f} s after a 429")
        if call.get("fault") == "429":
            pause[chat] = call["at"]
    return found


@pytest.mark.journey  # half a minute of storm: .ci/run plays it
async def test_in_a_storm_every_card_ends_current_nobody_is_told_twice_and_pauses_are_kept(
    live_env: LiveEnv,
) -> None:
    silent, _ = await live_env.world.a_vendor()
    teams = [await a_team(live_env) for _ in range(TEAMS)]
    purchases = [(number, teams[number % TEAMS]) for number in range(PURCHASES)]
    rfqs = [await asked(live_env, team, silent) for _, team in purchases]
    await storm(live_env)
    async with live_env.running():
        for (number, team), rfq in zip(purchases, rfqs, strict=True):
            await goes_on(live_env, number, team, rfq)
        await asyncio.sleep(4)
        await live_env.sandbox.clear_faults()
        await live_env.wait_until_done()

    calls = await live_env.calls()
    met = [call["fault"] for call in calls if call.get("fault")]
    assert min(met.count("429"), met.count("500")) > 10
    assert too_early(calls) == []
    assert await outdated(live_env) == []
    assert {copy.state for copy in await copies(live_env)} == {"live"}
    for team in teams:
        for chats in team.chats:
            for who in chats.both:
                assert await told_twice(live_env, who) == [], who
    assert await live_env.scalar("SELECT count(*) FROM deliveries WHERE state = 'parked'") == 0
    untold = """
        SELECT count(*) FROM notices
        WHERE state NOT IN ('sent', 'carded') AND recipient IN (SELECT person_id FROM chat_identities)
    """
    assert await live_env.scalar(untold) == 0
