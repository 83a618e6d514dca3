"""From a chat line to a submitted request, on either platform."""

import pytest

from api.contract import endpoints as e
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import World

pytestmark = BOTH


async def test_a_code_links_only_after_both_identities_were_confirmed(bot_env: BotEnv, world: World) -> None:
    person = await world.a_requester()
    user = await bot_env.a_user(person, linked=False)
    await user.say("/my")
    await user.sees("start CODE")
    await user.say(f"/start {await bot_env.code(person)}")
    card = await user.with_button("Yes, this is me")
    assert person.name in card["text"]
    assert labels(card) == ["Yes, this is me", "Not me"]
    await user.press("Not me")
    await user.sees("Not connected")
    await user.say(f"/start {await bot_env.code(person)}")
    await user.press("Yes, this is me")
    assert person.name in (await user.sees("Connected"))["text"]
    await user.say("/whoami")
    assert "requester" in (await user.sees("acts as"))["text"]


async def test_a_request_line_becomes_a_draft_and_a_card_that_is_kept(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.say("/request 3x laptop Dell 5440 @1200 needed 2027-12-01 for IT asap")
    draft = await user.with_button("Submit")
    for told in ("3 × laptop Dell 5440", "1,200.00 USD", "1 Dec 2027", "IT", "“asap”"):
        assert told in draft["text"]
    answer = await user.press("Submit")
    assert "REQ-" in answer["text"]
    card = await user.with_button("Withdraw…")
    assert "submitted" in card["text"]
    assert card["id"] == draft["id"]
    assert labels(card) == ["Correct…", "Withdraw…"]
    found = (await bot_env.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [each.state.value for each in found] == ["submitted"]
    assert await world.events_of(found[0].id) == ["request.created", "request.submitted"]


async def test_submit_pressed_twice_makes_one_request(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.say("/request 2 chairs @80 needed 2027-12-01 for IT")
    draft = await user.with_button("Submit")
    await user.press("Submit", draft["id"])
    again = await user.forge(draft["id"], draft["buttons"][0][0]["data"])
    assert "no longer open" in again
    found = (await bot_env.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert len(found) == 1


async def test_missing_fields_are_asked_one_at_a_time_and_back_goes_back(
    bot_env: BotEnv, world: World
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request laptop")
    await user.sees("How many “laptop” do you need?")
    await user.say("lots")
    await user.sees("I couldn’t read the number “lots”")
    await user.say("3")
    await user.sees("When do you need it?")
    await user.press("Back")
    await user.sees("How many “laptop” do you need?")
    await user.say("4")
    await user.say("12/01/2027")
    await user.sees("could mean 12 Jan 2027 / 1 Dec 2027")
    await user.say("1 Dec 2027")
    draft = await user.with_button("Submit")
    assert "4 × laptop" in draft["text"]
    await user.say("/cancel")
    await user.sees("Nothing was sent")


async def test_a_restart_in_the_middle_of_a_form_loses_nothing(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 3 desks for IT")
    await user.sees("When do you need it?")
    await bot_env.stop_bot()
    await user.say("2027-11-30")
    await bot_env.start_bot()
    draft = await user.with_button("Submit")
    assert "3 × desks" in draft["text"]
    assert "30 Nov 2027" in draft["text"]


@pytest.mark.usefixtures("forgetful")
async def test_a_message_that_is_delivered_again_does_not_answer_the_next_question(
    bot_env: BotEnv, world: World
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request laptop for IT")
    await user.sees("How many “laptop” do you need?")
    await bot_env.set_fault("duplicate", next=1)
    await user.say("3")
    await user.sees("When do you need it?")
    await user.say("30 Nov 2027")
    draft = await user.with_button("Submit")
    assert "3 × laptop" in draft["text"]
    assert not any("couldn’t read" in message["text"] for message in await user.chat())
