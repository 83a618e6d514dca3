"""How somebody wants to be spoken to, by buttons and by words."""

from api.contract import endpoints as e
from core.access.roles import Role
from core.people import service as people
from core.people.commands import AddPerson
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.bots.slack_env import SlackEnv
from tests.support.world import ADMINISTRATOR, World


async def test_language_hours_and_quiet_are_set_by_buttons_and_words(bot_env: BotEnv, world: World) -> None:
    person = await world.a_person(Role.requester)
    user = await bot_env.a_user(person)
    await user.say("/settings")
    menu = await user.sees("Your settings")
    assert labels(menu) == ["Language…", "Daily summary…", "Quiet hours…", "Cancel"]
    await user.press("Daily summary…")
    await user.press("17:00")
    await user.sees("Your settings were saved.")
    await user.say("/settings")
    await user.press("Quiet hours…")
    await user.say("21:30-6")
    await user.say("/settings")
    await user.sees("Quiet hours: 21:30–06:00")
    set_ = await bot_env.api.as_(person).call(e.my_preferences)
    assert set_.digest_hour == 17
    assert set_.quiet is not None
    assert (str(set_.quiet.begins), str(set_.quiet.ends)) == ("21:30:00", "06:00:00")
    await user.press("Quiet hours…")
    answer = await user.press("off")
    assert answer["text"].startswith("Your settings were saved.")
    await user.say("/language deutsch")
    await user.sees("Einstellungen wurden gespeichert.")
    await user.say("/my")
    await user.sees("Sie haben hier keine")
    set_ = await bot_env.api.as_(person).call(e.my_preferences)
    assert (set_.locale, set_.quiet) == ("de", None)


@BOTH
async def test_a_language_that_there_is_not_is_asked_for(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_person(Role.requester))
    await user.say("/language klingon")
    asked = await user.sees("Which language")
    assert {"English", "Deutsch", "español"} <= set(labels(asked))


async def test_a_modal_asks_all_at_once(slack: SlackEnv, world: World) -> None:
    person = await world.a_person(Role.requester)
    user = await slack.a_user(person)
    await user.say("/parley settings")
    await user.modal("Language")
    wrong = await user.fill(digest="17:00", begins="21:30")
    assert "need a start and an end" in wrong["text"]
    await user.fill(ends="06:00")
    await user.sees("Your settings were saved.")
    set_ = await slack.api.as_(person).call(e.my_preferences)
    assert (set_.locale, set_.digest_hour) == (person.locale, 17)
    assert set_.quiet is not None
    assert (str(set_.quiet.begins), str(set_.quiet.ends)) == ("21:30:00", "06:00:00")
    await user.home()
    await user.press_in("home", "Settings…")
    await user.modal("Language")
    await user.fill(language="Deutsch", begins="", ends="")
    await user.sees("Einstellungen wurden gespeichert.")
    set_ = await slack.api.as_(person).call(e.my_preferences)
    assert (set_.locale, set_.digest_hour, set_.quiet) == ("de", 17, None)


async def test_somebody_not_linked_is_spoken_to_as_slack_says(slack: SlackEnv, world: World) -> None:
    """Their profile names no language; Slack's does, and from the link on they are answered in it."""
    command = AddPerson("Lena Speaker", "lena@example.com", (Role.requester,), "", "UTC", None, None)
    person = await world.act(ADMINISTRATOR, people.add_person, command)
    user = await slack.a_user(person, linked=False, language="de-AT")
    answer = await user.say("/parley my")
    assert "Das ist Parley" in answer["text"]
    await user.say(f"/parley start {await slack.code(person)}")
    await user.press("Ja, das bin ich")
    await user.sees("Verbunden")
    assert (await slack.api.as_(person).call(e.me)).locale == "de_AT"
    other = await slack.a_user(await world.a_person(Role.requester), linked=False, language="de-AT")
    await other.say(f"/parley start {await slack.code(other.person)}")
    await other.press("Ja, das bin ich")
    await other.sees("Connected")


@BOTH
async def test_a_pause_that_there_is_not_is_refused(bot_env: BotEnv, world: World) -> None:
    person = await world.a_person(Role.requester)
    user = await bot_env.a_user(person)
    await user.say("/snooze forever")
    await user.sees("“forever”")
    assert (await bot_env.api.as_(person).call(e.my_preferences)).snoozed_until is None
    await user.say("/snooze hour")
    await user.sees("until")
    assert (await bot_env.api.as_(person).call(e.my_preferences)).snoozed_until is not None
