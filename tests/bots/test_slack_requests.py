"""From a Slack line, a modal or a shortcut to a submitted request."""

from api.contract import endpoints as e
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import labels
from tests.support.world import World


async def test_a_code_links_only_after_both_identities_were_confirmed(
    slack: SlackStage, world: World
) -> None:
    person = await world.a_requester()
    player = await slack.play(person, linked=False)
    answer = await player.say("/parley my")
    assert "/parley start CODE" in answer["text"]
    await player.say(f"/parley start {await slack.code(person)}")
    card = await player.with_button("Yes, this is me")
    assert person.name in card["text"]
    assert labels(card) == ["Yes, this is me", "Not me"]
    await player.press("Not me")
    await player.sees("Not connected")
    await player.say(f"/parley start {await slack.code(person)}")
    await player.press("Yes, this is me")
    assert person.name in (await player.sees("Connected"))["text"]
    await player.say("/parley whoami")
    assert "requester" in (await player.sees("acts as"))["text"]


async def test_a_request_line_becomes_a_draft_and_a_card_that_is_kept(
    slack: SlackStage, world: World
) -> None:
    requester = await world.a_requester()
    player = await slack.play(requester)
    await player.say("/parley request 3x laptop Dell 5440 @1200 needed 2027-12-01 for IT asap")
    draft = await player.with_button("Submit")
    for told in ("3 × laptop Dell 5440", "1,200.00 USD", "1 Dec 2027", "IT", "“asap”"):
        assert told in draft["text"]
    answer = await player.press("Submit")
    assert "REQ-" in answer["text"]
    card = await player.with_button("Withdraw…")
    assert card["id"] == draft["id"]
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [each.state.value for each in found] == ["submitted"]
    assert await world.events_of(found[0].id) == ["request.created", "request.submitted"]


async def test_a_press_that_is_delivered_twice_makes_one_request(slack: SlackStage, world: World) -> None:
    requester = await world.a_requester()
    player = await slack.play(requester)
    await player.say("/parley request 2 chairs @80 needed 2027-12-01 for IT")
    draft = await player.with_button("Submit")
    await slack.fault(kind="duplicate", next=1)
    await player.press("Submit", draft["id"])
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert len(found) == 1


async def test_missing_fields_are_asked_one_at_a_time_and_back_goes_back(
    slack: SlackStage, world: World
) -> None:
    player = await slack.play(await world.a_requester())
    await player.say("/parley request laptop")
    await player.sees("How many “laptop”?")
    await player.say("lots")
    await player.sees("I could not read the number “lots”")
    await player.say("3")
    await player.sees("By when do you need it?")
    await player.press("Back")
    await player.sees("How many “laptop”?")
    await player.say("4")
    await player.say("12/01/2027")
    await player.sees("can mean 12 Jan 2027 / 1 Dec 2027")
    await player.say("1 Dec 2027")
    draft = await player.with_button("Submit")
    assert "4 × laptop" in draft["text"]
    await player.say("/parley cancel")
    await player.sees("Nothing was sent")


async def test_an_event_that_is_delivered_again_does_not_answer_the_next_question(
    slack: SlackStage, world: World
) -> None:
    player = await slack.play(await world.a_requester())
    await player.say("/parley request laptop for IT")
    await player.sees("How many “laptop”?")
    await slack.fault(kind="duplicate", next=1)
    await player.say("3")
    await player.sees("By when do you need it?")
    await player.say("30 Nov 2027")
    draft = await player.with_button("Submit")
    assert "3 × laptop" in draft["text"]
    assert not any("could not read" in message["text"] for message in await player.chat())


async def test_a_restart_in_the_middle_of_a_form_loses_nothing(slack: SlackStage, world: World) -> None:
    player = await slack.play(await world.a_requester())
    await player.say("/parley request 3 desks for IT")
    await player.sees("By when do you need it?")
    await slack.stop_bot()
    await player.say("2027-11-30")
    await slack.start_bot()
    draft = await player.with_button("Submit")
    assert "3 × desks" in draft["text"]
    assert "30 Nov 2027" in draft["text"]


async def test_a_modal_asks_everything_at_once_and_is_reviewed(slack: SlackStage, world: World) -> None:
    requester = await world.a_requester()
    player = await slack.play(requester)
    await player.shortcut("new_request")
    assert (await player.modal())["title"] == "New request"
    await player.press_in("modal", "Add line")
    shown = await player.modal("Line 2")
    assert {"item:1", "item:2", "needed_by", "cost_centre"} <= {each["block_id"] for each in shown["fields"]}
    first = {"item__1": "Laptop", "quantity__1": "3", "price__1": "1,200"}
    wrong = await player.fill(
        **first, item__2="Dock", quantity__2="lots", needed_by="2027-12-01", cost_centre="IT"
    )
    assert "“lots”" in wrong["text"]
    await player.fill(quantity__2="2 boxes")
    review = await player.modal("Review")
    for told in ("3 × Laptop", "1,200.00 USD", "Dock", "1 Dec 2027"):
        assert told in review["html"]
    await player.fill()
    card = await player.with_button("Withdraw…")
    assert "submitted" in card["text"]
    assert (await player.look())["modal"] is None
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [(line.description, str(line.quantity)) for line in found[0].lines] == [
        ("Laptop", "3"),
        ("Dock", "2"),
    ]


async def test_a_request_from_a_message_keeps_it_as_evidence(slack: SlackStage, world: World) -> None:
    requester = await world.a_requester()
    player = await slack.play(requester)
    await player.say("We need new whiteboards <soon>")
    mine = next(
        each for each in await player.chat() if each["from"] == "me" and "whiteboards" in each["text"]
    )
    await player.shortcut("make_request", mine["id"])
    shown = {each["block_id"]: each["value"] for each in (await player.modal("New request"))["fields"]}
    assert shown["item:1"] == "We need new whiteboards <soon>"
    assert "/archives/D" in shown["note"]
    await player.fill(quantity__1="2", needed_by="2027-12-01", cost_centre="IT")
    await player.modal("Review")
    await player.fill()
    await player.with_button("Withdraw…")
    found = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert "/archives/D" in found[0].note


async def test_home_shows_what_is_mine_and_opens_it(slack: SlackStage, world: World) -> None:
    requester = await world.a_requester()
    stranger = await slack.play(requester, linked=False)
    shown = await stranger.home()
    assert "start CODE" in shown["text"]
    await stranger.press_in("home", "Enter a code")
    await stranger.fill(code=await slack.code(requester))
    await stranger.press("Yes, this is me")
    await stranger.sees("Connected")
    await stranger.say("/parley request 2 chairs @80 needed 2027-12-01 for IT")
    await stranger.press("Submit")
    number = (await slack.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items[0].number
    await stranger.home()
    shown = await stranger.waits(
        lambda seen: seen["home"] if number in seen["home"]["text"] else None, number
    )
    await stranger.press_in("home", number)
    assert number in (await stranger.with_button("Withdraw…"))["text"]
