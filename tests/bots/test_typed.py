"""What is typed instead of pressed does the same."""

from api.contract import endpoints as e
from bots.cards.deck import CardKind
from bots.cards.press import Op
from bots.talk.tables import BY_ITS_LABEL, COMMANDS, DOOR_PRESSES, TYPED
from core.access.roles import Role
from core.approvals.states import ApprovalState
from core.orders.states import OrderState
from core.requests.states import RequestState
from core.rfqs.states import RfqState
from tests.bots.stage import BOTH, Stage, labels
from tests.support.world import World


def test_every_button_has_a_typed_equivalent() -> None:
    """The door's buttons have none: who would be joined to whom must have been seen."""
    assert set(TYPED) | BY_ITS_LABEL | set(DOOR_PRESSES) == set(Op)
    assert {words.split()[0].removeprefix("/") for words in TYPED.values()} <= set(COMMANDS)


@BOTH
async def test_approve_reject_and_ask(stage: Stage, world: World) -> None:
    manager = await world.a_manager()
    player = await stage.play(manager)
    approvals = [(await world.an_open_approval()).approval for _ in range(3)]
    numbers = [each.title.split()[0] for each in approvals]
    await player.say(f"/approve {numbers[0]}")
    await player.sees("Approved:")
    await player.say(f"/reject {numbers[1]} too dear")
    await player.sees("Rejected:")
    await player.say(f"/ask {numbers[2].lower()} have we none left?")
    await player.sees("Your question")
    states = [
        (await stage.api.as_(manager).call(e.show_approval, path={"id": each.id})).state for each in approvals
    ]
    assert states == [ApprovalState.approved, ApprovalState.rejected, ApprovalState.pending]
    await player.say(f"/reject {numbers[2]}")
    await player.with_button("Budget is used up")
    await player.say("Budget is used up")
    await player.sees(f"Rejected: {numbers[2]}")


@BOTH
async def test_a_requester_takes_back_and_copies(stage: Stage, world: World) -> None:
    requester = await world.a_requester()
    request = (await world.a_request()).request
    player = await stage.play(requester)
    await player.say(f"/copy {request.number}")
    await player.sees("By when")
    await player.say("2027-12-01")
    draft = await player.with_button("Submit")
    assert "3 × Laptop 14 inch" in draft["text"]
    await player.say("submit")
    await player.sees("submitted")
    await player.say(f"/withdraw {request.number} bought elsewhere")
    await player.sees("withdrawn")
    found = await stage.api.as_(requester).call(e.show_request, path={"id": request.id})
    assert (found.state, found.reason) == (RequestState.withdrawn, "bought elsewhere")
    assert len((await stage.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items) == 2


@BOTH
async def test_an_officer_asks_compares_closes_proposes_and_cancels(stage: Stage, world: World) -> None:
    officer = await world.an_officer()
    player = await stage.play(officer)
    request = (await world.a_request()).request
    vendor, contact = await world.a_vendor()
    await player.say(f"/rfq {request.number}")
    await player.with_button(vendor.name)
    await player.say("/cancel")
    rfq = await world.an_rfq(await world.a_request(), to=[vendor])
    await world.a_quote(rfq, contact)
    number = rfq.rfq.number
    await player.say(f"/close {number}")
    await player.sees(f"{number}")
    await player.say(f"/compare {number} text")
    await player.sees("Laptop 14 inch")
    await player.say(f"/propose {number} {vendor.name}: delivers sooner")
    await player.sees("goes to approval")
    assert (await stage.api.as_(officer).call(e.show_rfq, path={"id": rfq.rfq.id})).state is RfqState.closed
    await player.say(f"/cancel_request {request.number} we moved out")
    await player.sees("cancelled")


@BOTH
async def test_a_vendor_declines_confirms_and_sees_an_order(stage: Stage, world: World) -> None:
    vendor, contact = await world.a_vendor()
    player = await stage.play(contact)
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    await player.say(f"/po {order.number}")
    assert labels(await player.sees(order.number)) == ["Confirm the order"]
    await player.say(f"/acknowledge {order.number}")
    await player.sees("is confirmed")
    rfq = await world.an_rfq(to=[vendor])
    await player.say(f"/nobid {rfq.rfq.number} out of range")
    await player.sees("You will not quote")
    seen = await stage.api.as_(contact).call(e.show_order, path={"id": order.id})
    assert seen.state is OrderState.acknowledged


@BOTH
async def test_a_receiver_receives_all(stage: Stage, world: World) -> None:
    requester = await world.a_requester()
    player = await stage.play(requester)
    order = (await world.an_order(acknowledged=True)).order
    await stage.card(player, CardKind.order, order.id)
    await player.say(f"/receive {order.number} all")
    await player.sees("Recorded")
    seen = await stage.api.as_(requester).call(e.show_order, path={"id": order.id})
    assert seen.state is OrderState.completed


@BOTH
async def test_a_number_that_is_not_there_is_said(stage: Stage, world: World) -> None:
    player = await stage.play(await world.a_requester())
    for command in ("approve", "reject", "withdraw", "copy", "compare", "rfq", "status"):
        await player.say(f"/{command} REQ-99999")
        await player.sees("I cannot find REQ-99999")
        await player.say(f"/{command}")
    await player.sees("I cannot find REQ-…")
    await player.say("/po PO-1")
    await player.sees("I cannot find PO-1")


async def test_an_officer_looks_vendors_up_and_invites_one(stage: Stage, world: World) -> None:
    vendor, _ = await world.a_vendor()
    player = await stage.play(await world.an_officer())
    await player.say("/vendors hardware")
    assert "no chat yet" in (await player.sees(f"{vendor.name} · IT hardware"))["text"]
    await player.say("/vendors nothing of the kind")
    await player.sees("There is no vendor")
    await player.say(f"/invite {vendor.name.lower()}")
    told = (await player.sees(f"An invitation for {vendor.name}"))["text"]
    code = told.rsplit("/start ", 1)[1].strip()
    contact = await stage.play(await world.a_requester(), linked=False)
    await contact.say(f"/start {code}")
    assert vendor.name in (await contact.with_button("Yes, this is me"))["text"]
    await player.say("/invite")
    await player.sees("There is no vendor")


async def test_the_history_of_a_purchase_is_read_by_whoever_may_see_it(stage: Stage, world: World) -> None:
    request = (await world.a_request()).request
    auditor = await stage.play(await world.an_auditor())
    await auditor.say(f"/audit {request.number}")
    shown = await auditor.sees(f"{request.number} · history")
    assert shown["text"].index("request.submitted") < shown["text"].index("request.created")
    other = await stage.play(await world.a_person(Role.requester))
    await other.say(f"/audit {request.number}")
    await other.sees(f"I cannot find {request.number}")
