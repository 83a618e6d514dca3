"""Alternatives in the chats: shown, chosen by line and never by itself, and kept when a quote is revised there."""

import datetime as dt
from decimal import Decimal

from api.contract import endpoints as e
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.offers.model import Alternative
from core.people.model import Person
from core.quotes import service as quotes
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from tests.bots.bot_env import labels
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.support.world import World

OTHER = Alternative("Laptop B", Decimal(800), 4, "In stock")
CHOOSE = "Choose by line…"


async def quoted(world: World, *, closed: bool = True) -> tuple[RfqDetails, Person]:
    """One vendor has a laptop, a dock, and another laptop for less; with ``closed`` nobody else is asked."""
    (vendor, contact), (other, _) = await world.a_vendor(), await world.a_vendor()
    wanted = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Laptop", "Dock")]
    asked = [vendor] if closed else [vendor, other]
    rfq = await world.an_rfq(await world.a_request(lines=wanted), to=asked)
    laptop, dock = rfq.rfq.lines
    lines = (
        QuoteLineDraft(laptop.id, Decimal(1000), None, no_bid=False, alternative=OTHER),
        QuoteLineDraft(dock.id, Decimal(90), None, no_bid=False),
    )
    until = world.today + dt.timedelta(days=45)
    command = SubmitQuote(rfq.rfq.id, "USD", until, 10, Decimal(0), "", lines, ())
    await world.act(contact, quotes.submit_quote, command)
    return rfq, contact


async def test_an_officer_sees_and_presses_an_alternative(telegram: TelegramEnv, world: World) -> None:
    rfq, _ = await quoted(world)
    user = await telegram.a_user(await world.an_officer())
    await user.say(f"/compare {rfq.rfq.number}")
    card = await user.with_button(CHOOSE)
    assert "for Laptop: Laptop B · 800.00 USD · 4 days · In stock" in card["text"]
    await user.press(CHOOSE, card["id"])
    question = await user.sees("1/2")
    name = rfq.rfq.invitations[0].vendor_name
    assert labels(question)[:2] == [f"2,000 · {name}", f"1,600 · ⇄ {name}"], (
        "what was asked for comes first, also where it is dearer"
    )
    assert "something other than what was asked for" in question["text"]
    assert f"⇄ {name}, instead: Laptop B · 1,600.00 USD · 4 days" in question["text"]
    await user.press(f"1,600 · ⇄ {name}")
    await user.sees("2/2")
    await user.press(f"180 · {name}")
    await user.sees("Why this choice?")
    await user.say("Thirteen inches will do")
    review = await user.with_button("Send")
    assert "2 × Laptop B · in place of: Laptop" in review["text"]
    await user.press("Send")
    await user.sees("goes to approval now")
    officer = telegram.api.as_(await world.an_officer())
    split = (await officer.call(e.comparison, path={"id": rfq.rfq.request_id})).split
    assert split is not None
    assert (split.total, split.shares[0].alternatives) == (Decimal(1780), (rfq.rfq.lines[0].id,))


async def test_a_modal_never_fills_in_an_alternative(slack: SlackEnv, world: World) -> None:
    rfq, _ = await quoted(world)
    user = await slack.a_user(await world.an_officer())
    await user.say(f"/parley compare {rfq.rfq.number}")
    await user.press(CHOOSE)
    shown = await user.modal(rfq.rfq.number)
    chosen = {each["block_id"]: each["value"] for each in shown["fields"]}
    assert (chosen["line:1"], chosen["line:2"]) == ("v0", "v0")
    texts = [each["text"] for each in shown["fields"][0]["options"]]
    assert "instead: Laptop B" in texts[1]
    assert texts[0].endswith("2,000.00 USD · 10 days")


async def test_a_revision_in_the_chat_keeps_the_alternative_unless_its_currency_changes(
    telegram: TelegramEnv, world: World
) -> None:
    rfq, contact = await quoted(world, closed=False)
    user = await telegram.a_user(contact)
    vendor = telegram.api.as_(contact)
    await user.say(f"/quote {rfq.rfq.number} 1: 990")
    review = await user.with_button("Send quote")
    assert "instead: Laptop B · 800.00 USD · 4 days · In stock" in review["text"]
    await user.press("Send quote")
    await user.sees("was sent: 2,160.00 USD")
    [quote] = (await vendor.call(e.list_quotes)).items
    assert (quote.revision, quote.lines[0].unit_price) == (2, Decimal(990))
    assert quote.lines[0].alternative is not None
    assert quote.lines[0].alternative.description == "Laptop B"
    await user.say(f"/quote {rfq.rfq.number} 1: 980 EUR; 2: 80 EUR")
    review = await user.with_button("Send quote")
    assert "Laptop B" not in review["text"]
    await user.press("Send quote")
    await user.sees("was sent: 2,120.00 EUR")
    [quote] = (await vendor.call(e.list_quotes)).items
    assert (quote.currency, quote.lines[0].alternative) == ("EUR", None), "no number changes its currency"
