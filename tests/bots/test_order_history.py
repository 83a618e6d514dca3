"""/order PO-77 and the button on an order's card: every entry with who, when and what, and every version."""

import datetime as dt

from bots.cards.drawing import CardKind
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, ProposeChange
from core.people.model import Person
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
    await vendor.say(f"/order {deal.order.number}")
    shown = await vendor.sees("deliveries and versions")
    assert (await world.a_requester()).name not in shown["text"]


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
