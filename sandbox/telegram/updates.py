"""Delivers updates to bots: by webhook, in order and with the secret header, or by polling.

One rule: an update leaves the queue only when the bot has answered 2xx, or has asked for a later one.
"""

import asyncio
import time
from typing import Any

import aiohttp

from sandbox.faults import FaultKind
from sandbox.telegram.model import PendingUpdate, TelegramBot
from sandbox.telegram.world_store import TelegramStore

RETRY_DELAYS_SECONDS = (0.3, 0.6, 1.0, 2.0, 3.0)
WEBHOOK_TIMEOUT = aiohttp.ClientTimeout(total=60)


async def queue_update(
    store: TelegramStore, bot: TelegramBot, kind: str, chat_id: int, body: dict[str, Any]
) -> int:
    """Add an update to the bot's queue; doubled or swapped when such a fault is set."""
    number = bot.next_update
    bot.next_update += 1
    update = PendingUpdate(update_id=number, kind=kind, chat_id=chat_id, body=body)
    if not bot.allowed or kind in bot.allowed:
        bot.waiting.append(update)
        store.log_call({"method": f"→ {kind}", "args": update.as_update(), "delivered": True})
        if store.faults.applies_to_update(FaultKind.duplicate, store.platform):
            bot.waiting.append(update.model_copy())
        if store.faults.applies_to_update(FaultKind.reorder, store.platform) and len(bot.waiting) > 1:
            bot.waiting[-1], bot.waiting[-2] = bot.waiting[-2], bot.waiting[-1]
    await store.touch()
    return number


class TelegramDelivery:
    """Posts waiting updates to webhooks, in order for each bot."""

    def __init__(self, store: TelegramStore) -> None:
        self._store = store

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession(timeout=WEBHOOK_TIMEOUT) as session, asyncio.TaskGroup() as tasks:
            known: set[str] = set()
            while True:
                version = self._store.version
                for token in list(self._store.world.bots):
                    if token not in known:
                        known.add(token)
                        tasks.create_task(self._deliver_to_bot(session, token))
                await self._store.wait_for_change(5, version)

    async def _deliver_to_bot(self, session: aiohttp.ClientSession, token: str) -> None:
        failures = 0
        while True:
            version = self._store.version
            bot = self._store.world.bots.get(token)
            if bot is None:
                return
            if bot.webhook is None or not bot.waiting:
                await self._store.wait_for_change(5, version)
                continue
            if await self._post(session, bot, bot.waiting[0]):
                failures = 0
            else:
                await asyncio.sleep(RETRY_DELAYS_SECONDS[min(failures, len(RETRY_DELAYS_SECONDS) - 1)])
                failures += 1

    async def _post(self, session: aiohttp.ClientSession, bot: TelegramBot, update: PendingUpdate) -> bool:
        """Post one update; true when the bot accepted it."""
        hook = bot.webhook
        if hook is None:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update.as_update(), headers=headers) as answer:
                await answer.read()
                accepted = 200 <= answer.status < 300
                error_message = "" if accepted else f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            accepted, error_message = False, f"Connection failed: {type(error).__name__}"
        if accepted:
            if update in bot.waiting:
                bot.waiting.remove(update)
        else:
            hook.last_error, hook.last_error_at = error_message, int(time.time())
        await self._store.touch()
        return accepted
