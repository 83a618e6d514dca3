"""What only Slack has: a request by a modal, from a message, from the home tab."""

import base64

from sqlalchemy import text

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from tests.bots.slack_env import SlackEnv
from tests.support.world import World

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_modal_asks_everything_at_once_and_is_reviewed(slack: SlackEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await slack.a_user(requester)
    await user.shortcut("new_request")
    assert (await user.modal())["title"] == "New request"
    await user.press_in("modal", "Add line")
    shown = await user.modal("Line 2")
    assert {"item:1", "item:2", "needed_by", "cost_centre"} <= {each["block_id"] for each in shown["fields"]}
    first = {"item__1": "Laptop", "quantity__1": "3", "price__1": "1,200"}
    wrong = await user.fill(
        **first, item__2="Dock", quantity__2="lots", needed_by="2027-12-01", cost_centre="IT"
    )
    assert "“lots”" in wrong["text"]
    await user.fill(quantity__2="2 boxes")
    review = await user.modal("Review")
    for told in ("3 × Laptop", "1,200.00 USD", "Dock", "1 Dec 2027"):
        assert told in review["html"]
    await user.fill()
    card = await user.with_button("Withdraw…")
    assert "submitted" in card["text"]
    assert (await user.look())["modal"] is None
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [(line.description, str(line.quantity)) for line in found[0].lines] == [
        ("Laptop", "3"),
        ("Dock", "2"),
    ]


async def test_a_request_from_a_message_keeps_it_as_evidence(slack: SlackEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await slack.a_user(requester)
    await user.say("We need new whiteboards <soon>")
    mine = next(each for each in await user.chat() if each["from"] == "me" and "whiteboards" in each["text"])
    await user.shortcut("make_request", mine["id"])
    shown = {each["block_id"]: each["value"] for each in (await user.modal("New request"))["fields"]}
    assert shown["item:1"] == "We need new whiteboards <soon>"
    assert "/archives/D" in shown["note"]
    await user.fill(quantity__1="2", needed_by="2027-12-01", cost_centre="IT")
    await user.modal("Review")
    await user.fill()
    await user.with_button("Withdraw…")
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert "/archives/D" in found[0].note


async def test_a_request_from_an_image_keeps_its_name_and_link(slack: SlackEnv, world: World) -> None:
    user = await slack.a_user(await world.a_requester())
    await user.drop("broken-chair.png", PNG)
    await slack.settled()
    mine = next(each for each in await user.chat() if each["document"] == "broken-chair.png")
    await user.shortcut("make_request", mine["id"])
    shown = {each["block_id"]: each["value"] for each in (await user.modal("New request"))["fields"]}
    assert "broken-chair.png" in shown["note"]
    assert "/archives/D" in shown["note"]


async def test_more_than_ten_lines_go_on_in_the_same_modal(slack: SlackEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await slack.a_user(requester)
    await user.shortcut("new_request")
    await user.modal("New request")
    for number in range(2, 11):
        await user.press_in("modal", "Add line")
        await user.modal(f"Line {number}")
    filled = {f"item__{number}": f"Thing {number}" for number in range(1, 11)}
    counted = {f"quantity__{number}": str(number) for number in range(1, 11)}
    await user.press_in("modal", "Add line", **filled, **{**counted, "quantity__3": "lots"})
    await user.modal("“lots”")
    await user.press_in("modal", "Add line", **filled, **counted)
    shown = await user.modal("Lines 1 to 10 are kept")
    assert shown["fields"][0]["block_id"] == "item:11"
    await user.fill(item__11="Thing 11", quantity__11="11", needed_by="2027-12-01", cost_centre="IT")
    await user.modal("Review")
    await user.fill()
    await user.with_button("Withdraw…")
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    lines = [(line.description, str(line.quantity)) for line in found[0].lines]
    assert lines == [(f"Thing {number}", str(number)) for number in range(1, 12)]


async def test_a_command_that_is_sent_again_makes_no_second_draft(slack: SlackEnv, world: World) -> None:
    user = await slack.a_user(await world.a_requester())
    await user.say("/request 3x laptop @1200 needed 24 Dec for IT")
    await user.with_button("Submit")
    recorded = await slack.last_posted("/parley")
    before = await user.chat()
    assert (await slack.send(recorded, age=200))[0] == 200
    assert await user.chat() == before


async def test_what_is_written_in_a_thread_is_answered_there(slack: SlackEnv, world: World) -> None:
    user = await slack.a_user(await world.a_requester())
    card = await slack.card(user, CardKind.request, (await world.a_request()).request.id)
    await user.say("hello there", reply_to=card)
    offered = await user.with_button("Add as comment")
    assert offered["reply_to"] == card
    await user.say("/my")
    listed = await user.sees("Your requests")
    assert listed["reply_to"] is None


async def test_home_shows_what_is_mine_and_opens_it(slack: SlackEnv, world: World) -> None:
    requester = await world.a_requester()
    stranger = await slack.a_user(requester, linked=False)
    shown = await stranger.home()
    assert "start CODE" in shown["text"]
    await stranger.press_in("home", "Enter a code")
    await stranger.fill(code=await slack.code(requester))
    await stranger.press("Yes, this is me")
    await stranger.sees("Connected")
    await stranger.say("/parley request 2 chairs @80 needed 2027-12-01 for IT")
    await stranger.press("Submit")
    number = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items[0].number
    await stranger.home(number)
    await stranger.press_in("home", number)
    assert number in (await stranger.with_button("Withdraw…"))["text"]


async def test_the_modal_asks_for_whom_and_warns_before_it_is_sent_twice(
    slack: SlackEnv, world: World
) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE organisation SET duplicate_days = 14"))
    officer, requester = await world.an_officer(), await world.a_requester()
    user = await slack.a_user(officer)
    line = {"item__1": "Lamp", "quantity__1": "2", "price__1": "30", "cost_centre": "IT"}
    for place in ("first", "second"):
        await user.shortcut("new_request")
        await user.modal("New request")
        wrong = await user.fill(**line, needed_by="2027-12-01", on_behalf_of="nobody at all")
        assert "nobody at all" in wrong["text"]
        await user.fill(on_behalf_of=requester.name)
        assert f"For {requester.name}" in (await user.modal("Review"))["html"]
        await user.fill()
        if place == "second":
            warned = (await user.modal("resembles"))["html"]
            assert "REQ-" in warned
            await user.fill()
    await user.sees("although it resembles REQ-")
    mine = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [each.entered_by for each in mine] == [officer.id, officer.id]
