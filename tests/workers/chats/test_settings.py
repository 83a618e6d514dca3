"""A change of language reaches the cards that a person holds already."""

from core.notifications.settings import ChangeSettings, change_settings
from tests.workers.delivery.shop import Shop


async def test_cards_are_drawn_again_in_the_new_language_and_edited_in_place(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    await shop.world.a_request()
    await shop.work()
    (card,) = await shop.sees(chat)
    assert "submitted" in card["text"]

    change = ChangeSettings(frozenset({"locale"}), locale="de")
    await shop.world.act(officer, change_settings, change)
    await shop.work()

    (again,) = await shop.sees(chat)
    assert again["id"] == card["id"]
    assert "submitted" not in again["text"]
    assert "eingereicht" in again["text"]


async def test_a_snooze_redraws_nothing(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    await shop.world.a_request()
    await shop.work()
    (card,) = await shop.sees(chat)
    await shop.world.act(officer, change_settings, ChangeSettings(frozenset({"digest_hour"}), digest_hour=7))
    await shop.work()
    assert (await shop.sees(chat))[0]["edits"] == card["edits"]
