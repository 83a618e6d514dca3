"""/order PO-77 and the button on an order's card: every entry with who, when and what, and every version."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.contract.orders import OrderLineOut, OrderOut, ReceiptFileOut, ReceiptOut, SignedLineOut
from bots.cards import order_history
from bots.cards.drawing import CardKind
from bots.cards.viewer import Viewer
from bots.slack import render as slack
from bots.telegram import render as telegram_render
from core.kernel.ids import new_id
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, ProposeChange
from core.people.model import Person
from core.receipts import service as receipts
from core.receipts.commands import ReturnedLine, ReturnGoods
from tests.bots.bot_env import BOTH, PDF, BotEnv, labels
from tests.bots.telegram_env import TelegramEnv
from tests.bots.test_order_changes import Deal
from tests.support.world import World


@BOTH
async def test_it_says_who_received_what_and_which_terms_were_agreed(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world, acknowledged=True)
    officer: Person = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/order {deal.order.number}")
    await user.sees("Nothing has been recorded yet")
    day = world.today + dt.timedelta(days=40)
    proposal = ProposeChange(deal.order.id, (), day, "the factory is late", None)
    await world.act(deal.contact, changes.propose, proposal)
    await world.act(officer, changes.accept, AcceptChange(deal.order.id, None))
    await deal.receive("2", rejected="1")
    await bot_env.card(user, CardKind.order, deal.order.id)
    await user.press("Deliveries, versions")
    shown = await user.sees("deliveries and versions")
    requester = await world.a_requester()
    for words in (
        f"{requester.name} · received: 2 × Laptop 14 inch, 1 × Laptop 14 inch rejected",
        "Version 1, until",
        "Version 2, in force",
    ):
        assert words in shown["text"], shown["text"]


@BOTH
async def test_a_vendor_sees_its_versions_and_not_who_received(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world, acknowledged=True)
    await deal.receive("2")
    vendor = await bot_env.a_user(deal.contact)
    await bot_env.card(vendor, CardKind.vendor_order, deal.order.id)
    card = await vendor.sees("2 of 3 received")
    assert not {"Versions", "Deliveries, versions"} & set(labels(card))
    await vendor.say(f"/order {deal.order.number}")
    await vendor.sees("the terms were never changed. What has arrived is on the order’s card")
    day = world.today + dt.timedelta(days=40)
    proposal = ProposeChange(deal.order.id, (), day, "the factory is late", None)
    await world.act(deal.contact, changes.propose, proposal)
    await world.act(await world.an_officer(), changes.accept, AcceptChange(deal.order.id, None))
    await bot_env.card(vendor, CardKind.vendor_order, deal.order.id)
    await vendor.press("Versions")
    shown = await vendor.sees("· versions")
    assert shown["text"].index("Version 2, in force") < shown["text"].index("Version 1, until")
    assert (await world.a_requester()).name not in shown["text"]


@BOTH
async def test_the_newest_stands_first_and_a_return_is_counted_as_what_it_is(
    bot_env: BotEnv, world: World
) -> None:
    deal = await Deal.of(bot_env, world, acknowledged=True)
    await deal.receive("2")
    requester = await world.a_requester()
    back = ReturnGoods(deal.order.id, (ReturnedLine(deal.order.lines[0].id, Decimal(1)),), "broken", None)
    await world.act(requester, receipts.return_goods, back)
    user = await bot_env.a_user(requester)
    await user.say(f"/order {deal.order.number}")
    told = (await user.sees("deliveries and versions"))["text"]
    assert "sent back: 1 × Laptop 14 inch: “broken”" in told
    assert told.index("sent back") < told.index("received: 2 ×")


def a_delivery(number: int, lines: int, files: int) -> ReceiptOut:
    counted = tuple(
        SignedLineOut(line_id=UUID(int=each), accepted=Decimal(1), rejected=Decimal(0))
        for each in range(lines)
    )
    documents = tuple(
        ReceiptFileOut(id=new_id(), name=f"photo {number}-{each}.jpg", media_type="image/jpeg", size=1)
        for each in range(files)
    )
    return ReceiptOut(
        id=new_id(),
        kind="receipt",
        corrects=None,
        received_by=new_id(),
        received_by_name="Ann Moss",
        received_at=dt.datetime(2026, 11, 26, number, tzinfo=dt.UTC),
        note=f"delivery {number}",
        lines=counted,
        documents=documents,
    )


def test_every_line_of_a_delivery_stands_on_its_own_and_what_has_no_button_is_named() -> None:
    facts: list[dict[str, Any]] = [
        {"id": UUID(int=each), "description": f"Laptop {each}, fourteen inches wide"} for each in range(60)
    ]
    shown_of_it: dict[str, Any] = {
        "number": "PO-77",
        "lines": tuple(OrderLineOut.model_construct(**each) for each in facts),
    }
    order = OrderOut.model_construct(**shown_of_it)
    entries = [a_delivery(number, 60, 10 + number) for number in range(3)]
    card = order_history.of_order(order, entries, (), Viewer(UUID(int=1), "en", "UTC"))
    assert len(card.items) == 3 * 60
    assert "02:00 (UTC) · Ann Moss · received: 1 × Laptop 0, fourteen inches wide" in card.items[0]
    assert card.items[1] == "· 1 × Laptop 1, fourteen inches wide"
    assert card.items[59] == "· 1 × Laptop 59, fourteen inches wide: “delivery 2”"
    assert len(card.buttons) == order_history.MAX_FILES
    assert "photo 0-9.jpg" in card.facts[0]
    for shown in (str(slack.blocks(card)), telegram_render.as_html(card)):
        assert "more" in shown
        assert "Laptop 59, fourteen inches wide: “delivery 2”" in shown, "the newest is not what is cut off"


@BOTH
async def test_another_vendor_finds_no_such_order(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world, acknowledged=True)
    _, stranger = await world.a_vendor()
    user = await bot_env.a_user(stranger)
    await user.say(f"/order {deal.order.number}")
    told = await user.sees(deal.order.number)
    assert "versions" not in told["text"]


async def test_the_requester_opens_the_photo_that_procurement_took(
    telegram: TelegramEnv, world: World
) -> None:
    deal = await Deal.of(telegram, world, acknowledged=True)
    officer = await telegram.a_user(await world.an_officer())
    await officer.say(f"/receive {deal.order.number}")
    await officer.sees("how many arrived in good condition?")
    await officer.drop("damage.pdf", PDF)
    await officer.sees("will be kept with the delivery")
    await officer.say("3")
    await officer.press("Record")
    await officer.sees("was recorded")
    requester = await telegram.a_user(await world.a_requester())
    await requester.say(f"/order {deal.order.number}")
    shown = await requester.sees("deliveries and versions")
    assert labels(shown) == ["damage.pdf"]
    await requester.press("damage.pdf")
    await requester.waits(
        lambda seen: next((each for each in seen["messages"] if each["document"] == "damage.pdf"), None),
        "the photo",
    )
    colleague = await telegram.a_user(await world.a_person(*(await world.a_requester()).roles))
    await colleague.say(f"/order {deal.order.number}")
    await colleague.sees(deal.order.number)
