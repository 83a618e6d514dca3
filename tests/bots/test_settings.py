"""How somebody wants to be spoken to, by buttons and by words."""

from api.contract import endpoints as e
from core.access.roles import Role
from core.people import service as people
from core.people.commands import AddPerson
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import BOTH, Stage, labels
from tests.support.world import ADMINISTRATOR, World


async def test_language_hours_and_quiet_are_set_by_buttons_and_words(stage: Stage, world: World) -> None:
    person = await world.a_person(Role.requester)
    player = await stage.play(person)
    await player.say("/settings")
    menu = await player.sees("Your settings")
    assert labels(menu) == ["Language…", "Daily summary…", "Quiet hours…", "Cancel"]
    await player.press("Daily summary…")
    await player.press("17:00")
    await player.sees("Saved.")
    await player.say("/settings")
    await player.press("Quiet hours…")
    await player.say("21:30-6")
    await player.say("/settings")
    await player.sees("Quiet hours: 21:30–06:00")
    set_ = await stage.api.as_(person).call(e.my_preferences)
    assert set_.digest_hour == 17
    assert set_.quiet is not None
    assert (str(set_.quiet.begins), str(set_.quiet.ends)) == ("21:30:00", "06:00:00")
    await player.press("Quiet hours…")
    answer = await player.press("off")
    assert answer["text"].startswith("Saved.")
    await player.say("/language deutsch")
    await player.sees("Gespeichert.")
    await player.say("/my")
    await player.sees("Sie haben hier keine")
    set_ = await stage.api.as_(person).call(e.my_preferences)
    assert (set_.locale, set_.quiet) == ("de", None)


@BOTH
async def test_a_language_that_there_is_not_is_asked_for(stage: Stage, world: World) -> None:
    player = await stage.play(await world.a_person(Role.requester))
    await player.say("/language klingon")
    asked = await player.sees("Which language")
    assert {"English", "Deutsch", "español"} <= set(labels(asked))


async def test_a_modal_asks_all_at_once(slack: SlackStage, world: World) -> None:
    person = await world.a_person(Role.requester)
    player = await slack.play(person)
    await player.say("/parley settings")
    await player.modal("Language")
    wrong = await player.fill(digest="17:00", begins="21:30")
    assert "beginning and an end" in wrong["text"]
    await player.fill(ends="06:00")
    await player.sees("Saved.")
    set_ = await slack.api.as_(person).call(e.my_preferences)
    assert (set_.locale, set_.digest_hour) == (person.locale, 17)
    assert set_.quiet is not None
    assert (str(set_.quiet.begins), str(set_.quiet.ends)) == ("21:30:00", "06:00:00")
    await player.home()
    await player.press_in("home", "Settings…")
    await player.modal("Language")
    await player.fill(language="Deutsch", begins="", ends="")
    await player.sees("Gespeichert.")
    set_ = await slack.api.as_(person).call(e.my_preferences)
    assert (set_.locale, set_.digest_hour, set_.quiet) == ("de", 17, None)


async def test_somebody_not_linked_is_spoken_to_as_slack_says(slack: SlackStage, world: World) -> None:
    """Their profile names no language; Slack's does, and from the link on they are answered in it."""
    command = AddPerson("Lena Speaker", "lena@example.com", (Role.requester,), "", "UTC", None, None)
    person = await world.act(ADMINISTRATOR, people.add_person, command)
    player = await slack.play(person, linked=False, language="de-AT")
    answer = await player.say("/parley my")
    assert "Das ist Parley" in answer["text"]
    await player.say(f"/parley start {await slack.code(person)}")
    await player.press("Ja, das bin ich")
    await player.sees("Verbunden")
    assert (await slack.api.as_(person).call(e.me)).locale == "de_AT"
    other = await slack.play(await world.a_person(Role.requester), linked=False, language="de-AT")
    await other.say(f"/parley start {await slack.code(other.person)}")
    await other.press("Ja, das bin ich")
    await other.sees("Connected")
