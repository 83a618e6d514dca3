"""Cards: one per person and task, edited in place, sent only when they change, and never the older picture last."""

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import select, text, update

from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.log.tables import deliveries
from core.messages.tables import chat_messages
from tests.workers.delivery.shop import Shop
from workers.deliver import deliver
from workers.subscribers.table import SUBSCRIBERS

Message = dict[str, Any]


def labels(message: Message) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def with_buttons(shop: Shop, chat: int) -> list[Message]:
    return [message for message in await shop.sees(chat) if message["buttons"]]


async def calls(shop: Shop, method: str) -> int:
    """How often the bot called this, in any spelling."""
    log = await shop.control("GET", "/control/log")
    return sum(1 for entry in log if str(entry.get("method", "")).lower() == method.lower())


async def again(shop: Shop, subscriber: str) -> None:
    """Every delivery of a subscriber comes a second time, as after a worker that died too late."""
    async with shop.world.engine.begin() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.subscriber == subscriber)
            .values(state="due", due_at=shop.clock.at, enqueued_at=None)
        )


async def _states(shop: Shop) -> list[str]:
    async with shop.world.engine.connect() as connection:
        found = await connection.scalars(select(deliveries.c.state).where(deliveries.c.subscriber == "cards"))
        return list(found)


async def test_each_person_gets_one_card_for_a_task_that_waits(shop: Shop) -> None:
    officers = [await shop.world.an_officer(), await shop.world.a_person(Role.officer)]
    chats = [await shop.chat(officer) for officer in officers]
    other = await shop.chat(await shop.world.a_manager())
    request = await shop.world.a_request()
    await shop.work()
    for chat in chats:
        (card,) = await shop.sees(chat)
        assert request.request.number in card["text"]
        assert labels(card)
    assert await shop.sees(other) == []


async def test_a_card_is_edited_in_place_as_the_purchase_goes_on(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    request = await shop.world.a_request()
    await shop.work()
    (card,) = await shop.sees(chat)
    await shop.world.an_rfq(request)
    await shop.work()
    first = (await shop.sees(chat))[0]
    assert first["id"] == card["id"]
    assert first["text"] != card["text"]


async def test_of_changes_that_wait_together_only_the_newest_is_drawn(shop: Shop) -> None:
    chat = await shop.chat(await shop.world.an_officer())
    vendors = [await shop.world.a_vendor() for _ in range(3)]
    request = await shop.world.a_request()
    await shop.work()
    before = await calls(shop, "editMessageText")
    rfq = await shop.world.an_rfq(request, to=[vendor for vendor, _ in vendors])
    for _, contact in vendors:
        await shop.world.a_quote(rfq, contact)
    await shop.work()
    assert await calls(shop, "editMessageText") == before + 1
    card = (await shop.sees(chat))[0]
    assert request.request.number in card["text"]
    assert "waiting for approval" in card["text"], card["text"]
    assert set(await _states(shop)) == {"done"}


async def test_a_card_that_shows_it_already_is_not_sent_again(shop: Shop) -> None:
    await shop.chat(await shop.world.an_officer())
    await shop.world.a_request()
    await shop.work()
    before = await calls(shop, "sendMessage") + await calls(shop, "editMessageText")
    assert before == 1
    for _ in range(3):
        await again(shop, "cards")
        await shop.work()
    assert await calls(shop, "sendMessage") + await calls(shop, "editMessageText") == before


async def test_two_workers_at_the_same_moment_post_one_card(shop: Shop) -> None:
    chat = await shop.chat(await shop.world.an_officer())
    await shop.world.an_rfq(await shop.world.a_request())
    await shop.world.a_request()
    await shop.work()
    await again(shop, "cards")
    async with shop.world.engine.begin() as connection:
        await connection.execute(text("DELETE FROM chat_messages"))
        due = list(
            await connection.scalars(select(deliveries.c.id).where(deliveries.c.subscriber == "cards"))
        )
    before = len(await shop.sees(chat))
    await asyncio.gather(*(deliver(shop.runtime, SUBSCRIBERS, each) for each in due * 2))
    shop.clock.forward(dt.timedelta(seconds=2))
    await shop.work()
    async with shop.world.engine.connect() as connection:
        known = (await connection.execute(select(chat_messages.c.subject_id, chat_messages.c.card))).all()
    assert len(known) == len(set(known))
    assert len(await shop.sees(chat)) == before + len(known)


async def test_after_a_decision_nobodys_card_can_be_pressed_any_more(shop: Shop) -> None:
    managers = [await shop.world.a_manager(), await shop.world.a_person(Role.manager)]
    chats = [await shop.chat(manager) for manager in managers]
    approval = (await shop.world.an_open_approval()).approval
    await shop.work()
    shown = [await with_buttons(shop, chat) for chat in chats]
    for chat, (card,) in zip(chats, shown, strict=True):
        assert "Approve" in labels(card), chat
    await shop.world.act(managers[0], decisions.decide, Decide(approval.id, Verdict.approve, 1, ""))
    await shop.work()
    for chat, (card,) in zip(chats, shown, strict=True):
        (now,) = [message for message in await shop.sees(chat) if message["id"] == card["id"]]
        assert not {"Approve", "Reject"} & set(labels(now))
        assert managers[0].name in now["text"]


async def test_a_chat_that_blocked_the_bot_is_marked_and_stops_nobody(shop: Shop) -> None:
    blocked = await shop.chat(await shop.world.an_officer())
    other = await shop.chat(await shop.world.a_person(Role.officer))
    await shop.control("POST", "/control/faults", {"kind": "blocked", "person": blocked})
    await shop.world.a_request()
    await shop.work()
    assert await shop.sees(blocked) == []
    assert len(await shop.sees(other)) == 1
    async with shop.world.engine.connect() as connection:
        rows = await connection.execute(select(chat_identities.c.external_id, chat_identities.c.reachable))
        assert dict(rows.tuples().all()) == {str(blocked): False, str(other): True}
    assert set(await _states(shop)) == {"done"}


async def test_a_card_that_was_deleted_is_posted_anew_while_its_task_waits(shop: Shop) -> None:
    manager = await shop.world.a_manager()
    chat = await shop.chat(manager)
    approval = (await shop.world.an_open_approval()).approval
    await shop.work()
    (card,) = await with_buttons(shop, chat)
    await shop.runtime.chats["telegram"].bot.delete_message(chat, card["id"])  # type: ignore[attr-defined]
    ask = Decide(approval.id, Verdict.ask, 1, "Why three of them?")
    await shop.world.act(manager, decisions.decide, ask)
    await shop.work()
    (fresh,) = await with_buttons(shop, chat)
    assert fresh["id"] != card["id"]
    assert "Approve" in labels(fresh)


async def test_a_card_that_was_deleted_after_its_task_is_not_posted_anew(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    request = await shop.world.a_request()
    await shop.work()
    (card,) = await shop.sees(chat)
    await shop.runtime.chats["telegram"].bot.delete_message(chat, card["id"])  # type: ignore[attr-defined]
    await shop.world.an_rfq(request)
    await shop.work()
    assert [message for message in await with_buttons(shop, chat) if "Ask vendors" in labels(message)] == []


async def test_a_copy_that_another_worker_holds_is_looked_at_again(shop: Shop) -> None:
    """What the other one draws may be older than the event that finds it busy."""
    vendor, contact = await shop.world.a_vendor()
    other, _ = await shop.world.a_vendor()
    chat = await shop.chat(contact)
    rfq = await shop.world.an_rfq(to=[vendor, other])
    await shop.work()
    (card,) = await with_buttons(shop, chat)
    async with shop.world.engine.begin() as connection:
        await connection.execute(select(chat_messages.c.id).with_for_update())
        await shop.world.a_quote(rfq, contact)
        await shop.work()
        (still,) = [message for message in await shop.sees(chat) if message["id"] == card["id"]]
        assert still["text"] == card["text"]
    shop.clock.forward(dt.timedelta(seconds=1))
    await shop.work()
    (now,) = [message for message in await shop.sees(chat) if message["id"] == card["id"]]
    assert now["text"] != card["text"]


async def test_a_pause_that_the_platform_asks_for_is_kept_and_the_card_comes_once(shop: Shop) -> None:
    chat = await shop.chat(await shop.world.an_officer())
    await shop.control("POST", "/control/faults", {"kind": "429", "next": 1, "retry_after": 7})
    await shop.world.a_request()
    await shop.work()
    assert await shop.sees(chat) == []
    shop.clock.forward(dt.timedelta(seconds=6))
    await shop.work()
    assert await shop.sees(chat) == []
    shop.clock.forward(dt.timedelta(seconds=1))
    await shop.work()
    assert len(await shop.sees(chat)) == 1
    row = await shop.scalar("SELECT max(attempts) FROM deliveries WHERE subscriber = 'cards'")
    assert row == 1


async def test_a_chat_server_that_is_down_loses_no_card(shop: Shop) -> None:
    chat = await shop.chat(await shop.world.an_officer())
    await shop.control("POST", "/control/faults", {"kind": "500", "next": 3})
    await shop.world.a_request()
    for _ in range(5):
        await shop.work()
        shop.clock.forward(dt.timedelta(seconds=3))
    assert len(await shop.sees(chat)) == 1


async def test_without_a_chat_platform_cards_are_nobodys_business(shop: Shop) -> None:
    await shop.chat(await shop.world.an_officer())
    shop.runtime = replace(shop.runtime, chats={})
    await shop.world.a_request()
    await shop.work()
    assert await shop.scalar("SELECT count(*) FROM chat_messages") == 0
    assert set(await _states(shop)) == {"done"}
