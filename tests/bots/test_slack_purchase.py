"""What is asked in a modal on Slack: why something is rejected, and what has arrived."""

from api.contract import endpoints as e
from bots.cards.deck import CardKind
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import labels
from tests.support.world import World


async def test_a_manager_approves_with_one_press_and_rejects_in_a_modal(
    slack: SlackStage, world: World
) -> None:
    manager = await world.a_manager()
    player = await slack.play(manager)
    first = await slack.card(player, CardKind.approval, (await world.an_open_approval()).approval.id)
    answer = await player.press("Approve", first)
    assert answer["text"].startswith("Approved:")
    second = (await world.an_open_approval()).approval
    card = await slack.card(player, CardKind.approval, second.id)
    await player.press("Reject…", card)
    shown = await player.modal("reason")
    assert shown["title"] == "Reject"
    refused = await player.fill(reason="other")
    assert "3" in refused["text"]
    await player.fill(text="Too dear this quarter")
    await player.sees("Rejected:")
    assert (await player.look())["modal"] is None
    decided = await slack.api.as_(manager).call(e.show_approval, path={"id": second.id})
    assert decided.state.value == "rejected"
    again = await player.press("Approve", card)
    assert again["text"]
    assert not again["text"].startswith("Approved")


async def test_goods_are_received_line_by_line_in_a_modal(slack: SlackStage, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    requester = await world.person(order.order.requested_by)
    player = await slack.play(requester)
    card = await slack.card(player, CardKind.order, order.order.id)
    label = next(each for each in labels(await player.sees(order.order.number)) if "line" in each.lower())
    await player.press(label, card)
    shown = await player.modal(order.order.number)
    good = next(each for each in shown["fields"] if each["block_id"] == "good:1")
    wrong = await player.fill(good__1=str(float(good["value"]) + 0), bad__1=good["value"])
    assert wrong["text"]
    await player.fill(bad__1="0")
    await player.sees("Recorded")
