"""Updates on their way to a bot: by webhook in order with the secret header, or by polling.

One rule: an update leaves the queue only when the bot has answered 2xx, or has asked for a later one.
"""

import asyncio
import time
from typing import Any

import aiohttp

from sandbox.faults import Kind
from sandbox.telegram.model import Bot, Waiting
from sandbox.telegram.store import Store

PAUSES = (0.3, 0.6, 1.0, 2.0, 3.0)
PATIENCE = aiohttp.ClientTimeout(total=60)


async def queue(store: Store, bot: Bot, kind: str, chat_id: int, body: dict[str, Any]) -> int:
    """Put an update into the bot's queue; doubled or swapped when that knob is set."""
    number = bot.next_update
    bot.next_update += 1
    waiting = Waiting(update_id=number, kind=kind, chat_id=chat_id, body=body)
    if not bot.allowed or kind in bot.allowed:
        bot.waiting.append(waiting)
        if store.faults.update(Kind.duplicate, store.platform):
            bot.waiting.append(waiting.model_copy())
        if store.faults.update(Kind.reorder, store.platform) and len(bot.waiting) > 1:
            bot.waiting[-1], bot.waiting[-2] = bot.waiting[-2], bot.waiting[-1]
    await store.touch()
    return number


class Deliverer:
    """Posts waiting updates to webhooks, one bot after the other in order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self) -> None:
        """Until cancelled."""
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, asyncio.TaskGroup() as tasks:
            known: set[str] = set()
            while True:
                version = self._store.version
                for token in list(self._store.world.bots):
                    if token not in known:
                        known.add(token)
                        tasks.create_task(self._serve(session, token))
                await self._store.until(5, version)

    async def _serve(self, session: aiohttp.ClientSession, token: str) -> None:
        failures = 0
        while True:
            version = self._store.version
            bot = self._store.world.bots.get(token)
            if bot is None:
                return
            if bot.webhook is None or not bot.waiting:
                await self._store.until(5, version)
                continue
            if await self._post(session, bot, bot.waiting[0]):
                failures = 0
            else:
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1

    async def _post(self, session: aiohttp.ClientSession, bot: Bot, update: Waiting) -> bool:
        """One update; true when the bot took it."""
        hook = bot.webhook
        if hook is None:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update.wire(), headers=headers) as answer:
                await answer.read()
                taken = 200 <= answer.status < 300
                why = "" if taken else f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            taken, why = False, f"Connection failed: {type(error).__name__}"
        if taken:
            if update in bot.waiting:
                bot.waiting.remove(update)
        else:
            hook.last_error, hook.last_error_at = why, int(time.time())
        await self._store.touch()
        return taken
