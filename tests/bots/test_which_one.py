"""A command without a number lists what it could mean; where nothing could be meant, it says how it is typed."""

import pytest

from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import World


@BOTH
@pytest.mark.parametrize("command", ["approve", "reject", "ask"])
async def test_a_decider_chooses_among_what_waits_for_them(
    bot_env: BotEnv, world: World, command: str
) -> None:
    user = await bot_env.a_user(await world.a_manager())
    approval = (await world.an_open_approval()).approval
    number = approval.title.split()[0]
    await user.say(f"/{command}")
    asked = await user.sees("Which one do you mean?")
    assert number in labels(asked)
    assert len(labels(asked)) <= 5
    await user.press(number, asked["id"])
    assert "Approve" in labels(await user.with_button("Approve"))


@BOTH
async def test_a_requester_chooses_among_their_own_newest_five(bot_env: BotEnv, world: World) -> None:
    requests = [(await world.a_request()).request for _ in range(6)]
    user = await bot_env.a_user(await world.a_requester())
    for command in ("status", "comment", "withdraw", "copy"):
        await user.say(f"/{command}")
        asked = await user.sees("Which one do you mean?")
        assert labels(asked) == [each.number for each in reversed(requests[1:])]
        await user.press(requests[-1].number, asked["id"])
        await user.with_button("Withdraw…")


@BOTH
async def test_an_officer_and_a_vendor_choose_among_rfqs_and_orders(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    officer = await bot_env.a_user(await world.an_officer())
    for command in ("close", "compare", "propose"):
        await officer.say(f"/{command}")
        assert rfq.number in labels(await officer.sees("Which one do you mean?"))
    seller = await bot_env.a_user(contact)
    await seller.say("/nobid")
    assert rfq.number in labels(await seller.sees("Which one do you mean?"))
    await seller.say("/acknowledge")
    await seller.with_button(order.number)


@BOTH
async def test_where_nothing_could_be_meant_an_example_is_shown(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/copy")
    told = (await user.sees("Add the number, for example"))["text"]
    assert told.endswith("copy REQ-104")
