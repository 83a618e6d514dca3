"""An officer enters in a chat what a vendor sent by mail or said on the phone, marked for everybody."""

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.orders.states import OrderState
from core.people.model import Person
from core.rfqs.model import RfqDetails
from core.rfqs.states import RfqState
from core.vendors.model import Vendor
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser, labels
from tests.support.world import World


async def an_rfq(world: World, count: int) -> tuple[RfqDetails, list[tuple[Vendor, Person]]]:
    sellers = [await world.a_vendor() for _ in range(count)]
    return await world.an_rfq(to=[vendor for vendor, _ in sellers]), sellers


async def answer(user: ChatUser) -> None:
    """Lead time, validity, no shipping, no note."""
    await user.sees("need to deliver")
    await user.say("10")
    await user.press("30 days")
    for _ in ("shipping", "note"):
        await user.press("Skip")


@BOTH
async def test_a_quote_is_entered_for_the_vendor_that_is_chosen(bot_env: BotEnv, world: World) -> None:
    rfq, [first, second] = await an_rfq(world, 2)
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await bot_env.card(user, CardKind.comparison, rfq.rfq.request_id)
    await user.press("Enter a quote…")
    asked = await user.with_button(second[0].name)
    assert {first[0].name, second[0].name} <= set(labels(asked))
    await user.press(second[0].name)
    assert f"For {second[0].name}" in str(await user.sees("Line 1 of 1"))
    await user.say("1180.50")
    await answer(user)
    await user.sees("as evidence")
    await user.drop("mail.pdf", PDF)
    review = await user.with_button("Send quote")
    assert f"entered by {officer.name} for {second[0].name}" in str(review)
    assert "mail.pdf" in str(review)
    await user.press("Send quote")
    await user.sees("was entered for")
    own = await bot_env.api.as_(second[1]).call(e.show_rfq, path={"id": rfq.rfq.id})
    assert own.my_quote is not None
    assert own.my_quote.entered
    other = await bot_env.api.as_(first[1]).call(e.show_rfq, path={"id": rfq.rfq.id})
    assert (other.my_quote, other.documents) == (None, ())
    staff = bot_env.api.as_(officer)
    await staff.call(e.close_rfq, {}, path={"id": rfq.rfq.id})
    [quote] = (await staff.call(e.comparison, path={"id": rfq.rfq.request_id})).quotes
    assert (quote.entered_by_name, [each.name for each in quote.documents]) == (officer.name, ["mail.pdf"])


@BOTH
async def test_a_slip_is_entered_once_more_and_the_vendor_itself_takes_over(
    bot_env: BotEnv, world: World
) -> None:
    rfq, [seller, _] = await an_rfq(world, 2)
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/enter {rfq.rfq.number} {seller[0].name}: 1180 10d")
    await user.press("30 days")
    for _ in ("shipping", "note", "evidence"):
        await user.press("Skip")
    await user.press("Send quote")
    await user.press("Enter it again…")
    await user.sees("Line 1 of 1")
    await user.say("1080 10d")
    await user.press("30 days")
    for _ in ("shipping", "note", "evidence"):
        await user.press("Skip")
    await user.press("Send quote")
    await user.sees("3,240.00")
    vendor = bot_env.api.as_(seller[1])
    own = (await vendor.call(e.show_rfq, path={"id": rfq.rfq.id})).my_quote
    assert own is not None
    assert (own.revision, own.entered) == (2, True)


@BOTH
async def test_another_name_than_that_of_the_only_waiting_vendor_is_asked_about(
    bot_env: BotEnv, world: World
) -> None:
    rfq, [seller] = await an_rfq(world, 1)
    user = await bot_env.a_user(await world.an_officer())
    await user.say(f"/enter {rfq.rfq.number} {seller[0].name}r 1: 1180 10d")
    await user.sees("Whose quote for")
    await user.press(seller[0].name)
    await user.press("30 days")
    await user.press("Cancel")
    await user.say(f"/enter {rfq.rfq.number} IBM 1: 1180 10d")
    await user.with_button(seller[0].name)
    await user.press("Cancel")
    await user.say(f"/enter {rfq.rfq.number} 1: 1180 10d")
    assert f"For {seller[0].name}" in str(await user.with_button("30 days"))


@BOTH
async def test_a_vendor_that_has_quoted_itself_is_refused_before_anything_is_typed(
    bot_env: BotEnv, world: World
) -> None:
    rfq, [first, second] = await an_rfq(world, 2)
    user = await bot_env.a_user(await world.an_officer())
    await user.say(f"/enter {rfq.rfq.number}")
    await user.with_button(first[0].name)
    quote = await world.a_quote(rfq, second[1])
    await user.say(second[0].name)
    await user.sees(f"{second[0].name} has sent {quote.quote.number} itself")
    await user.press("Cancel")
    await user.say(f"/enter {rfq.rfq.number} {second[0].name}: 1: 1180 10d")
    await user.sees(f"{second[0].name} has sent {quote.quote.number} itself")
    await user.say("/cancel")
    await user.sees("No form is open")


@BOTH
async def test_only_officers_enter_and_only_while_the_rfq_is_open(bot_env: BotEnv, world: World) -> None:
    rfq, sellers = await an_rfq(world, 1)
    officer, manager = await world.an_officer(), await world.a_manager()
    user, other = await bot_env.a_user(officer), await bot_env.a_user(manager)
    await other.say(f"/enter {rfq.rfq.number}")
    await other.sees("no longer possible, or you are not allowed")
    card = await bot_env.card(user, CardKind.comparison, rfq.rfq.request_id)
    await world.a_quote(rfq, sellers[0][1])
    assert (await bot_env.api.as_(officer).call(e.show_rfq, path={"id": rfq.rfq.id})).state is RfqState.closed
    told = await user.press("Enter a quote…", card)
    assert "no longer possible" in str(told["text"]) or await user.sees("no longer possible")


@BOTH
async def test_a_confirmation_is_entered_with_its_evidence(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await bot_env.card(user, CardKind.order, order.id)
    await user.press("Enter confirmation…")
    await user.sees(f"What did {vendor.name} say")
    await user.say("by phone, Ms Ruiz")
    await user.sees("as evidence")
    await user.drop("note.pdf", PDF)
    review = await user.sees(f"entered by {officer.name} for {vendor.name}")
    assert "by phone, Ms Ruiz" in str(review)
    await user.press("Back")
    again = await user.with_button("Skip")
    assert "note.pdf" in str(again), "a file that was said to be kept is kept"
    await user.press("Skip", again["id"])
    review = await user.with_button("Send")
    assert "by phone, Ms Ruiz" in str(review)
    assert "note.pdf" in str(review)
    await user.press("Send")
    await user.sees("is confirmed, as entered for")
    now = await bot_env.api.as_(officer).call(e.show_order, path={"id": order.id})
    assert now.state is OrderState.acknowledged
    await user.say(f"/enter {order.number}")
    await user.sees("no longer possible")
