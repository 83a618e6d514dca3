"""Telegram's webhook: only with the secret, and one update that cannot be read stops nobody behind it."""

import aiohttp
import pytest

from bots.cards.drawing import CardKind
from bots.telegram.webhook import SECRET_HEADER
from core.access.roles import Role
from sandbox.telegram.updates import queue_update
from tests.bots.telegram_env import SECRET, TelegramEnv
from tests.support.world import World


@pytest.mark.parametrize(
    ("secret", "body", "answer"),
    [
        ("wrong", '{"update_id": 1}', 401),
        ("", '{"update_id": 1}', 401),
        (SECRET, '{"update_id": 1, "message": {"text": "a message without a chat"}}', 200),
        (SECRET, "no JSON at all", 200),
    ],
)
async def test_what_cannot_be_read_is_done_with_and_what_is_not_signed_is_not_read(
    telegram: TelegramEnv, secret: str, body: str, answer: int
) -> None:
    async with (
        aiohttp.ClientSession() as web,
        web.post(telegram.hook_url, data=body, headers={SECRET_HEADER: secret}) as told,
    ):
        assert told.status == answer


async def test_an_update_of_a_kind_that_nobody_knows_stops_nobody_behind_it(
    telegram: TelegramEnv, world: World
) -> None:
    user = await telegram.a_user(await world.a_person(Role.requester))
    (bot,) = telegram.store.world.bots.values()
    await queue_update(telegram.store, bot, "message", user.id, {"text": "a message without a chat"})
    await user.say("/nonsense")
    await user.sees("I don’t know")


async def test_without_redis_an_update_that_comes_again_is_said_once(
    telegram: TelegramEnv, world: World
) -> None:
    user = await telegram.a_user(await world.a_person(Role.requester))
    await user.say("/request laptop for IT")
    await user.sees("How many")
    await telegram.set_fault("duplicate", next=1)
    await user.say("3")
    await user.sees("When do you need")
    await telegram.settled()
    assert len([each for each in await user.chat() if "When do you need" in each["text"]]) == 1


@pytest.mark.usefixtures("forgetful")
async def test_words_that_began_a_form_and_come_again_are_no_answer_to_it(
    telegram: TelegramEnv, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(await world.a_request(), to=[vendor, (await world.a_vendor())[0]])).rfq
    user = await telegram.a_user(contact)
    card = await telegram.card(user, CardKind.vendor_rfq, rfq.id)
    await telegram.set_fault("duplicate", next=1)
    await user.say("1180 10d", reply_to=card)
    first = await user.sees("valid")
    await telegram.settled()
    asked = [each for each in await user.chat() if each["id"] >= first["id"]]
    assert {each["text"] for each in asked} == {first["text"]}
