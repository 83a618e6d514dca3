"""From a chat line to a submitted request, on either platform."""

from api.contract import endpoints as e
from tests.bots.stage import BOTH, Stage, labels
from tests.support.world import World

pytestmark = BOTH


async def test_a_code_links_only_after_both_identities_were_confirmed(stage: Stage, world: World) -> None:
    person = await world.a_requester()
    player = await stage.play(person, linked=False)
    await player.say("/my")
    await player.sees("start CODE")
    await player.say(f"/start {await stage.code(person)}")
    card = await player.with_button("Yes, this is me")
    assert person.name in card["text"]
    assert labels(card) == ["Yes, this is me", "Not me"]
    await player.press("Not me")
    await player.sees("Not connected")
    await player.say(f"/start {await stage.code(person)}")
    await player.press("Yes, this is me")
    assert person.name in (await player.sees("Connected"))["text"]
    await player.say("/whoami")
    assert "requester" in (await player.sees("acts as"))["text"]


async def test_a_request_line_becomes_a_draft_and_a_card_that_is_kept(stage: Stage, world: World) -> None:
    requester = await world.a_requester()
    player = await stage.play(requester)
    await player.say("/request 3x laptop Dell 5440 @1200 needed 2027-12-01 for IT asap")
    draft = await player.with_button("Submit")
    for told in ("3 × laptop Dell 5440", "1,200.00 USD", "1 Dec 2027", "IT", "“asap”"):
        assert told in draft["text"]
    answer = await player.press("Submit")
    assert "REQ-" in answer["text"]
    card = await player.with_button("Withdraw…")
    assert "submitted" in card["text"]
    assert card["id"] == draft["id"]
    assert labels(card) == ["Withdraw…"]
    found = (await stage.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [each.state.value for each in found] == ["submitted"]
    assert await world.events_of(found[0].id) == ["request.created", "request.submitted"]


async def test_submit_pressed_twice_makes_one_request(stage: Stage, world: World) -> None:
    requester = await world.a_requester()
    player = await stage.play(requester)
    await player.say("/request 2 chairs @80 needed 2027-12-01 for IT")
    draft = await player.with_button("Submit")
    await player.press("Submit", draft["id"])
    again = await player.forge(draft["id"], draft["buttons"][0][0]["data"])
    assert "not open any more" in again
    found = (await stage.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert len(found) == 1


async def test_missing_fields_are_asked_one_at_a_time_and_back_goes_back(stage: Stage, world: World) -> None:
    player = await stage.play(await world.a_requester())
    await player.say("/request laptop")
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
    await player.say("/cancel")
    await player.sees("Nothing was sent")


async def test_a_restart_in_the_middle_of_a_form_loses_nothing(stage: Stage, world: World) -> None:
    player = await stage.play(await world.a_requester())
    await player.say("/request 3 desks for IT")
    await player.sees("By when do you need it?")
    await stage.stop_bot()
    await player.say("2027-11-30")
    await stage.start_bot()
    draft = await player.with_button("Submit")
    assert "3 × desks" in draft["text"]
    assert "30 Nov 2027" in draft["text"]


async def test_a_message_that_is_delivered_again_does_not_answer_the_next_question(
    stage: Stage, world: World
) -> None:
    player = await stage.play(await world.a_requester())
    await player.say("/request laptop for IT")
    await player.sees("How many “laptop”?")
    await stage.fault(kind="duplicate", next=1)
    await player.say("3")
    await player.sees("By when do you need it?")
    await player.say("30 Nov 2027")
    draft = await player.with_button("Submit")
    assert "3 × laptop" in draft["text"]
    assert not any("could not read" in message["text"] for message in await player.chat())
