"""What is asked in a modal on Slack: why something is rejected, and what has arrived."""

import base64
from uuid import UUID

import pytest

from api.contract import endpoints as e
from bots.cards.attachment import Attachment
from bots.cards.drawing import CardKind
from bots.dialog.message import DownloadFailed
from bots.slack.files import SlackFile
from tests.bots.bot_env import PDF, labels
from tests.bots.slack_env import SlackChatUser, SlackEnv
from tests.support.sandbox_client import Json
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


async def receiving(slack: SlackEnv, world: World) -> tuple[SlackChatUser, UUID]:
    """Whoever asked for the goods, with the modal in which what arrived is written."""
    order = await world.an_order(acknowledged=True)
    user: SlackChatUser = await slack.a_user(await world.person(order.order.requested_by))
    card = await slack.card(user, CardKind.order, order.order.id)
    label = next(each for each in labels(await user.sees(order.order.number)) if "line" in each.lower())
    await user.press(label, card)
    shown = await user.modal(order.order.number)
    assert [each["kind"] for each in shown["fields"]][-1] == "files"
    return user, order.order.id


def file(name: str, content: bytes) -> Json:
    return {"name": name, "base64": base64.b64encode(content).decode()}


async def test_photos_that_were_chosen_in_the_modal_stand_at_the_receipt(
    slack: SlackEnv, world: World
) -> None:
    user, order_id = await receiving(slack, world)
    wrong = await user.fill(bad__1="3", photos=[file("first.pdf", PDF)])
    assert wrong["text"], "nothing is uploaded with a form that is refused"
    await user.fill(bad__1="0", photos=[file("damage.pdf", PDF), file("note.pdf", PDF + b"\n")])
    await user.sees("was recorded")
    [entry] = (await slack.api.as_(user.person).call(e.list_receipts, path={"id": order_id})).items
    assert [each.name for each in entry.documents] == ["damage.pdf", "note.pdf"]


async def test_a_photo_that_cannot_be_fetched_leaves_the_modal_as_it_was(
    slack: SlackEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, order_id = await receiving(slack, world)

    async def lost(_: SlackFile) -> Attachment:
        raise DownloadFailed

    monkeypatch.setattr(SlackFile, "download", lost)
    told = await user.fill(photos=[file("damage.pdf", PDF)])
    assert "couldn’t download the file" in told["text"]
    assert not (await slack.api.as_(user.person).call(e.list_receipts, path={"id": order_id})).items
    monkeypatch.undo()
    await user.fill(photos=[file("damage.pdf", PDF)])
    await user.sees("was recorded")
