"""What is asked in a modal on Slack: why something is rejected, and what has arrived."""

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from tests.bots.bot_env import labels
from tests.bots.slack_env import SlackEnv
from tests.support.world import World


async def test_a_manager_approves_with_one_press_and_rejects_in_a_modal(
    slack: SlackEnv, world: World
) -> None:
    manager = await world.a_manager()
    user = await slack.a_user(manager)
    first = await slack.card(user, CardKind.approval, (await world.an_open_approval()).approval.id)
    answer = await user.press("Approve", first)
    assert answer["text"].startswith("Approved:")
    second = (await world.an_open_approval()).approval
    card = await slack.card(user, CardKind.approval, second.id)
    await user.press("Reject…", card)
    shown = await user.modal("reason")
    assert shown["title"] == "Reject"
    refused = await user.fill(reason="other")
    assert "3" in refused["text"]
    await user.fill(text="Too dear this quarter")
    await user.sees("Rejected:")
    assert (await user.look())["modal"] is None
    decided = await slack.api.as_(manager).call(e.show_approval, path={"id": second.id})
    assert decided.state.value == "rejected"
    again = await user.press("Approve", card)
    assert again["text"]
    assert not again["text"].startswith("Approved")


async def test_goods_are_received_line_by_line_in_a_modal(slack: SlackEnv, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    requester = await world.person(order.order.requested_by)
    user = await slack.a_user(requester)
    card = await slack.card(user, CardKind.order, order.order.id)
    label = next(each for each in labels(await user.sees(order.order.number)) if "line" in each.lower())
    await user.press(label, card)
    shown = await user.modal(order.order.number)
    good = next(each for each in shown["fields"] if each["block_id"] == "good:1")
    wrong = await user.fill(good__1=str(float(good["value"]) + 0), bad__1=good["value"])
    assert wrong["text"]
    await user.fill(bad__1="0")
    await user.sees("was recorded")
