"""Calling the Bot API costs no class and no model that nobody needs."""

import asyncio
import gc
import json
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramRetryAfter, TelegramServerError
from aiogram.methods import DeleteWebhook, EditMessageText, GetUpdates, Response, SendMessage
from aiogram.types import Message, Update

from bots.cards.card import Card
from bots.cards.sending import RetryLater
from bots.telegram.outbound import SAME_EDIT_SECONDS, TelegramOutbound
from tests.bots.telegram_env import TOKEN

ROOT = Path(__file__).parents[2]
SENT = {"ok": True, "result": {"message_id": 41, "date": 1, "chat": {"id": 1, "type": "private"}}}
BUILT = """
from pydantic import BaseModel
import {module}

def models(parent):
    for model in parent.__subclasses__():
        yield model
        yield from models(model)

built = (model for model in models(BaseModel) if model.__pydantic_complete__)
print(*(model.__name__ for model in built if model.__module__.startswith("aiogram.types.")))
"""


@pytest.fixture
def telegram() -> TelegramOutbound:
    return TelegramOutbound(TOKEN, "http://127.0.0.1:9")


@pytest.mark.parametrize("module", ["bots.telegram.app", "bots.telegram.outbound"])
def test_importing_the_bot_builds_none_of_aiograms_types(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILT.format(module=module)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_an_update_is_built_with_everything_in_it_when_it_is_needed() -> None:
    message = {**SENT["result"], "reply_to_message": SENT["result"], "entities": []}  # type: ignore[dict-item]
    update = Update.model_validate({"update_id": 7, "message": message})
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == 41


def test_the_class_that_reads_an_answer_is_made_once(telegram: TelegramOutbound) -> None:
    """Nobody else holds it; a second one, made for the next call, would take a tenth of a second."""
    for _ in range(2):
        session, method = telegram.bot.session, DeleteWebhook()
        assert (
            session.check_response(telegram.bot, method, 200, '{"ok": true, "result": true}').result is True
        )
    used = weakref.ref(Response[bool])
    gc.collect()
    assert used() is not None


@pytest.mark.parametrize("method", [SendMessage(chat_id=1, text="x"), EditMessageText(text="x")])
def test_of_a_sent_message_only_the_id_is_known(
    telegram: TelegramOutbound, method: SendMessage | EditMessageText
) -> None:
    before = set(map(id, Response.__subclasses__()))
    check: Callable[..., Response[Message]] = telegram.bot.session.check_response
    sent = check(telegram.bot, method, 200, json.dumps(SENT)).result
    assert sent is not None
    assert sent.message_id == 41
    with pytest.raises(AttributeError):
        sent.chat  # noqa: B018
    assert set(map(id, Response.__subclasses__())) == before


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (
            400,
            {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
            TelegramBadRequest,
        ),
        (429, {"ok": False, "description": "wait", "parameters": {"retry_after": 3}}, TelegramRetryAfter),
        (200, {"ok": True, "result": {"nothing": "of Telegram's"}}, ClientDecodeError),
        (200, ["no answer"], ClientDecodeError),
    ],
)
def test_a_refusal_is_aiograms_error(
    telegram: TelegramOutbound, status: int, answer: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        telegram.bot.session.check_response(
            telegram.bot, SendMessage(chat_id=1, text="x"), status, json.dumps(answer)
        )


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_in_place_of_an_answer_is_the_platform_being_away(
    telegram: TelegramOutbound, status: int
) -> None:
    with pytest.raises(TelegramServerError):
        telegram.bot.session.check_response(
            telegram.bot, GetUpdates(), status, "<html><h1>502 Bad Gateway</h1></html>"
        )


async def test_two_presses_at_once_lead_to_one_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    telegram = TelegramOutbound(TOKEN, "http://127.0.0.1:9", rate_limited=False, clock=lambda: now)
    sent: list[str] = []

    async def edit(text: str, **_: object) -> bool:
        sent.append(text)
        await asyncio.sleep(0)
        return True

    monkeypatch.setattr(telegram.bot, "edit_message_text", edit)
    await asyncio.gather(*(telegram.edit("1", "41", Card("Approved")) for _ in range(2)))
    assert len(sent) == 1
    await telegram.edit("1", "42", Card("Approved"))
    await telegram.edit("1", "41", Card("Ordered"))
    await telegram.edit("1", "41", Card("Approved"))
    assert len(sent) == 4, "another message, and another card, are edits of their own"
    now += SAME_EDIT_SECONDS
    await telegram.edit("1", "41", Card("Approved"))
    assert len(sent) == 5, "somebody else may have changed it by then"


async def test_an_edit_that_failed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = TelegramOutbound(TOKEN, "http://127.0.0.1:9", rate_limited=False)
    refusals = [TelegramServerError(EditMessageText(text="x"), "away")]

    async def edit(text: str, **_: object) -> bool:
        if refusals:
            raise refusals.pop()
        return True

    monkeypatch.setattr(telegram.bot, "edit_message_text", edit)
    with pytest.raises(RetryLater):
        await telegram.edit("1", "41", Card("Approved"))
    await telegram.edit("1", "41", Card("Approved"))
    assert refusals == []
