"""How somebody wants to be spoken to, by buttons and by words."""

from api.contract import endpoints as e
from core.access.roles import Role
from tests.bots.stage import Stage, labels
from tests.support.world import World


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
    set_ = await stage.api.as_(person).call(e.my_settings)
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
    set_ = await stage.api.as_(person).call(e.my_settings)
    assert (set_.locale, set_.quiet) == ("de", None)


async def test_a_language_that_there_is_not_is_asked_for(stage: Stage, world: World) -> None:
    player = await stage.play(await world.a_person(Role.requester))
    await player.say("/language klingon")
    asked = await player.sees("Which language")
    assert {"English", "Deutsch", "español"} <= set(labels(asked))
