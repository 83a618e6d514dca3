"""What only Slack has: a request by a modal, from a message, from the home tab."""

from sqlalchemy import text

from api.contract import endpoints as e
from tests.bots.slack_env import SlackEnv
from tests.support.world import World


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
