"""The environment of a test of the Telegram bot."""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import SecretStr

from bots.telegram.app import run
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.settings import TelegramSettings
from core.people.model import Person
from sandbox.telegram.updates import queue_update
from sandbox.telegram.world_store import TelegramStore
from tests.bots.bot_env import BotEnv, ChatUser, ids
from tests.support.api import BOT_KEY
from tests.support.sandbox_client import Json

TOKEN = "7700:stage-token-of-the-tests"
SECRET = "a-secret-of-the-tests-0123456789"


@dataclass
class TelegramEnv(BotEnv):
    """Webhook mode, as in production."""

    platform: ClassVar[str] = "telegram"

    @staticmethod
    def sending(sandbox_url: str) -> TelegramOutbound:
        return TelegramOutbound(TOKEN, sandbox_url)

    @property
    def hook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/telegram/webhook"

    @property
    def store(self) -> TelegramStore:
        return self.parts.telegram

    async def register(self) -> None:
        body = {"token": TOKEN, "username": "parley_bot", "name": "Parley"}
        await self.sandbox.set_telegram_bot(body)

    def chat_user(self, person: Person) -> tuple[ChatUser, Json]:
        return ChatUser(self, next(ids), person), {}

    def chat_of(self, user: ChatUser) -> str:
        return str(user.id)

    def seen_as(self, message_id: str) -> int:
        return int(message_id)

    @property
    def pending_updates(self) -> int:
        return sum(len(bot.waiting) for bot in self.store.world.bots.values())

    def running(self, stop: asyncio.Event, **more: Any) -> "asyncio.Task[None]":
        settings = TelegramSettings.model_construct(**{**self.settings(), **more})
        return asyncio.ensure_future(run(settings, stop))

    async def update(self, user: ChatUser, kind: str = "message", **content: Any) -> int:
        """Telegram brings a message of this person with whatever is in it; the update's number."""
        (bot,) = self.store.world.bots.values()
        message = {
            "message_id": self.store.next_message_id(),
            "date": int(self.parts.memory.now()),
            "chat": {"id": user.id, "type": "private", "first_name": "Ada"},
            "from": {"id": user.id, "is_bot": False, "first_name": "Ada"},
        }
        return await queue_update(self.store, bot, kind, int(user.id), {**message, **content})

    def settings(self) -> dict[str, Any]:
        return {
            "api_url": self.api_url,
            "bot_key": SecretStr(BOT_KEY),
            "token": SecretStr(TOKEN),
            "api_base": self.sandbox.url,
            "mode": "webhook",
            "webhook_url": self.hook_url,
            "webhook_host": "127.0.0.1",
            "webhook_port": self.port,
            "webhook_secret": SecretStr(SECRET),
        }
