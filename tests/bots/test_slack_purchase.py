"""A purchase on Slack: what a vendor, a manager and a requester do there, and who is turned away."""

from api.contract import endpoints as e
from bots.cards.deck import CardKind, draw
from bots.cards.viewer import Viewer
from core.access.roles import Role
from tests.bots.slack_stage import TEAM, SlackStage
from tests.bots.stage import labels
from tests.support.world import World

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


async def test_a_vendor_quotes_by_words_and_a_file(slack: SlackStage, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(), to=[vendor])
    player = await slack.play(contact)
    card = await slack.card(player, CardKind.vendor_rfq, rfq.rfq.id)
    await player.press("Quote", card)
    await player.sees("Line 1 of 1")
    await player.say("1180 10d")
    await player.sees("valid")
    await player.press("30 days")
    await player.press("Skip")
    await player.press("Skip")
    await player.drop("offer.pdf", PDF)
    review = await player.with_button("Send quote")
    assert "offer.pdf" in review["text"]
    await player.press("Send quote")
    await player.sees("Quote")
    found = (await slack.api.as_(contact).call(e.list_quotes)).items
    assert [(quote.lines[0].unit_price, len(quote.documents)) for quote in found] == [(1180, 1)]


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


async def test_guests_and_strangers_are_refused_in_private(slack: SlackStage, world: World) -> None:
    for trait in ("is_restricted", "is_ultra_restricted"):
        guest = await slack.play(await world.a_person(Role.requester), linked=False, **{trait: True})
        answer = await guest.say("/parley my")
        assert "full members" in answer["text"]
        await guest.say("hello")
        assert "full members" in (await guest.sees("full members"))["text"]


async def test_an_unlinked_person_is_told_how_to_link_and_nothing_else(
    slack: SlackStage, world: World
) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await slack.play(await world.a_manager())
    stranger = await slack.play(await world.a_person(Role.manager), linked=False)
    shown = draw(
        CardKind.approval,
        await slack.api.as_(manager.person).call(e.show_approval, path={"id": approval.id}),
        Viewer.of(await slack.api.as_(manager.person).call(e.me)),
    )
    await slack.outbound.post(f"{TEAM}:{stranger.id}", shown)
    told = await stranger.press("Approve")
    assert "start CODE" in told["text"]
    still = await slack.api.as_(manager.person).call(e.show_approval, path={"id": approval.id})
    assert still.state.value == "pending"
