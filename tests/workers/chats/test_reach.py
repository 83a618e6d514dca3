"""Blocked bots: the next chat is used, administrators hear it once, and whoever comes back finds what waits."""

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import commands, reach
from core.awards import service as awards
from core.awards.commands import CloseRfq
from tests.workers.delivery.shop import Shop

BOT = Actor.service(Role.service_bot)


async def back(shop: Shop, chat: int) -> None:
    """What the bot does when somebody presses Start again."""
    await shop.control("DELETE", "/control/faults")
    await shop.world.act(BOT, reach.reach, commands.Reach("telegram", str(chat), reachable=True))
    await shop.work()


async def blocks(shop: Shop, chat: int) -> None:
    await shop.control("POST", "/control/faults", {"kind": "blocked", "person": chat})


async def texts(shop: Shop, chat: int) -> list[str]:
    return [message["text"] for message in await shop.sees(chat)]


async def test_a_task_goes_to_the_other_chat_and_the_administrator_hears_of_the_block_once(
    shop: Shop,
) -> None:
    officer, admin = await shop.world.an_officer(), await shop.world.an_admin()
    first, second, admins = await shop.chat(officer), await shop.chat(officer), await shop.chat(admin)
    await blocks(shop, first)
    for _ in range(3):
        await shop.world.a_request()
        await shop.work()
    assert await texts(shop, first) == []
    assert len(await texts(shop, second)) == 3
    (told,) = await texts(shop, admins)
    assert officer.name in told
    assert "Other chats of this person: 1" in told
    calls = await shop.control("GET", "/control/log")
    assert len([call for call in calls if str(call["args"].get("chat_id")) == str(first)]) == 1


async def test_whoever_comes_back_finds_old_cards_current_and_new_tasks_there(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    request = await shop.world.a_request()
    await shop.work()
    await blocks(shop, chat)
    await shop.world.an_rfq(request)
    await shop.world.a_request()
    await shop.work()
    (old,) = await shop.sees(chat)
    assert "submitted" in old["text"]

    await back(shop, chat)

    first, second = await shop.sees(chat)
    assert first["id"] == old["id"]
    assert "asking vendors" in first["text"]
    assert "submitted" in second["text"]
    await back(shop, chat)
    assert len(await shop.sees(chat)) == 2


async def test_with_no_chat_left_nothing_is_lost_and_nothing_is_parked(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    await blocks(shop, chat)
    await shop.world.a_request()
    await shop.work()
    assert await shop.parked() == 0
    await back(shop, chat)
    assert len(await shop.sees(chat)) == 1


async def test_of_a_vendor_who_blocks_the_officer_hears_once_and_no_other_officer(shop: Shop) -> None:
    officer, other = await shop.world.an_officer(), await shop.world.a_person(Role.officer)
    vendor, contact = await shop.world.a_vendor()
    officers, others, chat = await shop.chat(officer), await shop.chat(other), await shop.chat(contact)
    rfq = await shop.world.an_rfq(to=[vendor], by=officer)
    await blocks(shop, chat)
    await shop.work()
    await shop.world.act(officer, awards.close, CloseRfq(rfq.rfq.id, None))
    await shop.work()
    assert await texts(shop, chat) == []
    (told,) = [words for words in await texts(shop, officers) if contact.name in words]
    assert vendor.name in told
    assert [words for words in await texts(shop, others) if contact.name in words] == []
    assert await shop.parked() == 0
