"""Each update delivered twice, and in another order than it was made: the same state, one effect.

The bots are forgetful and have no Redis: nothing but the idempotency keys and the open form's row stands between.
"""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.log.tables import audit_events
from core.messages.tables import chat_drafts
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser
from tests.bots.slack_env import SlackEnv
from tests.support.world import World

pytestmark = [BOTH, pytest.mark.usefixtures("forgetful")]


async def facts(bot_env: BotEnv, world: World) -> Counter[str]:
    """What has happened through this chat, refused attempts left out."""
    event = audit_events.c
    kinds = select(event.type).where(event.channel == bot_env.platform, event.type.not_like("%.refused"))
    async with world.engine.connect() as connection:
        return Counter(await connection.scalars(kinds))


async def open_forms(world: World) -> int:
    async with world.engine.connect() as connection:
        return len((await connection.execute(select(chat_drafts.c.form))).all())


async def asked(bot_env: BotEnv, world: World) -> None:
    """A requester asks, step by step, and takes it back."""
    requester = await bot_env.a_user(await world.a_person(Role.requester))
    await requester.say("/request laptop for IT")
    await requester.sees("How many “laptop” do you need?")
    await requester.say("3")
    await requester.sees("When do you need it?")
    await requester.say("1 Dec 2027")
    await requester.press("Submit")
    await requester.with_button("Withdraw…")
    [request] = (await bot_env.api.as_(requester.person).call(e.list_requests, query={"mine": "true"})).items
    assert [str(line.quantity) for line in request.lines] == ["3"]
    await requester.say(f"/withdraw {request.number} bought elsewhere")
    await requester.sees("withdrawn")


async def quoted(bot_env: BotEnv, world: World) -> None:
    """A vendor quotes with a file."""
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(), to=[vendor, (await world.a_vendor())[0]])
    user = await bot_env.a_user(contact)
    await user.press("Quote", await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id))
    await user.sees("Line 1 of 1")
    await user.say("1180 10d")
    await user.sees("valid")
    await user.press("30 days")
    await user.press("Skip")
    await user.press("Skip")
    await user.drop("offer.pdf", PDF)
    await user.with_button("Send quote")
    await user.press("Send quote")
    await user.sees("was sent")
    [quote] = (await bot_env.api.as_(contact).call(e.list_quotes)).items
    assert [each.name for each in quote.documents] == ["offer.pdf"]


async def decided(bot_env: BotEnv, world: World) -> None:
    """A manager approves by a button, by words and a button, and rejects by a command."""
    manager = await bot_env.a_user(await world.a_manager())
    pressed, spoken, typed = [(await world.an_open_approval()).approval for _ in range(3)]
    await manager.press("Approve", await bot_env.card(manager, CardKind.approval, pressed.id))
    await manager.say("ok", reply_to=await bot_env.card(manager, CardKind.approval, spoken.id))
    asking = await manager.sees("You wrote “ok”")
    await manager.press("Approve", asking["id"])
    await manager.say(f"/reject {typed.title.split()[0]} too dear")
    await manager.sees("Rejected:")


async def received(bot_env: BotEnv, world: World) -> None:
    """A vendor confirms, and everything arrives."""
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    user, requester = await bot_env.a_user(contact), await bot_env.a_user(await world.a_requester())
    await user.press("Confirm order", await bot_env.card(user, CardKind.vendor_order, order.id))
    await requester.press("All received", await bot_env.card(requester, CardKind.order, order.id))


STORIES = (asked, quoted, decided, received)


async def told(bot_env: BotEnv, world: World) -> Counter[str]:
    """What the stories do, to the last of their updates."""
    before = await facts(bot_env, world)
    for story in STORIES:
        await story(bot_env, world)
    await bot_env.settled()
    return await facts(bot_env, world) - before


async def test_everything_delivered_twice_happens_once(bot_env: BotEnv, world: World) -> None:
    once = await told(bot_env, world)
    assert once["request.created"] == once["quote.submitted"] == once["order.completed"] == 1
    await bot_env.set_fault("duplicate")
    assert await told(bot_env, world) == once
    assert await open_forms(world) == 0
    await bot_env.expect_refusals("message is not modified")


async def swapped(bot_env: BotEnv, user: ChatUser, first: str, second: str, *, press: bool = False) -> None:
    """Two things done one after the other reach the bot the other way round."""
    is_slack = isinstance(bot_env, SlackEnv)
    if not is_slack:
        await bot_env.stop_bot()
    await bot_env.set_fault("reorder", **({"next": 1} if is_slack else {}))
    await user.say(first)
    acting = asyncio.ensure_future(user.press(second) if press else user.say(second))
    if not is_slack:
        for _ in range(200):
            if bot_env.pending_updates == 2:
                break
            await asyncio.sleep(0.02)
        await bot_env.sandbox.clear_faults()
        await bot_env.start_bot()
    await acting
    await bot_env.settled()
    await bot_env.sandbox.clear_faults()


async def test_answers_in_the_wrong_order_are_asked_again_and_make_one_request(
    bot_env: BotEnv, world: World
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request laptop for IT")
    await user.sees("How many “laptop” do you need?")
    await swapped(bot_env, user, "3", "30 Nov 2027")
    await user.sees("I couldn’t read the number “30 Nov 2027”")
    await user.sees("When do you need it?")
    await user.say("30 Nov 2027")
    await user.press("Submit")
    [request] = (await bot_env.api.as_(user.person).call(e.list_requests, query={"mine": "true"})).items
    assert [str(line.quantity) for line in request.lines] == ["3"]
    assert str(request.needed_by) == "2027-11-30"


@pytest.mark.parametrize(("button", "made"), [("Submit", 1), ("Cancel", 0)])
async def test_a_press_that_arrives_before_the_words_does_it_once(
    bot_env: BotEnv, world: World, button: str, made: int
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 2 chairs @80 needed 2027-12-01 for IT")
    await user.with_button("Submit")
    await swapped(bot_env, user, "submit", button, press=True)
    await user.sees("didn’t understand that as a command")
    found = (await bot_env.api.as_(user.person).call(e.list_requests, query={"mine": "true"})).items
    assert len(found) == made
    assert await open_forms(world) == 0
