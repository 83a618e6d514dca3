"""Sending under pressure: many events, a pause asked for, a slow chat, a storm of 429 and 500."""

import asyncio
import datetime as dt
from decimal import Decimal

from core.access.roles import Role
from core.sourcing import service as sourcing
from core.sourcing.commands import QuoteLineDraft, SubmitQuote
from core.sourcing.model import RfqDetails
from tests.workers.delivery.shop import Shop

SOURCING = (Role.officer,)
SECOND = dt.timedelta(seconds=1)
EVENTS, BATCH = 120, 12


def quote(shop: Shop, rfq: RfqDetails, price: int) -> SubmitQuote:
    lines = tuple(QuoteLineDraft(line.id, Decimal(price), None, no_bid=False) for line in rfq.rfq.lines)
    return SubmitQuote(
        rfq_id=rfq.rfq.id,
        currency="USD",
        valid_until=shop.world.today + dt.timedelta(days=45),
        lead_time_days=10,
        shipping=Decimal(0),
        note="",
        lines=lines,
        document_ids=(),
    )


async def test_many_events_are_a_few_edits_within_the_pace_and_the_newest_is_last(
    shop: Shop,
) -> None:
    vendor, contact = await shop.world.a_vendor()
    other, _ = await shop.world.a_vendor()
    chat = await shop.chat(contact)
    rfq = await shop.world.an_rfq(to=[vendor, other])
    await shop.work()
    began = shop.clock.at
    for number in range(EVENTS):
        await shop.world.act(contact, sourcing.submit_quote, quote(shop, rfq, 1000 + number))
        if number % BATCH == 0:
            await shop.forward(SECOND / 2)
    await shop.settled()
    lasted = (shop.clock.at - began).total_seconds()
    edits = await shop.calls(chat, "editMessageText")
    newest = f"{1000 + EVENTS - 1:,}.00 USD"
    cards = [message for message in await shop.sees(chat) if newest in message["text"]]
    assert len(cards) == 1
    assert newest in edits[-1]["args"]["text"]
    assert len(edits) <= EVENTS / BATCH + 1
    assert len(await shop.calls(chat)) <= lasted + 8
    assert await shop.parked() == 0


async def test_no_call_goes_to_a_chat_before_the_pause_it_asked_for_is_over(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    await shop.control("POST", "/control/faults", {"kind": "429", "next": 1, "retry_after": 30})
    await shop.world.a_request()
    await shop.work()
    for _ in range(5):
        await shop.world.a_request()
        await shop.forward(5 * SECOND)
    assert len(await shop.calls(chat)) == 1
    await shop.forward(6 * SECOND)
    await shop.settled()
    assert len(await shop.sees(chat)) == 6
    assert await shop.parked() == 0


async def test_a_slow_chat_delays_no_other(shop: Shop) -> None:
    slow_officer, officer = await shop.world.an_officer(), await shop.world.a_person(*SOURCING)
    slow, quick = await shop.chat(slow_officer), await shop.chat(officer)
    await shop.control("POST", "/control/faults", {"kind": "delay", "seconds": 4, "chat_id": slow})
    await shop.world.a_request()
    work = asyncio.ensure_future(shop.work())
    for _ in range(400):
        if await shop.sees(quick):
            break
        await asyncio.sleep(0.01)
    assert len(await shop.sees(quick)) == 1
    assert await shop.sees(slow) == []
    await work
    assert len(await shop.sees(slow)) == 1


async def test_a_storm_of_429_and_500_loses_no_card_and_each_shows_the_newest_state(shop: Shop) -> None:
    world = shop.world
    people = [await world.an_officer(), await world.a_manager(), await world.a_requester()]
    chats = [await shop.chat(person) for person in people]
    vendor, contact = await world.a_vendor()
    chats.append(await shop.chat(contact))
    for kind in ("429", "500"):
        fault = {"kind": kind, "share": 0.35, "retry_after": 2}
        await shop.control("POST", "/control/faults", fault)
    orders = []
    for _ in range(4):
        orders.append(await world.an_order(vendor=vendor, contact=contact))
        await shop.forward(SECOND)
    await shop.settled()
    waiting = [await world.a_request() for _ in range(4)]
    await shop.settled()
    officers, vendors = await shop.sees(chats[0]), await shop.sees(chats[3])
    for request in waiting:
        number = f"{request.request.number} · submitted"
        assert len([each for each in officers if each["text"].startswith(number)]) == 1
    for order in orders:
        cards = [each for each in vendors if each["text"].startswith(order.order.number)]
        assert len(cards) == 1
        assert "Confirm" in str(cards[0]["buttons"])
    assert await shop.parked() == 0
    assert await shop.scalar("SELECT count(*) FROM chat_messages WHERE state <> 'live'") == 0
