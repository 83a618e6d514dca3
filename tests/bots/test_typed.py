"""What is typed instead of pressed does the same."""

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from bots.cards.press import Op
from bots.dialog.registry import COMMANDS, PRESSES, UNLINKED_PRESSES
from core.access.roles import Role
from core.approvals.states import ApprovalState
from core.orders.states import OrderState
from core.requests.states import RequestState
from core.rfqs.states import RfqState
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import World


def test_every_button_has_a_typed_equivalent() -> None:
    """The door's buttons have none: who would be joined to whom must have been seen; and one repeats a command."""
    typed = {op: spec.typed for op, spec in PRESSES.items() if spec.typed}
    assert set(typed) | {Op.form, Op.run_command} | set(UNLINKED_PRESSES) == set(Op)
    assert {words.split()[0] for words in typed.values()} <= set(COMMANDS)


@BOTH
async def test_approve_reject_and_ask(bot_env: BotEnv, world: World) -> None:
    manager = await world.a_manager()
    user = await bot_env.a_user(manager)
    approvals = [(await world.an_open_approval()).approval for _ in range(3)]
    numbers = [each.title.split()[0] for each in approvals]
    await user.say(f"/approve {numbers[0]}")
    await user.sees("Approved:")
    await user.say(f"/reject {numbers[1]} too dear")
    await user.sees("Rejected:")
    await user.say(f"/ask {numbers[2].lower()} have we none left?")
    await user.sees("Your question")
    states = [
        (await bot_env.api.as_(manager).call(e.show_approval, path={"id": each.id})).state
        for each in approvals
    ]
    assert states == [ApprovalState.approved, ApprovalState.rejected, ApprovalState.pending]
    await user.say(f"/reject {numbers[2]}")
    await user.with_button("Budget is used up")
    await user.say("Budget is used up")
    await user.sees(f"Rejected: {numbers[2]}")


@BOTH
async def test_a_requester_takes_back_and_copies(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    request = (await world.a_request()).request
    user = await bot_env.a_user(requester)
    await user.say(f"/copy {request.number}")
    draft = await user.with_button("Submit")
    assert "3 × Laptop 14 inch" in draft["text"]
    await user.say("submit")
    await user.sees("submitted")
    await user.say(f"/withdraw {request.number} bought elsewhere")
    await user.sees("withdrawn")
    found = await bot_env.api.as_(requester).call(e.show_request, path={"id": request.id})
    assert (found.state, found.reason) == (RequestState.withdrawn, "bought elsewhere")
    assert len((await bot_env.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items) == 2


@BOTH
async def test_an_officer_asks_compares_closes_proposes_and_cancels(bot_env: BotEnv, world: World) -> None:
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    request = (await world.a_request()).request
    vendor, contact = await world.a_vendor()
    await user.say(f"/rfq {request.number}")
    await user.with_button(vendor.name)
    await user.say("/cancel")
    rfq = await world.an_rfq(await world.a_request(), to=[vendor])
    await world.a_quote(rfq, contact)
    number = rfq.rfq.number
    await user.say(f"/close {number}")
    await user.sees(f"{number}")
    await user.say(f"/compare {number} text")
    await user.sees("Laptop 14 inch")
    await user.say(f"/propose {number} {vendor.name}: delivers sooner")
    await user.sees("goes to approval")
    assert (await bot_env.api.as_(officer).call(e.show_rfq, path={"id": rfq.rfq.id})).state is RfqState.closed
    await user.say(f"/cancel_request {request.number} we moved out")
    await user.sees("cancelled")


@BOTH
async def test_nobody_is_asked_which_vendors_for_what_is_ordered(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.an_officer())
    number = (await world.an_order()).request_number
    await user.say(f"/rfq {number}")
    assert "ordered" in (await user.sees("This is no longer possible"))["text"]


async def test_a_quote_is_over_as_soon_as_its_rfq_is(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    number = (await world.an_rfq(to=[vendor])).rfq.number
    user, officer = await bot_env.a_user(contact), await bot_env.a_user(await world.an_officer())
    await user.say(f"/quote {number} 1180")
    await user.sees("How many days")
    await officer.say(f"/close {number}")
    await officer.sees(number)
    await user.say("10")
    await user.sees(f"{number} is closed and no longer accepts quotes")
    await user.say("/cancel")
    await user.sees("No form is open")


async def test_a_quote_that_was_refused_in_the_end_offers_no_button_to_send_it(
    bot_env: BotEnv, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    number = (await world.an_rfq(to=[vendor])).rfq.number
    user, officer = await bot_env.a_user(contact), await bot_env.a_user(await world.an_officer())
    await user.say(f"/quote {number} 1180 10d; valid 2027-01-31; shipping 0; note: as said")
    await user.press("Skip")
    review = await user.with_button("Send quote")
    await officer.say(f"/close {number}")
    await officer.sees(number)
    await user.press("Send quote", review["id"])
    assert "Send quote" not in labels(await user.sees("Please check your quote"))


@BOTH
async def test_a_vendor_declines_confirms_and_sees_an_order(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    user = await bot_env.a_user(contact)
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    await user.say(f"/po {order.number}")
    assert labels(await user.sees(order.number)) == [
        "Confirm order",
        "Propose a change…",
        "Refuse order…",
    ]
    await user.say(f"/acknowledge {order.number}")
    await user.sees("is confirmed")
    rfq = await world.an_rfq(to=[vendor])
    await user.say(f"/nobid {rfq.rfq.number} out of range")
    await user.sees("You declined to quote")
    seen = await bot_env.api.as_(contact).call(e.show_order, path={"id": order.id})
    assert seen.state is OrderState.acknowledged


@BOTH
async def test_a_receiver_receives_all(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    order = (await world.an_order(acknowledged=True)).order
    await bot_env.card(user, CardKind.order, order.id)
    await user.say(f"/receive {order.number} all")
    await user.sees("was recorded")
    seen = await bot_env.api.as_(requester).call(e.show_order, path={"id": order.id})
    assert seen.state is OrderState.completed


@BOTH
async def test_a_number_that_is_not_there_is_said(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    for command in ("approve", "reject", "withdraw", "copy", "compare", "rfq", "status"):
        await user.say(f"/{command} REQ-99999")
        await user.sees("I can’t find REQ-99999")
    await user.say("/po PO-1")
    await user.sees("I can’t find PO-1")


async def test_an_officer_looks_vendors_up_and_invites_one(bot_env: BotEnv, world: World) -> None:
    vendor, _ = await world.a_vendor()
    user = await bot_env.a_user(await world.an_officer())
    await user.say("/vendors hardware")
    assert "no chat connected" in (await user.sees(f"{vendor.name} · IT hardware"))["text"]
    await user.say("/vendors nothing of the kind")
    await user.sees("No vendor matches")
    await user.say(f"/invite {vendor.name.lower()}")
    told = (await user.sees(f"Invitation for {vendor.name}"))["text"]
    code = told.rsplit("/start ", 1)[1].strip()
    contact = await bot_env.a_user(await world.a_requester(), linked=False)
    await contact.say(f"/start {code}")
    assert vendor.name in (await contact.with_button("Yes, this is me"))["text"]
    await user.say("/invite")
    await user.sees("No vendor matches")


async def test_the_history_of_a_purchase_is_read_by_whoever_may_see_it(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    auditor = await bot_env.a_user(await world.an_auditor())
    await auditor.say(f"/audit {request.number}")
    shown = await auditor.sees(f"{request.number} · history")
    assert shown["text"].index("request.submitted") < shown["text"].index("request.created")
    other = await bot_env.a_user(await world.a_person(Role.requester))
    await other.say(f"/audit {request.number}")
    await other.sees(f"I can’t find {request.number}")
