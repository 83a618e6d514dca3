"""A card's buttons are the actions that the API offers to its reader."""

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from bots.cards.action_buttons import ROWS
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op
from bots.cards.viewer import Viewer
from bots.dialog.registry import PRESSES
from core.people.model import Person
from tests.support.api import Api
from tests.support.world import World

NOT_PRESSED = {
    ActionVerb.submit: "a draft is submitted in its form",
    ActionVerb.revise: "the RFQ's own button revises",
    ActionVerb.propose: "the comparison draws it with the vendor's name",
    ActionVerb.answer: "a question is answered by a reply",
    ActionVerb.answer_question: "the comparison draws it with the vendor's name",
    ActionVerb.ask_to_complete: "the comparison draws it with the vendor's name",
}


def test_every_action_has_a_button_or_says_why_not() -> None:
    assert set(ActionVerb) - {row.verb for row in ROWS} == set(NOT_PRESSED)


def test_every_button_of_an_action_carries_the_version_and_does_something() -> None:
    assert all(PRESSES[row.op].versioned for row in ROWS)


def viewer(person: Person) -> Viewer:
    return Viewer(person.id, "en", "UTC", person.vendor_id)


async def test_an_acknowledged_order_is_received_by_administrators_and_cancelled_by_nobody(
    api: Api, world: World
) -> None:
    order = (await world.an_order(acknowledged=True)).order
    for person in (await world.an_admin(), await world.an_officer()):
        caller = api.as_(person)
        shown = await caller.call(e.show_order, path={"id": order.id})
        request = await caller.call(e.show_request, path={"id": order.request_id})
        buttons = draw(CardKind.order, shown, viewer(person)).buttons
        assert [button.press.op for row in buttons for button in row] == [
            Op.receive_all,
            Op.receive_lines,
            Op.call_off_order,
            Op.close_order,
        ]
        buttons = draw(CardKind.officer_request, request, viewer(person)).buttons
        assert [button.press.op for row in buttons for button in row] == [Op.compare]


async def test_lists_offer_what_the_single_thing_offers(api: Api, world: World) -> None:
    order = (await world.an_order()).order
    caller = api.as_(await world.an_officer())
    requests = (await caller.call(e.list_requests)).items
    assert requests[0].actions == (await caller.call(e.show_request, path={"id": requests[0].id})).actions
    assert [action.verb for action in requests[0].actions] == [ActionVerb.cancel]
    orders = (await caller.call(e.list_orders)).items
    assert orders[0].actions == (await caller.call(e.show_order, path={"id": order.id})).actions
    verbs = [ActionVerb.acknowledge_for, ActionVerb.receive, ActionVerb.cancel]
    assert [action.verb for action in orders[0].actions] == verbs
