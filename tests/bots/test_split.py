"""An officer splits an award line by line in both chats; the cards say who gets what, and for how much."""

import datetime as dt
from decimal import Decimal

from api.contract import endpoints as e
from api.contract.awards import SplitAwardOut
from api.contract.quotes import QuoteOut
from bots.cards.drawing import CardKind
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people.model import Person
from core.quotes import service as quotes
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from core.vendors import service as vendors
from core.vendors.commands import HoldVendor
from core.vendors.model import HoldKind, Vendor
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.support.world import ADMINISTRATOR, World

SPLIT = "Choose by line…"
WANTED = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Laptop", "Dock", "Bag")]


async def quoted(world: World, *prices: tuple[str | None, ...]) -> tuple[RfqDetails, list[Vendor]]:
    """Three lines; the first vendor delivers for 30, the others for nothing."""
    sellers = [await world.a_vendor() for _ in prices]
    rfq = await world.an_rfq(await world.a_request(lines=WANTED), to=[vendor for vendor, _ in sellers])
    for (_, contact), offered in zip(sellers, prices, strict=True):
        lines = tuple(
            QuoteLineDraft(line.id, Decimal(price) if price else None, None, no_bid=price is None)
            for line, price in zip(rfq.rfq.lines, offered, strict=True)
        )
        shipping = Decimal(30) if contact is sellers[0][1] else Decimal(0)
        until = world.today + dt.timedelta(days=45)
        command = SubmitQuote(rfq.rfq.id, "USD", until, 10, shipping, "", lines, ())
        await world.act(contact, quotes.submit_quote, command)
    return rfq, [vendor for vendor, _ in sellers]


async def proposed(bot_env: BotEnv, officer: Person, rfq: RfqDetails) -> SplitAwardOut | None:
    shown = await bot_env.api.as_(officer).call(e.comparison, path={"id": rfq.rfq.request_id})
    return shown.split


async def test_the_officer_gives_each_line_to_a_vendor_with_buttons(
    telegram: TelegramEnv, world: World
) -> None:
    """Nobody has priced the bag, so it is not asked about."""
    rfq, (first, second) = await quoted(world, ("1000", "90", None), ("1100", "70", None))
    officer = await world.an_officer()
    user = await telegram.a_user(officer)
    await user.say(f"/compare {rfq.rfq.number}")
    card = await user.with_button(SPLIT)
    assert "Cheapest by line: 2,170.00 USD" in card["text"]
    await user.press(SPLIT, card["id"])
    question = await user.sees("1/3")
    assert labels(question)[:2] == [f"2,000 · {first.name}", f"2,200 · {second.name}"]
    await user.press(f"2,000 · {first.name}")
    question = await user.sees("2/3")
    assert labels(question)[0] == f"140 · {second.name}", "the cheapest first"
    refused = await user.press(f"180 · {first.name}")
    assert f"to {first.name}" in refused["text"], (
        "all that it offers is no split, though nobody offers the bag"
    )
    await user.press(f"140 · {second.name}")
    await user.sees("Why this choice?")
    await user.say("no")
    await user.sees("3")
    await user.say("Each is cheap for its part")
    review = await user.with_button("Send")
    for words in ("2,030.00 USD", "140.00 USD", "2,170.00 USD", "Not ordered: Bag", "Each is cheap"):
        assert words in review["text"], words
    await user.press("Send")
    await user.sees("goes to approval now")
    split = await proposed(telegram, officer, rfq)
    assert split is not None
    assert (split.total, split.reason) == (Decimal(2170), "Each is cheap for its part")
    assert [share.vendor_id for share in split.shares] == [first.id, second.id]
    assert split.left_out == (rfq.rfq.lines[2].id,)


async def test_the_officer_fills_one_modal_and_reviews_it(slack: SlackEnv, world: World) -> None:
    rfq, (first, second) = await quoted(world, ("1000", "90", "20"), ("1100", "70", "15"))
    officer = await world.an_officer()
    user = await slack.a_user(officer)
    await user.say(f"/compare {rfq.rfq.number}")
    card = await user.with_button(SPLIT)
    await user.press(SPLIT, card["id"])
    shown = await user.modal(rfq.rfq.number)
    assert [each["block_id"] for each in shown["fields"]][:3] == ["line:1", "line:2", "line:3"]
    refused = await user.fill(line__1="v0", line__2="v1", line__3="v1")
    assert refused["text"]
    await user.fill(line__1="v0", line__2="v0", line__3="out", text="Each is cheap for its part")
    review = await user.modal("2,170.00 USD")
    assert "Not ordered: Bag" in str(review)
    await user.fill()
    await user.sees("goes to approval now")
    split = await proposed(slack, officer, rfq)
    assert split is not None
    assert [share.vendor_id for share in split.shares] == [first.id, second.id]


@BOTH
async def test_the_cards_list_the_lines_by_vendor(bot_env: BotEnv, world: World) -> None:
    rfq, sellers = await quoted(world, ("1000", "90", "20"), ("1100", "70", "15"))
    by_vendor = {quote.vendor_id: quote for quote in await quotes_of(bot_env, world, rfq)}
    first, second = (by_vendor[vendor.id] for vendor in sellers)
    await world.a_finance()
    lines = [
        {"rfq_line_id": str(line.id), "quote_id": str(quote.id)}
        for line, quote in zip(rfq.rfq.lines, (first, second, second), strict=True)
    ]
    officer = await world.an_officer()
    body = {"lines": lines, "reason": "cheaper in all"}
    await bot_env.api.as_(officer).call(e.split_award, body, path={"id": rfq.rfq.id})
    split = await proposed(bot_env, officer, rfq)
    assert split is not None
    approval = (await world.open_approval_of_split(split.id)).approval
    user = await bot_env.a_user(await world.a_manager())
    await bot_env.card(user, CardKind.approval, approval.id)
    shown = (await user.with_button("Approve"))["text"]
    for words in (
        "2,200.00 USD from",
        f"{sellers[0].name}: 2,030.00 USD",
        f"{sellers[1].name}: 170.00 USD",
        "several vendors: 2",
        "cheaper in all",
    ):
        assert words in shown, words
    assert shown.index("Laptop") < shown.index(f"{sellers[1].name}: 170.00 USD") < shown.index("Dock")
    asking = await bot_env.a_user(officer)
    await bot_env.card(asking, CardKind.comparison, rfq.rfq.request_id)
    compared = str(await asking.with_button(SPLIT))
    assert f"{sellers[1].name}: Dock, Bag" in compared
    answer = await user.press("Approve")
    assert answer["text"].startswith("Approved:")


async def quotes_of(bot_env: BotEnv, world: World, rfq: RfqDetails) -> list[QuoteOut]:
    officer = bot_env.api.as_(await world.an_officer())
    return list((await officer.call(e.list_quotes, query={"rfq_id": str(rfq.rfq.id)})).items)


@BOTH
async def test_what_cannot_be_split_is_said_at_once(bot_env: BotEnv, world: World) -> None:
    rfq, _ = await quoted(world, ("1000", "90", "20"))
    user = await bot_env.a_user(await world.an_officer())
    await user.say(f"/split {rfq.rfq.number}")
    await user.sees("can’t be split now")
    vendor_rfq, _ = await quoted(world, ("1000", "90", "20"), ("1100", "70", "15"))
    await user.say(f"/split {vendor_rfq.rfq.number}")
    await user.sees("who gets this line?")
    assert await proposed(bot_env, await world.an_officer(), vendor_rfq) is None


@BOTH
async def test_what_happened_meanwhile_is_said_when_it_is_sent(bot_env: BotEnv, world: World) -> None:
    """Typed names, in any case; then a vendor is held, and the officer has looked at an old card."""
    rfq, (first, second) = await quoted(world, ("1000", "90", None), ("1100", "70", None))
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/compare {rfq.rfq.number}")
    old = await user.with_button(SPLIT)
    await user.say(f"/split {rfq.rfq.number}")
    await user.sees("1/3")
    await user.say(first.name.upper())
    await user.sees("2/3")
    await user.say("whoever is cheapest")
    await user.sees("Please press one of the buttons")
    await user.say(second.name)
    await user.press("Cheaper in all")
    await user.with_button("Send")
    hold = HoldVendor(second.id, HoldKind.order, "bad last delivery", None)
    await world.act(ADMINISTRATOR, vendors.hold_vendor, hold)
    answer = await user.press("Send")
    assert "its vendor is on hold" in answer["text"] + str(await user.chat())
    assert await proposed(bot_env, officer, rfq) is None
    await user.press("Back")
    await user.sees("Why this choice?")  # nothing that was chosen is lost
    body = {"reason": "over"}
    await bot_env.api.as_(officer).call(e.cancel_rfq, body, path={"id": rfq.rfq.id})
    answer = await user.press(SPLIT, old["id"])
    shown = (await user.look())["modal"]
    assert "no longer" in answer["text"] or "not" in str(shown)
