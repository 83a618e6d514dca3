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
from tests.workers.delivery.worker_env import WorkerEnv
from workers.deliver import deliver
from workers.subscribers.table import SUBSCRIBERS

Message = dict[str, Any]


def labels(message: Message) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def with_buttons(worker_env: WorkerEnv, chat: int) -> list[Message]:
    return [message for message in await worker_env.sandbox.messages(chat) if message["buttons"]]


async def calls(worker_env: WorkerEnv, method: str) -> int:
    """How often the bot called this, in any spelling."""
    log = await worker_env.sandbox.calls()
    return sum(1 for entry in log if str(entry.get("method", "")).lower() == method.lower())


async def again(worker_env: WorkerEnv, subscriber: str) -> None:
    """Every delivery of a subscriber comes a second time, as after a worker that died too late."""
    async with worker_env.world.engine.begin() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.subscriber == subscriber)
            .values(state="due", due_at=worker_env.clock.at, enqueued_at=None)
        )


async def _states(worker_env: WorkerEnv) -> list[str]:
    async with worker_env.world.engine.connect() as connection:
        found = await connection.scalars(select(deliveries.c.state).where(deliveries.c.subscriber == "cards"))
        return list(found)


async def test_each_person_gets_one_card_for_a_task_that_waits(worker_env: WorkerEnv) -> None:
    officers = [await worker_env.world.an_officer(), await worker_env.world.a_person(Role.officer)]
    chats = [await worker_env.link_chat(officer) for officer in officers]
    other = await worker_env.link_chat(await worker_env.world.a_manager())
    request = await worker_env.world.a_request()
    await worker_env.work()
    for chat in chats:
        (card,) = await worker_env.sandbox.messages(chat)
        assert request.request.number in card["text"]
        assert labels(card)
    assert await worker_env.sandbox.messages(other) == []


async def test_a_card_is_edited_in_place_as_the_purchase_goes_on(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    request = await worker_env.world.a_request()
    await worker_env.work()
    (card,) = await worker_env.sandbox.messages(chat)
    await worker_env.world.an_rfq(request)
    await worker_env.work()
    first = (await worker_env.sandbox.messages(chat))[0]
    assert first["id"] == card["id"]
    assert first["text"] != card["text"]


async def test_of_changes_that_wait_together_only_the_newest_is_drawn(worker_env: WorkerEnv) -> None:
    chat = await worker_env.link_chat(await worker_env.world.an_officer())
    vendors = [await worker_env.world.a_vendor() for _ in range(3)]
    request = await worker_env.world.a_request()
    await worker_env.work()
    before = await calls(worker_env, "editMessageText")
    rfq = await worker_env.world.an_rfq(request, to=[vendor for vendor, _ in vendors])
    for (_, contact), price in zip(vendors, ("1180", "1190", "1200"), strict=True):
        await worker_env.world.a_quote(rfq, contact, price)
    await worker_env.work()
    assert await calls(worker_env, "editMessageText") == before + 1
    card = (await worker_env.sandbox.messages(chat))[0]
    assert request.request.number in card["text"]
    assert "waiting for approval" in card["text"], card["text"]
    assert set(await _states(worker_env)) == {"done"}


async def test_a_card_that_shows_it_already_is_not_sent_again(worker_env: WorkerEnv) -> None:
    await worker_env.link_chat(await worker_env.world.an_officer())
    await worker_env.world.a_request()
    await worker_env.work()
    before = await calls(worker_env, "sendMessage") + await calls(worker_env, "editMessageText")
    assert before == 1
    for _ in range(3):
        await again(worker_env, "cards")
        await worker_env.work()
    assert await calls(worker_env, "sendMessage") + await calls(worker_env, "editMessageText") == before


async def test_two_workers_at_the_same_moment_post_one_card(worker_env: WorkerEnv) -> None:
    chat = await worker_env.link_chat(await worker_env.world.an_officer())
    await worker_env.world.an_rfq(await worker_env.world.a_request())
    await worker_env.world.a_request()
    await worker_env.work()
    await again(worker_env, "cards")
    async with worker_env.world.engine.begin() as connection:
        await connection.execute(text("DELETE FROM chat_messages"))
        due = list(
            await connection.scalars(select(deliveries.c.id).where(deliveries.c.subscriber == "cards"))
        )
    before = len(await worker_env.sandbox.messages(chat))
    await asyncio.gather(*(deliver(worker_env.runtime, SUBSCRIBERS, [each]) for each in due * 2))
    worker_env.clock.advance(dt.timedelta(seconds=2))
    await worker_env.work()
    async with worker_env.world.engine.connect() as connection:
        known = (await connection.execute(select(chat_messages.c.subject_id, chat_messages.c.card))).all()
    assert [copy.card for copy in known] == ["officer_request"]
    assert len(await worker_env.sandbox.messages(chat)) == before + len(known)


async def test_after_a_decision_nobodys_card_can_be_pressed_any_more(worker_env: WorkerEnv) -> None:
    managers = [await worker_env.world.a_manager(), await worker_env.world.a_person(Role.manager)]
    chats = [await worker_env.link_chat(manager) for manager in managers]
    approval = (await worker_env.world.an_open_approval()).approval
    await worker_env.work()
    shown = [await with_buttons(worker_env, chat) for chat in chats]
    for chat, (card,) in zip(chats, shown, strict=True):
        assert "Approve" in labels(card), chat
    await worker_env.world.act(managers[0], decisions.decide, Decide(approval.id, Verdict.approve, 1, ""))
    await worker_env.work()
    for chat, (card,) in zip(chats, shown, strict=True):
        (now,) = [
            message for message in await worker_env.sandbox.messages(chat) if message["id"] == card["id"]
        ]
        assert not {"Approve", "Reject"} & set(labels(now))
        assert managers[0].name in now["text"]


async def test_a_chat_that_blocked_the_bot_is_marked_and_stops_nobody(worker_env: WorkerEnv) -> None:
    blocked = await worker_env.link_chat(await worker_env.world.an_officer())
    other = await worker_env.link_chat(await worker_env.world.a_person(Role.officer))
    await worker_env.sandbox.set_fault("blocked", person=blocked)
    await worker_env.world.a_request()
    await worker_env.work()
    assert await worker_env.sandbox.messages(blocked) == []
    assert len(await worker_env.sandbox.messages(other)) == 1
    async with worker_env.world.engine.connect() as connection:
        rows = await connection.execute(select(chat_identities.c.external_id, chat_identities.c.reachable))
        assert dict(rows) == {str(blocked): False, str(other): True}
    assert set(await _states(worker_env)) == {"done"}


async def test_a_card_that_was_deleted_is_posted_anew_while_its_task_waits(worker_env: WorkerEnv) -> None:
    manager = await worker_env.world.a_manager()
    chat = await worker_env.link_chat(manager)
    approval = (await worker_env.world.an_open_approval()).approval
    await worker_env.work()
    (card,) = await with_buttons(worker_env, chat)
    await worker_env.runtime.chats["telegram"].bot.delete_message(chat, card["id"])  # type: ignore[attr-defined]
    ask = Decide(approval.id, Verdict.ask, 1, "Why three of them?")
    await worker_env.world.act(manager, decisions.decide, ask)
    await worker_env.work()
    (fresh,) = await with_buttons(worker_env, chat)
    assert fresh["id"] != card["id"]
    assert "Approve" in labels(fresh)


async def test_a_card_that_was_deleted_after_its_task_is_not_posted_anew(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    request = await worker_env.world.a_request()
    await worker_env.work()
    (card,) = await worker_env.sandbox.messages(chat)
    await worker_env.runtime.chats["telegram"].bot.delete_message(chat, card["id"])  # type: ignore[attr-defined]
    await worker_env.world.an_rfq(request)
    await worker_env.work()
    assert [
        message for message in await with_buttons(worker_env, chat) if "Ask vendors" in labels(message)
    ] == []


async def test_a_copy_that_another_worker_holds_is_looked_at_again(worker_env: WorkerEnv) -> None:
    """What the other one draws may be older than the event that finds it busy."""
    vendor, contact = await worker_env.world.a_vendor()
    other, _ = await worker_env.world.a_vendor()
    chat = await worker_env.link_chat(contact)
    rfq = await worker_env.world.an_rfq(to=[vendor, other])
    await worker_env.work()
    (card,) = await with_buttons(worker_env, chat)
    async with worker_env.world.engine.begin() as connection:
        await connection.execute(select(chat_messages.c.id).with_for_update())
        await worker_env.world.a_quote(rfq, contact)
        await worker_env.work()
        (still,) = [
            message for message in await worker_env.sandbox.messages(chat) if message["id"] == card["id"]
        ]
        assert still["text"] == card["text"]
    worker_env.clock.advance(dt.timedelta(seconds=1))
    await worker_env.work()
    (now,) = [message for message in await worker_env.sandbox.messages(chat) if message["id"] == card["id"]]
    assert now["text"] != card["text"]


async def test_a_pause_that_the_platform_asks_for_is_kept_and_the_card_comes_once(
    worker_env: WorkerEnv,
) -> None:
    chat = await worker_env.link_chat(await worker_env.world.an_officer())
    await worker_env.sandbox.set_fault("429", next=1, retry_after=7)
    await worker_env.world.a_request()
    await worker_env.work()
    assert await worker_env.sandbox.messages(chat) == []
    worker_env.clock.advance(dt.timedelta(seconds=6))
    await worker_env.work()
    assert await worker_env.sandbox.messages(chat) == []
    worker_env.clock.advance(dt.timedelta(seconds=1))
    await worker_env.work()
    assert len(await worker_env.sandbox.messages(chat)) == 1
    row = await worker_env.scalar("SELECT max(attempts) FROM deliveries WHERE subscriber = 'cards'")
    assert row == 1


async def test_a_chat_server_that_is_down_loses_no_card(worker_env: WorkerEnv) -> None:
    chat = await worker_env.link_chat(await worker_env.world.an_officer())
    await worker_env.sandbox.set_fault("500", next=3)
    await worker_env.world.a_request()
    for _ in range(5):
        await worker_env.work()
        worker_env.clock.advance(dt.timedelta(seconds=3))
    assert len(await worker_env.sandbox.messages(chat)) == 1


async def test_without_a_chat_platform_cards_are_nobodys_business(worker_env: WorkerEnv) -> None:
    await worker_env.link_chat(await worker_env.world.an_officer())
    worker_env.runtime = replace(worker_env.runtime, chats={})
    await worker_env.world.a_request()
    await worker_env.work()
    assert await worker_env.scalar("SELECT count(*) FROM chat_messages") == 0
    assert set(await _states(worker_env)) == {"done"}
