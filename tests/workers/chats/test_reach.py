"""Blocked bots: the next chat is used, administrators hear it once, and whoever comes back finds what waits."""

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import commands, reach
from core.awards import service as awards
from core.awards.commands import CloseRfq
from tests.workers.delivery.worker_env import WorkerEnv

BOT = Actor.service(Role.service_bot)


async def back(worker_env: WorkerEnv, chat: int) -> None:
    """What the bot does when somebody presses Start again."""
    await worker_env.sandbox.clear_faults()
    await worker_env.world.act(
        BOT, reach.set_chat_reachable, commands.SetChatReachable("telegram", str(chat), reachable=True)
    )
    await worker_env.work()


async def blocks(worker_env: WorkerEnv, chat: int) -> None:
    await worker_env.sandbox.set_fault("blocked", person=chat)


async def texts(worker_env: WorkerEnv, chat: int) -> list[str]:
    return [message["text"] for message in await worker_env.sandbox.messages(chat)]


async def test_a_task_goes_to_the_other_chat_and_the_administrator_hears_of_the_block_once(
    worker_env: WorkerEnv,
) -> None:
    officer, admin = await worker_env.world.an_officer(), await worker_env.world.an_admin()
    first, second, admins = (
        await worker_env.link_chat(officer),
        await worker_env.link_chat(officer),
        await worker_env.link_chat(admin),
    )
    await blocks(worker_env, first)
    for _ in range(3):
        await worker_env.world.a_request()
        await worker_env.work()
    assert await texts(worker_env, first) == []
    assert len(await texts(worker_env, second)) == 3
    (told,) = await texts(worker_env, admins)
    assert officer.name in told
    assert "Other chats of this person: 1" in told
    calls = await worker_env.sandbox.calls()
    assert len([call for call in calls if str(call["args"].get("chat_id")) == str(first)]) == 1


async def test_whoever_comes_back_finds_old_cards_current_and_new_tasks_there(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    request = await worker_env.world.a_request()
    await worker_env.work()
    await blocks(worker_env, chat)
    await worker_env.world.an_rfq(request)
    await worker_env.world.a_request()
    await worker_env.work()
    (old,) = await worker_env.sandbox.messages(chat)
    assert "submitted" in old["text"]

    await back(worker_env, chat)

    first, second = await worker_env.sandbox.messages(chat)
    assert first["id"] == old["id"]
    assert "collecting quotes" in first["text"]
    assert "submitted" in second["text"]
    await back(worker_env, chat)
    assert len(await worker_env.sandbox.messages(chat)) == 2


async def test_with_no_chat_left_nothing_is_lost_and_nothing_is_parked(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    await blocks(worker_env, chat)
    await worker_env.world.a_request()
    await worker_env.work()
    assert await worker_env.parked_count() == 0
    await back(worker_env, chat)
    assert len(await worker_env.sandbox.messages(chat)) == 1


async def test_of_a_vendor_who_blocks_the_officer_hears_once_and_no_other_officer(
    worker_env: WorkerEnv,
) -> None:
    officer, other = await worker_env.world.an_officer(), await worker_env.world.a_person(Role.officer)
    vendor, contact = await worker_env.world.a_vendor()
    officers, others, chat = (
        await worker_env.link_chat(officer),
        await worker_env.link_chat(other),
        await worker_env.link_chat(contact),
    )
    rfq = await worker_env.world.an_rfq(to=[vendor], by=officer)
    await blocks(worker_env, chat)
    await worker_env.work()
    await worker_env.world.act(officer, awards.close, CloseRfq(rfq.rfq.id, None))
    await worker_env.work()
    assert await texts(worker_env, chat) == []
    (told,) = [words for words in await texts(worker_env, officers) if contact.name in words]
    assert vendor.name in told
    assert [words for words in await texts(worker_env, others) if contact.name in words] == []
    assert await worker_env.parked_count() == 0
