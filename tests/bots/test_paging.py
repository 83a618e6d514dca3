"""Lists that do not fit into one message have pages, with true numbers, and lose nothing when items disappear."""

import pytest

from bots.cards.page_ref import ListName, PageRef, page_of_press
from bots.cards.press import NO_ID, Op, Press, pack, unpack
from bots.dialog.handlers.approvals import MAX_CARDS
from bots.dialog.handlers.lists import MAX_ITEMS
from core.kernel.ids import new_id
from tests.api.test_unreadable_rows import spoil
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.bots.slack_env import SlackEnv
from tests.support.postgres import Database
from tests.support.world import World


@BOTH
async def test_own_requests_are_turned_in_place_forwards_and_back(bot_env: BotEnv, world: World) -> None:
    made = [(await world.a_request()).request for _ in range(MAX_ITEMS + 2)]
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/my")
    first = await user.sees(f"1–{MAX_ITEMS} of {MAX_ITEMS + 2}")
    assert made[-1].number in first["text"]
    assert (labels(first)[-1], "Previous" in labels(first)) == ("Next", False)
    await user.press("Next", first["id"])
    second = await user.sees(f"{MAX_ITEMS + 1}–{MAX_ITEMS + 2} of {MAX_ITEMS + 2}")
    assert (second["id"], made[0].number in second["text"]) == (first["id"], True)
    assert (labels(second)[-1], "Next" in labels(second)) == ("Previous", False)
    await user.press("Previous", second["id"])
    again = await user.sees(f"1–{MAX_ITEMS} of {MAX_ITEMS + 2}")
    assert (again["id"], made[-1].number in again["text"]) == (first["id"], True)


@BOTH
async def test_orders_are_listed_by_their_command_alone(bot_env: BotEnv, world: World) -> None:
    order = (await world.an_order()).order
    user = await bot_env.a_user(await world.an_officer())
    await user.say("/po")
    shown = await user.sees("Orders")
    assert order.number in labels(shown)
    await user.press(order.number, shown["id"])
    await user.sees("Laptop 14 inch")
    other = await bot_env.a_user((await world.a_vendor())[1])
    await other.say("/po")
    await other.sees("There are no orders yet.")


async def test_a_long_list_of_orders_goes_on_and_back(bot_env: BotEnv, world: World) -> None:
    made = [(await world.an_order()).order.number for _ in range(MAX_ITEMS + 1)]
    user = await bot_env.a_user(await world.an_officer())
    await user.say("/po")
    first = await user.with_button("Next")
    assert labels(first)[:-1] == made[:0:-1]
    await user.press("Next", first["id"])
    last = await user.with_button(made[0])
    assert labels(last) == [made[0], "Previous"]
    await user.press("Previous", last["id"])
    again = await user.with_button("Next")
    assert labels(again) == labels(first)


@BOTH
async def test_a_row_that_cannot_be_shown_is_named_beside_the_others(
    bot_env: BotEnv, world: World, database: Database
) -> None:
    bad, good = [(await world.a_request()).request for _ in range(2)]
    await spoil(database, "procurement_requests", "state")
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/my")
    shown = await user.sees(f"{bad.number} can’t be shown. The administrators have been told.")
    assert good.number in shown["text"]


@BOTH
async def test_the_state_stays_on_every_page(bot_env: BotEnv, world: World) -> None:
    for _ in range(MAX_ITEMS + 1):
        await world.a_request(submit=False)
    await world.a_request()
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/my draft")
    first = await user.sees(f"1–{MAX_ITEMS} of {MAX_ITEMS + 1}")
    await user.press("Next", first["id"])
    await user.sees(f"{MAX_ITEMS + 1}–{MAX_ITEMS + 1} of {MAX_ITEMS + 1}")


@BOTH
async def test_approvals_that_were_decided_meanwhile_skip_nothing(bot_env: BotEnv, world: World) -> None:
    opened = [await world.an_open_approval() for _ in range(MAX_CARDS + 2)]
    user = await bot_env.a_user(await world.a_manager())
    await user.say("/approvals")
    shown = await user.sees(f"1–{MAX_CARDS} of {MAX_CARDS + 2}")
    for each in opened[-3:]:
        await world.approved(each)
    await user.press("Next", shown["id"])
    await user.sees(f"{MAX_CARDS - 2}–{MAX_CARDS - 1} of {MAX_CARDS - 1}")
    chat = await user.chat()
    for each in opened[:2]:
        assert any(each.approval.title in message["text"] for message in chat[-3:])


async def test_home_counts_everything_and_sends_the_next_page(slack: SlackEnv, world: World) -> None:
    for _ in range(MAX_ITEMS + 2):
        await world.a_request()
    officer = await slack.a_user(await world.an_officer())
    shown = await officer.home("Waiting for you")
    assert f"1–{MAX_ITEMS} of {MAX_ITEMS + 2}" in shown["text"]
    await officer.press_in("home", "Next")
    await officer.sees(f"{MAX_ITEMS + 1}–{MAX_ITEMS + 2} of {MAX_ITEMS + 2}")


@pytest.mark.parametrize("arg", ["", "m", "x>", "m=draft", "w>"])
def test_a_button_that_we_never_drew_names_no_page(arg: str) -> None:
    assert page_of_press(Press(Op.page, new_id(), arg=arg)) is None
    assert page_of_press(Press(Op.page, NO_ID, arg="m>")) is None


def test_a_page_fits_into_a_button_and_comes_back() -> None:
    for text in ("", "awaiting_approval", "ж" * 14):
        ref = PageRef(ListName.requests, text, new_id(), backwards=True)
        press = unpack(pack(ref.press()))
        assert press is not None
        assert (ref.fits, page_of_press(press)) == (True, ref)
    assert not PageRef(ListName.vendors, "ж" * 20, new_id()).fits
