"""Lines left out of a quote, in chats: the form asks about them, the officer sees them and asks the vendor."""

from decimal import Decimal

import pytest

from api.contract import endpoints as e
from api.contract.quotes import QuoteOut
from bots.cards.card import label
from bots.cards.drawing import CardKind
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people.model import Person
from core.quotes import service as quotes
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import World


async def two_lines(world: World, vendors: int = 2) -> tuple[RfqDetails, list[tuple[Vendor, Person]]]:
    sellers = [await world.a_vendor() for _ in range(vendors)]
    lines = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Desk", "Lamp")]
    request = await world.a_request(lines=lines)
    return await world.an_rfq(request, to=[vendor for vendor, _ in sellers]), sellers


async def partly_quoted(world: World, rfq: RfqDetails, contact: Person, *, said: bool) -> None:
    first, second = rfq.rfq.lines
    lines = [QuoteLineDraft(first.id, Decimal(500), None, no_bid=False)]
    if said:
        lines.append(QuoteLineDraft(second.id, None, None, no_bid=True))
    valid = world.today.replace(year=world.today.year + 1)
    command = SubmitQuote(rfq.rfq.id, "USD", valid, 5, Decimal(0), "", tuple(lines), ())
    await world.act(contact, quotes.submit_quote, command)


async def own(bot_env: BotEnv, contact: Person, rfq: RfqDetails) -> QuoteOut | None:
    return (await bot_env.api.as_(contact).call(e.show_rfq, path={"id": rfq.rfq.id})).my_quote


@BOTH
async def test_the_form_asks_about_a_line_without_a_price_before_it_sends(
    bot_env: BotEnv, world: World
) -> None:
    rfq, [(_, contact), _] = await two_lines(world)
    user = await bot_env.a_user(contact)
    await user.say(f"/quote {rfq.rfq.number} 1: 500 5d; 2: no")
    await user.press("30 days")
    for _ in ("shipping", "note", "file"):
        await user.press("Skip")
    asked = await user.sees("You give no price for")
    assert "2 × Lamp" in str(asked)
    await user.press("2  Lamp")
    await user.sees("Line 2 of 2")
    await user.say("40 5d")
    await user.press("Send quote")
    await user.sees("was sent:")
    quote = await own(bot_env, contact, rfq)
    assert quote is not None
    assert quote.complete


@BOTH
async def test_lines_are_left_out_on_purpose_by_one_press(bot_env: BotEnv, world: World) -> None:
    rfq, [(_, contact), _] = await two_lines(world)
    user = await bot_env.a_user(contact)
    await user.say(f"/quote {rfq.rfq.number} 1: 500 5d; 2: no")
    await user.press("30 days")
    for _ in ("shipping", "note", "file"):
        await user.press("Skip")
    await user.press("Send without them")
    await user.press("Send quote")
    await user.sees("was sent:")
    quote = await own(bot_env, contact, rfq)
    assert quote is not None
    assert (quote.complete, len(quote.missing)) == (False, 1)


@BOTH
async def test_the_officer_asks_by_one_button_and_the_vendor_completes(bot_env: BotEnv, world: World) -> None:
    rfq, [(vendor, contact), (other, _)] = await two_lines(world)
    await partly_quoted(world, rfq, contact, said=True)
    officer = await bot_env.a_user(await world.an_officer())
    card_id = await bot_env.card(officer, CardKind.comparison, rfq.rfq.request_id)
    card = await officer.with_button(label(f"Ask {vendor.name} for prices"))
    assert f"{vendor.name}: no price for 2 × Lamp" in str(card)
    assert not [price for price in ("500.00", "1,000.00") if price in str(card)]
    assert label(f"Ask {other.name} for prices") not in labels(card)
    told = await officer.press(label(f"Ask {vendor.name} for prices"), card_id)
    assert "was asked for the missing prices" in str(told["text"])
    again = await officer.press(label(f"Ask {vendor.name} for prices"), card_id)
    assert again["text"], "an old card, or a second press, is answered"
    user = await bot_env.a_user(contact)
    await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id)
    shown = await user.with_button("Complete quote")
    assert "The buyer asks you to price these too: 2 × Lamp" in str(shown)
    await user.press("Complete quote")
    await user.sees("Line 2 of 2")
    await user.say("40 5d")
    await user.press("Send quote")
    await user.sees("was sent:")
    quote = await own(bot_env, contact, rfq)
    assert quote is not None
    assert (quote.complete, quote.revision) == (True, 2)


@BOTH
async def test_by_command_the_officer_asks_and_a_vendor_completes(bot_env: BotEnv, world: World) -> None:
    rfq, [(vendor, contact), _] = await two_lines(world)
    officer = await bot_env.a_user(await world.an_officer())
    await officer.say(f"/complete {rfq.rfq.number}")
    await officer.sees("No quote for")
    await partly_quoted(world, rfq, contact, said=False)
    await officer.say(f"/complete {rfq.rfq.number} {vendor.name.lower()}")
    await officer.sees("was asked for the missing prices")
    user = await bot_env.a_user(contact)
    await user.say(f"/complete {rfq.rfq.number}")
    await user.sees("Line 2 of 2")


@BOTH
async def test_the_closed_comparison_and_the_approval_say_what_is_not_covered(
    bot_env: BotEnv, world: World
) -> None:
    rfq, [(vendor, contact)] = await two_lines(world, 1)
    await partly_quoted(world, rfq, contact, said=True)
    officer = await bot_env.a_user(await world.an_officer())
    await bot_env.card(officer, CardKind.comparison, rfq.rfq.request_id)
    card = await officer.with_button(f"Propose {vendor.name}"[:24])
    assert f"{vendor.name}: no price for 2 × Lamp" in str(card)
    await officer.say(f"/propose {rfq.rfq.number} {vendor.name}: lamps come from stock")
    await officer.sees("approval")
    quote = await own(bot_env, contact, rfq)
    assert quote is not None
    approval = (await world.open_approval_of(quote.id)).approval  # type: ignore[arg-type]
    manager = await bot_env.a_user(await world.a_manager())
    await bot_env.card(manager, CardKind.approval, approval.id)
    seen = str(await manager.with_button("Approve"))
    assert "This quote does not cover: 2 × Lamp" in seen
    assert "lamps come from stock" in seen


@pytest.mark.parametrize("said", [True, False])
async def test_a_line_that_the_vendor_does_not_offer_is_not_called_missing(
    bot_env: BotEnv, world: World, *, said: bool
) -> None:
    rfq, [(_, contact), _] = await two_lines(world)
    await partly_quoted(world, rfq, contact, said=said)
    user = await bot_env.a_user(contact)
    await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id)
    card = await user.sees(rfq.rfq.number)
    assert ("No price from you yet for: 2 × Lamp" in str(card)) is not said
    assert ("Complete quote" in labels(card)) is not said
