"""A code that cannot be used says so, in the reader's language, and where a new one comes from."""

import pytest

from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World

UNKNOWN = {
    "en": "I don’t recognise this code",
    "de": "Diesen Code kenne ich nicht",
    "es": "No reconozco este código",
    "ru": "Я не узнаю этот код",
    "ar": "لا أعرف هذا الرمز",
}


@BOTH
@pytest.mark.parametrize("typed", ["inv_AbCdEfGhIjKlMnOpQrStUv", "AbC", "AbCdEfGhIjKl MnOpQrStUv"])
async def test_a_mistyped_or_cut_off_code_is_not_taken_for_no_code(
    bot_env: BotEnv, world: World, typed: str
) -> None:
    stranger = await bot_env.a_user(await world.a_requester(), linked=False)
    await stranger.say(f"/start {typed}")
    told = (await stranger.sees(UNKNOWN["en"]))["text"]
    assert "your contact at the buyer for a new one" in told


@pytest.mark.parametrize("language", UNKNOWN)
async def test_it_is_said_in_the_language_of_the_account(
    bot_env: BotEnv, world: World, language: str
) -> None:
    stranger = await bot_env.a_user(await world.a_requester(), linked=False, language=language)
    await stranger.say("/start AbCdEfGhIjKlMnOpQrStUv")
    assert UNKNOWN[language] in (await stranger.sees("/start"))["text"]
