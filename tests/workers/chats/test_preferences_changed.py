"""A change of language reaches the cards that a person holds already."""

from core.notifications.preferences import ChangePreferences, change_preferences
from tests.workers.delivery.worker_env import WorkerEnv


async def test_cards_are_drawn_again_in_the_new_language_and_edited_in_place(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    await worker_env.world.a_request()
    await worker_env.work()
    (card,) = await worker_env.sandbox.messages(chat)
    assert "submitted" in card["text"]

    change = ChangePreferences(frozenset({"locale"}), locale="de")
    await worker_env.world.act(officer, change_preferences, change)
    await worker_env.work()

    (again,) = await worker_env.sandbox.messages(chat)
    assert again["id"] == card["id"]
    assert "submitted" not in again["text"]
    assert "eingereicht" in again["text"]


async def test_a_snooze_redraws_nothing(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    await worker_env.world.a_request()
    await worker_env.work()
    (card,) = await worker_env.sandbox.messages(chat)
    await worker_env.world.act(
        officer, change_preferences, ChangePreferences(frozenset({"digest_hour"}), digest_hour=7)
    )
    await worker_env.work()
    assert (await worker_env.sandbox.messages(chat))[0]["edits"] == card["edits"]
