"""What the two sides of an order ask and answer in chats: by buttons with forms, and by typed commands."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from api.contract import endpoints as e
from api.contract.orders import OrderOut
from bots.cards.drawing import CardKind
from bots.cards.press import Op, Press, pack
from bots.forms import recount
from bots.forms.form import Completed, FormContext
from core.order_changes import service as changes
from core.order_changes.commands import AskToCallOff, ProposeChange
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.orders.model import Order
from core.people.model import Person
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests.commands import RequestLineDraft
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser, labels
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.core.documents.files import jpeg
from tests.support.world import World


@dataclass
class Deal:
    """An order of three laptops and its vendor's contact."""

    world: World
    env: BotEnv
    order: Order
    contact: Person

    @classmethod
    async def of(cls, env: BotEnv, world: World, *, acknowledged: bool = False) -> "Deal":
        vendor, contact = await world.a_vendor()
        order = await world.an_order(acknowledged=acknowledged, vendor=vendor, contact=contact)
        return cls(world, env, order.order, contact)

    async def now(self) -> OrderOut:
        caller = self.env.api.as_(await self.world.an_officer())
        return await caller.call(e.show_order, path={"id": self.order.id})

    async def vendor(self) -> ChatUser:
        user: ChatUser = await self.env.a_user(self.contact)
        await self.env.card(user, CardKind.vendor_order, self.order.id)
        return user

    async def officer(self) -> ChatUser:
        user: ChatUser = await self.env.a_user(await self.world.an_officer())
        await self.env.card(user, CardKind.order, self.order.id)
        return user

    async def propose(self, days: int = 30) -> None:
        day = self.world.today + dt.timedelta(days=days)
        command = ProposeChange(self.order.id, (), day, "the factory is late", None)
        await self.world.act(self.contact, changes.propose, command)

    async def receive(self, accepted: str, rejected: str = "0") -> None:
        lines = (ReceivedLine(self.order.lines[0].id, Decimal(accepted), Decimal(rejected)),)
        command = ReceiveGoods(self.order.id, lines, "", None)
        await self.world.act(await self.world.a_requester(), receipts.receive, command)


@BOTH
async def test_a_vendor_confirms_proposes_or_refuses(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world)
    vendor = await deal.vendor()
    card = await vendor.with_button("Refuse order…")
    assert labels(card) == ["Confirm order", "Propose a change…", "Refuse order…"]
    await vendor.say(f"/refuse {deal.order.number} sold out")
    await vendor.sees("The buyer will be told why")
    now = await deal.now()
    assert (now.state.value, now.reason) == ("cancelled", "sold out")


@BOTH
async def test_an_officer_reads_the_proposal_and_accepts_it(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world)
    await deal.propose()
    officer = await deal.officer()
    card = await officer.with_button("Accept change")
    assert "The vendor proposes a change" in card["text"]
    assert "the factory is late" in card["text"]
    assert labels(card) == ["Accept change", "Decline change…"]
    await officer.press("Accept change", card["id"])
    now = await deal.now()
    assert (now.state.value, now.revision) == ("acknowledged", 2)
    assert now.due_on == world.today + dt.timedelta(days=30)


@BOTH
async def test_an_officer_declines_with_a_reason(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world)
    await deal.propose()
    officer = await bot_env.a_user(await world.an_officer())
    await officer.say(f"/decline {deal.order.number} we need it now")
    await officer.sees("The other side will be told why")
    assert (await deal.now()).state.value == "issued"
    await officer.say(f"/decline {deal.order.number} once more")
    await officer.sees("That is not possible for")


async def test_after_one_order_of_several_is_cancelled_the_others_are_said_to_go_on(
    bot_env: BotEnv, world: World
) -> None:
    officer = await world.an_officer()
    vendors = [await world.a_vendor() for _ in range(2)]
    lines = tuple(RequestLineDraft(item, Decimal(2), "pcs", Decimal(100)) for item in ("Desk", "Lamp"))
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor for vendor, _ in vendors])
    made = [await world.a_quote(rfq, contact, "100") for _, contact in vendors]
    await world.approved(await world.open_approval_of_split(await world.a_split(rfq, *made, by=officer)))
    orders = (await bot_env.api.as_(officer).call(e.list_orders)).items
    assert len(orders) == 2
    user = await bot_env.a_user(officer)
    await user.say(f"/cancel_order {orders[0].number} wrong model")
    await user.sees("was cancelled. The other orders go on.")
    left = await bot_env.api.as_(officer).call(e.show_order, path={"id": orders[1].id})
    assert left.state.value == "issued"


@BOTH
async def test_every_end_can_be_typed(bot_env: BotEnv, world: World) -> None:
    officer = await bot_env.a_user(await world.an_officer())
    fresh = await Deal.of(bot_env, world)
    await officer.say(f"/cancel_order {fresh.order.number} wrong model")
    await officer.sees("The request is back with its quotes")
    assert (await fresh.now()).state.value == "cancelled"
    bound = await Deal.of(bot_env, world, acknowledged=True)
    await officer.say(f"/call_off {bound.order.number} we moved out")
    await officer.sees("the other side was asked")
    vendor = await bot_env.a_user(bound.contact)
    await vendor.say(f"/accept {bound.order.number}")
    await vendor.sees("accepted. The other side will be notified")
    assert (await bound.now()).state.value == "cancelled"
    partly = await Deal.of(bot_env, world, acknowledged=True)
    await partly.receive("1")
    await officer.say(f"/close_order {partly.order.number} the rest never came")
    await officer.sees("Vendor and requester will be notified")
    assert (await partly.now()).state.value == "completed"


@BOTH
async def test_a_proposal_is_taken_back(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world, acknowledged=True)
    officer = await world.an_officer()
    await world.act(officer, changes.ask_to_call_off, AskToCallOff(deal.order.id, "moved out", None))
    vendor = await deal.vendor()
    card = await vendor.with_button("Accept change")
    assert "The buyer asks to end this order" in card["text"]
    user = await deal.officer()
    await user.press("Take it back")
    assert (await deal.now()).state.value == "acknowledged"


async def test_a_change_is_asked_question_by_question_on_telegram(
    telegram: TelegramEnv, world: World
) -> None:
    deal = await Deal.of(telegram, world)
    vendor = await deal.vendor()
    await vendor.press("Propose a change…")
    await vendor.sees("By which day can you deliver?")
    await vendor.press("As ordered")
    await vendor.sees("how many can you deliver?")
    await vendor.say("2")
    await vendor.sees("at which price each?")
    await vendor.say("1100")
    await vendor.sees("The buyer reads this")
    await vendor.say("one is sold out")
    await vendor.sees("Please check what you propose")
    await vendor.press("Send")
    await vendor.sees("your proposal was sent to the buyer")
    proposal = (await deal.now()).proposal
    assert proposal is not None
    assert [(line.quantity, line.unit_price) for line in proposal.lines] == [(Decimal(2), Decimal(1100))]
    assert proposal.reason == "one is sold out"


async def test_a_change_is_one_modal_on_slack(slack: SlackEnv, world: World) -> None:
    deal = await Deal.of(slack, world)
    vendor = await slack.a_user(deal.contact)
    await slack.card(vendor, CardKind.vendor_order, deal.order.id)
    await vendor.press("Propose a change…")
    await vendor.modal("new price")
    await vendor.fill(quantity__1="2", price__1="1100", reason="one is sold out")
    await vendor.sees("your proposal was sent to the buyer")
    proposal = (await deal.now()).proposal
    assert proposal is not None
    assert [(line.quantity, line.unit_price) for line in proposal.lines] == [(Decimal(2), Decimal(1100))]


async def test_goods_go_back_and_a_receipt_is_corrected_on_telegram(
    telegram: TelegramEnv, world: World
) -> None:
    deal = await Deal.of(telegram, world, acknowledged=True)
    await deal.receive("3")
    requester = await telegram.a_user(await world.a_requester())
    await requester.say(f"/return {deal.order.number}")
    await requester.sees("how many go back to the vendor?")
    await requester.say("1")
    await requester.sees("Why does it go back?")
    await requester.say("broken after a day")
    await requester.press("Record")
    await requester.sees("The goods are awaited again")
    now = await deal.now()
    assert (now.state.value, now.lines[0].accepted, now.lines[0].returned) == (
        "partly_received",
        Decimal(2),
        Decimal(1),
    )
    await requester.say(f"/correct_receipt {deal.order.number}")
    await requester.sees("how many had really arrived")
    await requester.say("2")
    await requester.sees("how many do you reject?")
    await requester.press("None")
    await requester.sees("What was wrong with the receipt?")
    await requester.say("counted the wrong box")
    await requester.press("Record")
    await requester.sees("was corrected")
    assert (await deal.now()).lines[0].accepted == Decimal(1)


async def test_goods_go_back_by_a_modal_on_slack(slack: SlackEnv, world: World) -> None:
    deal = await Deal.of(slack, world, acknowledged=True)
    await deal.receive("3")
    requester = await slack.a_user(await world.a_requester())
    await slack.card(requester, CardKind.order, deal.order.id)
    await requester.press("Return goods…")
    await requester.modal("going back")
    await requester.fill(line__1="2", reason="broken after a day")
    await requester.sees("The goods are awaited again")
    assert (await deal.now()).lines[0].returned == Decimal(2)


async def test_a_correction_starts_from_what_was_rejected_too(telegram: TelegramEnv, world: World) -> None:
    """What nobody touches in the form stays as it was recorded."""
    deal = await Deal.of(telegram, world, acknowledged=True)
    await deal.receive("2", rejected="1")
    caller = telegram.api.as_(await world.an_officer())
    recorded = (await caller.call(e.list_receipts, path={"id": deal.order.id})).items
    values = recount.of_correction(await deal.now(), recorded)
    assert values is not None
    form, ctx = recount.RecountForm(), FormContext("en", "UTC", world.now)
    filled = {field.name: field.value for field in form.fields(values, ctx).fields}
    sent = form.read_fields(values, filled | {"reason": "the wrong note"}, ctx)
    assert isinstance(sent, Completed)
    assert isinstance(sent.values, recount.RecountValues)
    [line] = sent.values.correction().lines
    assert (line.accepted, line.rejected) == (Decimal(2), Decimal(1))


@BOTH
async def test_a_photo_is_kept_with_the_delivery(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world, acknowledged=True)
    requester = await bot_env.a_user(await world.a_requester())
    await requester.drop("early.pdf", PDF)
    await requester.sees("expecting a file here")
    await requester.say(f"/receive {deal.order.number}")
    await requester.sees("how many arrived in good condition?")
    await requester.drop("damage.jpg", jpeg())
    await requester.sees("damage.jpg. It will be kept with the delivery")
    await requester.say("2")
    await requester.say("1")
    await requester.press("Record")
    await requester.sees("was recorded")
    caller = bot_env.api.as_(await world.an_officer())
    [receipt] = (await caller.call(e.list_receipts, path={"id": deal.order.id})).items
    assert [(file.name, file.media_type) for file in receipt.documents] == [("damage.jpg", "image/jpeg")]
    assert [(line.accepted, line.rejected) for line in receipt.lines] == [(Decimal(2), Decimal(1))]


@BOTH
async def test_receive_alone_shows_what_can_be_received(bot_env: BotEnv, world: World) -> None:
    unconfirmed = await Deal.of(bot_env, world)
    changing = await Deal.of(bot_env, world)
    await changing.propose()
    completed = await Deal.of(bot_env, world, acknowledged=True)
    await completed.receive("3")
    requester = await bot_env.a_user(await world.a_requester())
    await requester.say("/receive")
    shown = await requester.with_button("All received")
    assert unconfirmed.order.number in shown["text"]
    told = " ".join(each["text"] for each in await requester.chat())
    assert changing.order.number not in told
    assert completed.order.number not in told
    officer = await bot_env.a_user(await world.an_officer())
    await officer.say("/order")
    asked = await officer.sees("Which one do you mean?")
    assert labels(asked)[0] == unconfirmed.order.number


@BOTH
async def test_a_press_that_is_no_longer_offered_is_answered(bot_env: BotEnv, world: World) -> None:
    deal = await Deal.of(bot_env, world)
    vendor = await deal.vendor()
    card = await vendor.with_button("Refuse order…")
    await world.act(deal.contact, orders.acknowledge, AcknowledgeOrder(deal.order.id, "", None))
    told = await vendor.forge(card["id"], pack(Press(Op.refuse_order, deal.order.id, deal.order.version)))
    assert "no longer" in told
    assert (await deal.now()).state.value == "acknowledged"
