"""Each update delivered twice, and in another order than it was made: the same state, one effect.

The stages run without Redis: nothing but the idempotency keys and the open form's row stands between.
"""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from bots.cards.deck import CardKind
from core.access.roles import Role
from core.log.tables import audit_events
from core.messages.tables import chat_drafts
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import BOTH, PDF, Player, Stage
from tests.support.world import World

pytestmark = BOTH


async def facts(stage: Stage, world: World) -> Counter[str]:
    """What has happened through this chat, refused attempts left out."""
    event = audit_events.c
    kinds = select(event.type).where(event.channel == stage.platform, event.type.not_like("%.refused"))
    async with world.engine.connect() as connection:
        return Counter(await connection.scalars(kinds))


async def open_forms(world: World) -> int:
    async with world.engine.connect() as connection:
        return len((await connection.execute(select(chat_drafts.c.form))).all())


async def asked(stage: Stage, world: World) -> None:
    """A requester asks, step by step, and takes it back."""
    requester = await stage.play(await world.a_person(Role.requester))
    await requester.say("/request laptop for IT")
    await requester.sees("How many “laptop”?")
    await requester.say("3")
    await requester.sees("By when do you need it?")
    await requester.say("1 Dec 2027")
    await requester.press("Submit")
    await requester.with_button("Withdraw…")
    [request] = (await stage.api.as_(requester.person).call(e.list_requests, query={"mine": "true"})).items
    assert [str(line.quantity) for line in request.lines] == ["3"]
    await requester.say(f"/withdraw {request.number} bought elsewhere")
    await requester.sees("withdrawn")


async def quoted(stage: Stage, world: World) -> None:
    """A vendor quotes with a file."""
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(), to=[vendor, (await world.a_vendor())[0]])
    player = await stage.play(contact)
    await player.press("Quote", await stage.card(player, CardKind.vendor_rfq, rfq.rfq.id))
    await player.sees("Line 1 of 1")
    await player.say("1180 10d")
    await player.sees("valid")
    await player.press("30 days")
    await player.press("Skip")
    await player.press("Skip")
    await player.drop("offer.pdf", PDF)
    await player.with_button("Send quote")
    await player.press("Send quote")
    await player.sees("is sent")
    [quote] = (await stage.api.as_(contact).call(e.list_quotes)).items
    assert [each.name for each in quote.documents] == ["offer.pdf"]


async def decided(stage: Stage, world: World) -> None:
    """A manager approves by a button, by words and a button, and rejects by a command."""
    manager = await stage.play(await world.a_manager())
    pressed, spoken, typed = [(await world.an_open_approval()).approval for _ in range(3)]
    await manager.press("Approve", await stage.card(manager, CardKind.approval, pressed.id))
    await manager.say("ok", reply_to=await stage.card(manager, CardKind.approval, spoken.id))
    asking = await manager.sees("You wrote “ok”")
    await manager.press("Approve", asking["id"])
    await manager.say(f"/reject {typed.title.split()[0]} too dear")
    await manager.sees("Rejected:")


async def received(stage: Stage, world: World) -> None:
    """A vendor confirms, and everything arrives."""
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    player, requester = await stage.play(contact), await stage.play(await world.a_requester())
    await player.press("Confirm the order", await stage.card(player, CardKind.vendor_order, order.id))
    await requester.press("All received", await stage.card(requester, CardKind.order, order.id))


STORIES = (asked, quoted, decided, received)


async def told(stage: Stage, world: World) -> Counter[str]:
    """What the stories do, to the last of their updates."""
    before = await facts(stage, world)
    for story in STORIES:
        await story(stage, world)
    await stage.settled()
    return await facts(stage, world) - before


async def test_everything_delivered_twice_happens_once(stage: Stage, world: World) -> None:
    once = await told(stage, world)
    assert once["request.created"] == once["quote.submitted"] == once["order.completed"] == 1
    await stage.fault(kind="duplicate")
    assert await told(stage, world) == once
    assert await open_forms(world) == 0
    await stage.forgive("message is not modified")


async def swapped(stage: Stage, player: Player, first: str, second: str, *, press: bool = False) -> None:
    """Two things done one after the other reach the bot the other way round."""
    is_slack = isinstance(stage, SlackStage)
    if not is_slack:
        await stage.stop_bot()
    await stage.fault(kind="reorder", **({"next": 1} if is_slack else {}))
    await player.say(first)
    acting = asyncio.ensure_future(player.press(second) if press else player.say(second))
    if not is_slack:
        for _ in range(200):
            if stage.waiting == 2:
                break
            await asyncio.sleep(0.02)
        await stage.behave()
        await stage.start_bot()
    await acting
    await stage.settled()
    await stage.behave()


async def test_answers_in_the_wrong_order_are_asked_again_and_make_one_request(
    stage: Stage, world: World
) -> None:
    player = await stage.play(await world.a_requester())
    await player.say("/request laptop for IT")
    await player.sees("How many “laptop”?")
    await swapped(stage, player, "3", "30 Nov 2027")
    await player.sees("I could not read the number “30 Nov 2027”")
    await player.sees("By when do you need it?")
    await player.say("30 Nov 2027")
    await player.press("Submit")
    [request] = (await stage.api.as_(player.person).call(e.list_requests, query={"mine": "true"})).items
    assert [str(line.quantity) for line in request.lines] == ["3"]
    assert str(request.needed_by) == "2027-11-30"


@pytest.mark.parametrize(("button", "made"), [("Submit", 1), ("Cancel", 0)])
async def test_a_press_that_arrives_before_the_words_does_it_once(
    stage: Stage, world: World, button: str, made: int
) -> None:
    player = await stage.play(await world.a_requester())
    await player.say("/request 2 chairs @80 needed 2027-12-01 for IT")
    await player.with_button("Submit")
    await swapped(stage, player, "submit", button, press=True)
    await player.sees("no free text")
    found = (await stage.api.as_(player.person).call(e.list_requests, query={"mine": "true"})).items
    assert len(found) == made
    assert await open_forms(world) == 0
