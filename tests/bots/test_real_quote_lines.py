"""Lines that people wrote in a chat, about money, days and amounts: nothing that was said is changed unsaid."""

from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from tests.bots.bot_env import BOTH, BotEnv, ChatUser, labels, newest
from tests.support.sandbox_client import Json
from tests.support.world import World


async def asked(bot_env: BotEnv, world: World, quantities: tuple[str, ...]) -> tuple[RfqDetails, ChatUser]:
    """A vendor with a chat, who is asked for so many of each thing; another vendor has not answered."""
    vendor, contact = await world.a_vendor()
    lines = [
        RequestLineDraft(item, Decimal(quantity), "pcs", None)
        for item, quantity in zip(("Laptop", "Paper", "Cable"), quantities, strict=False)
    ]
    request = await world.a_request(lines=lines)
    rfq = await world.an_rfq(request, to=[vendor, (await world.a_vendor())[0]])
    user: ChatUser = await bot_env.a_user(contact)
    return rfq, user


async def sent_quote(bot_env: BotEnv, user: ChatUser, rfq: RfqDetails) -> Any:
    shown = await bot_env.api.as_(user.person).call(e.show_rfq, path={"id": rfq.rfq.id})
    assert shown.my_quote is not None
    return shown.my_quote


async def reviewed(user: ChatUser) -> Json:
    """What may be skipped is; the review, with its button."""
    while True:
        shown = await user.waits(
            lambda seen: newest(seen, lambda each: {"Skip", "Send quote"} & set(labels(each)) != set()),
            "the review",
        )
        if "Send quote" in labels(shown):
            return shown
        await user.press("Skip", shown["id"])


@BOTH
async def test_a_line_in_another_currency_is_refused_and_relabels_nothing(
    bot_env: BotEnv, world: World
) -> None:
    rfq, user = await asked(bot_env, world, ("3", "1", "1"))
    await user.say(f"/quote {rfq.rfq.number}")
    await user.sees("Line 1")
    await user.say("1180 USD 10d")
    await user.sees("Line 2")
    await user.say("22.50 3d")
    await user.sees("Line 3")
    await user.say("3.20 EUR 3d")
    await user.sees("only one currency. This one is in USD")
    await user.say("3.20 3d")
    await user.sees("valid")
    await user.say("in 30 days")
    review = await reviewed(user)
    assert "1,180.00 USD" in review["text"]
    assert "EUR" not in review["text"]


@BOTH
async def test_a_revision_in_another_currency_is_asked(bot_env: BotEnv, world: World) -> None:
    rfq, user = await asked(bot_env, world, ("1", "1"))
    await world.a_quote(rfq, user.person, "5")
    await user.say(f"/quote {rfq.rfq.number} 2: 6 EUR")
    shown = await user.sees("only one currency")
    assert "USD" in shown["text"]
    assert "EUR" not in " ".join(labels(shown))


@BOTH
async def test_a_line_that_is_added_in_another_currency_is_asked(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 3x laptop @1200 USD needed 24 Dec for IT")
    await user.press("Add line")
    await user.say("2 chairs @45 EUR")
    question = await user.with_button("EUR")
    assert "USD" in labels(question)
    await user.press("USD")
    assert "1,200.00 USD" in (await user.with_button("Submit"))["text"]


async def test_two_currencies_in_one_message_are_asked(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 3x laptop @1200 needed 24 Dec for IT\n2 chairs @45 EUR")
    question = await user.with_button("EUR")
    assert "USD" in labels(question)


async def test_the_lead_time_of_a_quote_is_not_below_its_slowest_line(bot_env: BotEnv, world: World) -> None:
    rfq, user = await asked(bot_env, world, ("1", "1", "1"))
    card = await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id)
    await user.say("1: 1180 10d\n2: 22.50 3d\n3: 3.20\nvalid 30 days", reply_to=card)
    await user.sees("How many days")
    await user.say("2")
    assert "10 days" in (await reviewed(user))["text"]
    await user.press("Send quote")
    await user.sees("was sent")
    assert (await sent_quote(bot_env, user, rfq)).lead_time_days == 10


async def test_a_slower_line_of_a_revision_moves_the_lead_time(bot_env: BotEnv, world: World) -> None:
    rfq, user = await asked(bot_env, world, ("1", "1"))
    await world.a_quote(rfq, user.person, "5")
    await user.say(f"/quote {rfq.rfq.number} 2: 6 20d")
    assert "20 days" in (await reviewed(user))["text"]
    await user.press("Send quote")
    await user.sees("was sent")
    assert (await sent_quote(bot_env, user, rfq)).lead_time_days == 20


@pytest.mark.parametrize(
    ("quantities", "text", "total"),
    [
        (("1", "1", "1"), "1: 0.335 5d; 2: 0.335 5d; 3: 0.335 5d; till 30 Dec; free shipping", "1.02 USD"),
        (("3", "3"), "1: 150.55 JPY 5d; 2: 99.5 5d; till 30 Dec; shipping 0.4", "751 JPY"),
    ],
)
async def test_the_total_that_is_confirmed_is_the_one_that_is_kept(
    bot_env: BotEnv, world: World, quantities: tuple[str, ...], text: str, total: str
) -> None:
    rfq, user = await asked(bot_env, world, quantities)
    card = await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id)
    await user.say(text, reply_to=card)
    review = await reviewed(user)
    assert total in review["text"]
    await user.press("Send quote")
    assert total in (await user.sees("was sent"))["text"]


@BOTH
async def test_later_leaves_a_line_of_a_whole_quote_open(bot_env: BotEnv, world: World) -> None:
    rfq, user = await asked(bot_env, world, ("1", "1"))
    card = await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id)
    await user.say("1: 5 5d; 2: later; till 30 Dec; free shipping", reply_to=card)
    shown = await user.sees("Line 2 of 2")
    assert "“later”" in shown["text"]
    assert "Send quote" not in labels(shown)


@BOTH
async def test_next_leaves_a_line_open(bot_env: BotEnv, world: World) -> None:
    rfq, user = await asked(bot_env, world, ("1", "1"))
    await user.say(f"/quote {rfq.rfq.number}")
    await user.sees("Line 1")
    await user.say("next")
    await bot_env.settled()
    await user.say("5 5d")
    await bot_env.settled()
    shown = newest(await user.look(), lambda each: bool(labels(each)))
    assert shown is not None
    assert "Line" in shown["text"], "one of the lines has no answer yet"


async def test_a_quote_may_be_valid_until_the_vendors_own_today(bot_env: BotEnv, world: World) -> None:
    """In Pago Pago it is still yesterday's date of UTC for half of each day."""
    rfq, user = await asked(bot_env, world, ("1",))
    body = {
        "rfq_id": str(rfq.rfq.id),
        "currency": "USD",
        "valid_until": str(world.today.fromordinal(world.today.toordinal() - 1)),
        "lead_time_days": 5,
        "shipping": "0",
        "lines": [{"rfq_line_id": str(rfq.rfq.lines[0].id), "unit_price": "5"}],
    }
    quote = await bot_env.api.as_(user.person).call(e.submit_quote, body)
    assert str(quote.valid_until) == body["valid_until"]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("60", "41", "60 of 100 received; at most 40"),
        ("99.999", "1.001", "99.999 of 100 received; at most 0.001"),
    ],
)
async def test_too_much_received_is_told_with_what_may_still_come(
    bot_env: BotEnv, world: World, first: str, second: str, told: str
) -> None:
    requester = await world.a_requester()
    vendor, contact = await world.a_vendor()
    line = RequestLineDraft("Sugar", Decimal(100), "kg", None)
    rfq = await world.an_rfq(await world.a_request(requester, lines=[line]), to=[vendor])
    quote = await world.a_quote(rfq, contact, "2")
    await world.a_finance()
    await world.approved(await world.open_approval_of(quote.quote.id))
    caller = bot_env.api.as_(requester)
    (order,) = (await caller.call(e.list_orders)).items
    path = e.receive_order.path.format(id=order.id)

    async def receive(accepted: str) -> Any:
        line = {"line_id": str(order.lines[0].id), "accepted": accepted, "rejected": "0"}
        return await caller.send("POST", path, json={"lines": [line]})

    assert (await receive(first)).status_code == 201
    refused = await receive(second)
    assert refused.status_code == 409
    assert told in refused.json()["detail"]


@pytest.mark.parametrize(
    ("locale", "text", "told", "submit"),
    [
        (
            "en",
            f"/request 2x {'x' * 700} needed 24 Dec for IT",
            "Line 1 is too long (700 characters",
            "Submit",
        ),
        ("de", f"/request 2 {'x' * 650} bis 24.12. für IT", "höchstens 300 Zeichen", "Einreichen"),
    ],
)
@BOTH
async def test_a_line_that_is_too_long_is_told_in_words_and_can_be_mended(
    bot_env: BotEnv, world: World, locale: str, text: str, told: str, submit: str
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/language {locale}")
    await bot_env.settled()
    await user.say(text)
    await user.sees(told)
    await user.say("chairs")
    await user.press(submit)
    await user.sees("2 × chairs")


async def test_a_quantity_beyond_all_bounds_is_asked_again(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 999999999999999 pens @999999999 needed 24 Dec for IT")
    await user.sees("How many “pens” do you need?")
    await user.say("5")
    await user.with_button("Submit")


@BOTH
async def test_a_request_that_is_too_long_is_told_so(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request " + "3 laptops and much more; " * 170)
    await user.sees("too long")
