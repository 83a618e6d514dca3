"""Groups that move, and bots that are taken out of them: the next card goes where the group is, nothing is lost."""

from core.access.actor import Actor
from core.access.roles import Role
from core.groups.commands import GroupChat, NoteGroup
from core.groups.service import note_group
from core.groups.states import GroupKind
from tests.workers.delivery.shop import Shop
from tests.workers.groups.forum import BOT, a_forum
from tests.workers.groups.test_topics import laptops

MOVED = "Bad Request: group chat was upgraded to a supergroup chat"


async def test_a_group_that_becomes_a_supergroup_in_the_middle_is_followed(shop: Shop) -> None:
    """Nobody heard of it: the answer to the next message says where the group is."""
    group = await a_forum(shop, kind=GroupKind.group)
    first = await laptops(shop)
    await shop.settled()
    old = await group.card()
    group.id = (await shop.control("POST", f"/control/groups/{group.id}/migrate"))["id"]
    await shop.world.an_rfq(first)
    await laptops(shop)
    await shop.settled()
    again, new = await group.messages()
    assert again["id"] != old["id"]
    assert "asking vendors" in again["text"]
    assert "submitted" in new["text"]
    assert await shop.scalar("SELECT chat_id FROM chat_groups") == str(group.id)
    assert await shop.scalar("SELECT count(*) FROM audit_events WHERE type = 'group.moved'") == 1
    assert await shop.parked() == 0
    assert {each["description"] for each in await shop.control("GET", "/control/refusals")} == {MOVED}
    await shop.control("DELETE", "/control/refusals")


async def test_a_bot_that_was_taken_out_brings_everything_up_to_date_when_it_is_back(shop: Shop) -> None:
    forum = await a_forum(shop)
    admin = await shop.world.an_admin()
    chat = await shop.chat(admin)
    request = await laptops(shop)
    await shop.settled()
    body = {"id": forum.id, "title": "IT", "forum": True}
    await shop.control("POST", "/control/groups", {**body, "members": [forum.member]})
    await shop.world.an_rfq(request)
    await shop.settled()
    assert "submitted" in await forum.title()
    (told,) = [each["text"] for each in await shop.sees(chat)]
    assert "no longer in the group “IT” on Telegram" in told
    await shop.control("POST", "/control/groups", {**body, "members": [forum.member, BOT]})
    found = NoteGroup(GroupChat("telegram", str(forum.id)), reachable=True)
    await shop.world.act(Actor.service(Role.service_bot), note_group, found)
    await shop.settled()
    assert "asking vendors" in await forum.title()
    await shop.control("DELETE", "/control/refusals")
