"""The scenario files' own step "Receive by line…", by the real bots: asked question by question, or in a modal."""

from decimal import Decimal
from pathlib import Path

import pytest

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.kernel.ids import OrderId
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.purchases import request_queries as requests
from core.requests.commands import RequestLineDraft
from sandbox import scenario
from sandbox.scenario_schema import Scenario
from tests.bots.bot_env import BotEnv
from tests.bots.slack_env import SlackEnv
from tests.support.world import World

ROOT = Path(__file__).parents[2]
PARTS = pytest.mark.parametrize(
    ("file", "ordered", "arrived"),
    [
        ("sandbox/scenarios/purchase.yaml", [3, 3], [2, 3]),
        ("sandbox/scenarios/parts.yaml", [4, 2], [3, 2]),
        ("tests/journeys/cycle.yaml", [3, 3], [2, 3]),
    ],
)


async def an_order_of(world: World, quantities: list[int]) -> OrderId:
    """Acknowledged by its vendor, with a line for each quantity."""
    vendor, contact = await world.a_vendor()
    await world.a_finance()
    lines = [
        RequestLineDraft(f"Thing {place}", Decimal(quantity), "pcs", Decimal(1200))
        for place, quantity in enumerate(quantities, start=1)
    ]
    request = await world.a_request(lines=lines)
    quote = await world.a_quote(await world.an_rfq(request, to=[vendor]), contact)
    await world.approved(await world.open_approval_of(quote.quote.id))
    shown = await world.act(await world.an_officer(), requests.show, request.request.id)
    assert shown.request.order_id is not None
    order_id = OrderId(shown.request.order_id)
    await world.act(contact, orders.acknowledge, AcknowledgeOrder(order_id, "", None))
    return order_id


def the_step(file: str, who: int | str) -> Scenario:
    """That step alone, done by this account."""
    steps = scenario.load(ROOT / file).steps
    step = next(step for step in steps if (step.presses or "").startswith("Receive by line"))
    return Scenario.model_validate({"people": {step.who: who}, "steps": [step.model_dump()]})


@PARTS
async def test_it_is_answered_in_the_chat_on_telegram(
    bot_env: BotEnv, world: World, file: str, ordered: list[int], arrived: list[int]
) -> None:
    order_id = await an_order_of(world, ordered)
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await bot_env.card(user, CardKind.order, order_id)
    order = await bot_env.api.as_(requester).call(e.show_order, path={"id": order_id})
    await scenario.run(the_step(file, user.id), bot_env.sandbox.url, {"order": order.number})
    order = await bot_env.api.as_(requester).call(e.show_order, path={"id": order_id})
    assert [line.accepted for line in order.lines] == arrived


@PARTS
async def test_it_is_answered_in_a_modal_on_slack(
    slack: SlackEnv, world: World, file: str, ordered: list[int], arrived: list[int]
) -> None:
    order_id = await an_order_of(world, ordered)
    requester = await world.a_requester()
    user = await slack.a_user(requester)
    await slack.card(user, CardKind.order, order_id)
    order = await slack.api.as_(requester).call(e.show_order, path={"id": order_id})
    await scenario.run(the_step(file, user.id), slack.sandbox.url, {"order": order.number}, cast="slack")
    order = await slack.api.as_(requester).call(e.show_order, path={"id": order_id})
    assert [line.accepted for line in order.lines] == arrived
