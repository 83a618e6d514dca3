"""Commands in our sentences are written as the platform types them; what people write is never rewritten."""

from decimal import Decimal
from uuid import uuid4

import pytest

from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.people.model import Person
from core.requests.commands import RequestLineDraft
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from core.vendors.model import Vendor
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.api import Api
from tests.support.world import ADMINISTRATOR, World

ITEM = 'sign "/help desk"'
PREFIX = {"telegram": "/", "slack": "/parley "}


async def a_vendor_called(world: World, name: str) -> tuple[Vendor, Person]:
    contact = NewContact("Contact /cancel", f"{uuid4().hex}@example.com", "en")
    command = CreateVendor(name, "signs /status", "USD", "DE", contact)
    vendor = await world.act(ADMINISTRATOR, vendors.create_vendor, command)
    return vendor, await world.person(vendor.contacts[0].person_id)


@BOTH
async def test_our_sentences_name_commands_as_they_are_typed_there(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    for said in ("/cancel", "/status REQ-999999", "/unlink", "good morning"):
        await user.say(said)
    await user.say("/hlp")
    typed = PREFIX[bot_env.platform]
    for expected in (f"{typed}hlp", f"{typed}help", f"{typed}status REQ-", f"{typed}unlink"):
        await user.sees(expected)


@BOTH
async def test_an_item_and_a_comment_keep_their_words(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/request 3x {ITEM} @40 needed 2027-11-30 for IT")
    assert ITEM in (await user.with_button("Submit"))["text"]
    await user.press("Submit")
    card = await user.with_button("Withdraw…")
    assert ITEM in card["text"]
    number = next(word for word in card["text"].split() if word.startswith("REQ-"))
    await user.say(f"/comment {number} as on the {ITEM}")
    await user.say(f"/comment {number}")
    assert ITEM in (await user.sees("as on the"))["text"]


@BOTH
async def test_items_and_names_keep_their_words_on_cards(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await a_vendor_called(world, "Signs /my Ltd")
    line = RequestLineDraft(ITEM, Decimal(3), "pcs", Decimal("40"))
    rfq = await world.an_rfq(await world.a_request(lines=[line]), to=[vendor])
    officer = await bot_env.a_user(await world.an_officer())
    seller = await bot_env.a_user(contact)
    await world.a_quote(rfq, contact)
    await bot_env.card(seller, CardKind.vendor_rfq, rfq.rfq.id)
    assert ITEM in (await seller.sees("sign"))["text"]
    await officer.say(f"/status {rfq.rfq.number}")
    seen = await officer.sees(vendor.name)
    assert ITEM in seen["text"]
    await officer.say("/vendors Signs /my")
    assert "signs /status" in (await officer.sees("signs /"))["text"]


@pytest.mark.parametrize(("channel", "prefix"), [("slack", "/parley "), ("telegram", "/"), ("", "/")])
async def test_problem_details_name_commands_as_the_callers_platform_types_them(
    api: Api, world: World, channel: str, prefix: str
) -> None:
    caller = api.as_(await world.a_person(Role.requester))
    answer = await caller.send("GET", f"/requests/{uuid4()}", headers={"X-Parley-Channel": channel})
    assert f" {prefix}status REQ-104" in answer.json()["detail"]
