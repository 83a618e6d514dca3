"""Groups that move, and bots that are taken out of them: the next card goes where the group is, nothing is lost."""

from core.access.actor import Actor
from core.access.roles import Role
from core.groups.commands import GroupChat, SetGroupReachable
from core.groups.service import set_group_reachable
from core.groups.states import GroupKind
from tests.workers.delivery.worker_env import WorkerEnv
from tests.workers.groups.group_env import BOT, make_group_env
from tests.workers.groups.test_topics import laptops

MOVED = "Bad Request: group chat was upgraded to a supergroup chat"


async def test_a_group_that_becomes_a_supergroup_in_the_middle_is_followed(worker_env: WorkerEnv) -> None:
    """Nobody heard of it: the answer to the next message says where the group is."""
    group = await make_group_env(worker_env, kind=GroupKind.group)
    first = await laptops(worker_env)
    await worker_env.settle()
    old = await group.card()
    group.id = await worker_env.sandbox.migrate_group(group.id)
    await worker_env.world.an_rfq(first)
    await laptops(worker_env)
    await worker_env.settle()
    again, new = await group.messages()
    assert again["id"] != old["id"]
    assert "collecting quotes" in again["text"]
    assert "submitted" in new["text"]
    assert await worker_env.scalar("SELECT chat_id FROM chat_groups") == str(group.id)
    assert await worker_env.scalar("SELECT count(*) FROM audit_events WHERE type = 'group.moved'") == 1
    assert await worker_env.parked_count() == 0
    assert {each["description"] for each in await worker_env.sandbox.refusals()} == {MOVED}
    await worker_env.sandbox.clear_refusals()


async def test_a_bot_that_was_taken_out_brings_everything_up_to_date_when_it_is_back(
    worker_env: WorkerEnv,
) -> None:
    group_env = await make_group_env(worker_env)
    admin = await worker_env.world.an_admin()
    chat = await worker_env.link_chat(admin)
    request = await laptops(worker_env)
    await worker_env.settle()
    body = {"id": group_env.id, "title": "IT", "forum": True}
    await worker_env.sandbox.set_group({**body, "members": [group_env.member]})
    await worker_env.world.an_rfq(request)
    await worker_env.settle()
    assert "submitted" in await group_env.title()
    (told,) = [each["text"] for each in await worker_env.sandbox.messages(chat)]
    assert "removed from the group “IT” on Telegram" in told
    await worker_env.sandbox.set_group({**body, "members": [group_env.member, BOT]})
    found = SetGroupReachable(GroupChat("telegram", str(group_env.id)), reachable=True)
    await worker_env.world.act(Actor.service(Role.service_bot), set_group_reachable, found)
    await worker_env.settle()
    assert "collecting quotes" in await group_env.title()
    await worker_env.sandbox.clear_refusals()
