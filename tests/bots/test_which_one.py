"""A command without a number lists what it could mean; where nothing could be meant, it says how it is typed."""

from decimal import Decimal

import pytest

from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.quotes import service as quotes
from core.requests.commands import RequestLineDraft
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser, labels, newest
from tests.bots.telegram_env import TelegramEnv
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


async def offered(user: ChatUser, command: str) -> set[str]:
    """The numbers that a command alone offers; none where it only says how it is typed."""
    before = {each["id"] for each in await user.chat()}
    await user.say(f"/{command}")
    told = await user.waits(
        lambda chat: newest(
            chat, lambda each: each["id"] not in before and "Which one do you mean?" in each["text"]
        ),
        "an answer",
    )
    return set(labels(told))


@BOTH
async def test_only_what_the_command_could_be_done_with_is_offered(bot_env: BotEnv, world: World) -> None:
    seller, other = await world.a_vendor(), await world.a_vendor()
    lines = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Desk", "Lamp")]
    open_rfq = (await world.an_rfq(await world.a_request(lines=lines), to=[seller[0], other[0]])).rfq
    closed = await world.an_rfq(await world.a_request(lines=lines), to=[seller[0], other[0]])
    for _, contact in (seller, other):
        await world.a_quote(closed, contact)
    order = (await world.an_order(vendor=seller[0], contact=seller[1])).order
    alone = (await world.a_request()).request
    officer = await bot_env.a_user(await world.an_officer())
    assert await offered(officer, "split") == {closed.rfq.number}
    assert await offered(officer, "enter") == {open_rfq.number, order.number}
    for command in ("deadline", "add_vendors", "correct", "close"):
        assert await offered(officer, command) == {open_rfq.number}, command
    assert await offered(officer, "clarify") == set()
    assert await offered(officer, "complete") == set()
    first = open_rfq.lines[0]
    valid = world.today.replace(year=world.today.year + 1)
    half = (QuoteLineDraft(first.id, Decimal(500), None, no_bid=False),)
    quote = SubmitQuote(open_rfq.id, "USD", valid, 5, Decimal(0), "", half, ())
    await world.act(seller[1], quotes.submit_quote, quote)
    assert await offered(officer, "complete") == {open_rfq.number}
    vendor = await bot_env.a_user(seller[1])
    assert await offered(vendor, "confirm") == set()
    requester = await bot_env.a_user(await world.a_requester())
    droppable = await offered(requester, "drop")
    assert alone.number not in droppable


async def test_a_file_with_a_command_alone_is_said_not_to_be_kept(
    telegram: TelegramEnv, world: World
) -> None:
    request = (await world.a_request()).request
    user = await telegram.a_user(await world.a_requester())
    await user.drop("drawing.pdf", PDF, "/attach")
    assert request.number in labels(await user.sees("Which one do you mean?"))
    await user.sees("I didn’t save the file")


@BOTH
async def test_where_nothing_could_be_meant_an_example_is_shown(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/copy")
    told = (await user.sees("Add the number, for example"))["text"]
    assert told.endswith("copy REQ-104")
