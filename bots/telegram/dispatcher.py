"""The dispatcher: what every update passes on its way to the door and to the rooms.

One rule: updates of one chat are handled one after the other, in the order in which they came.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.fsm.strategy import FSMStrategy
from aiogram.types import Update

from bots.client.api import ApiClient
from bots.talk.correlation import begin
from bots.telegram.done import DoneUpdates
from bots.telegram.middleware import Guests, People, Spinner, Trouble
from bots.telegram.outbound import Outbound
from bots.telegram.routers import door, rooms
from bots.telegram.storage import DraftStorage


class Lanes:
    """One lane per chat; a lane is forgotten when nobody waits in it."""

    def __init__(self) -> None:
        self._lanes: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lane(self, chat: int) -> AsyncIterator[None]:
        lock, users = self._lanes.get(chat, (asyncio.Lock(), 0))
        self._lanes[chat] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._lanes.pop(chat)
            if users > 1:
                self._lanes[chat] = (lock, users - 1)


class Desk(Dispatcher):
    """aiogram's dispatcher with lanes and a correlation id per update; one that was handled is let go."""

    lanes: Lanes
    done: DoneUpdates

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        async with self.lanes.lane(_chat_of(update)):
            if await self.done.has(update):
                return None
            begin()
            outcome = await super().feed_update(bot, update, **kwargs)
            await self.done.add(update)
            return outcome


def make_dispatcher(client: ApiClient, outbound: Outbound, done: DoneUpdates) -> Desk:
    """The door first, then the rooms."""
    desk = Desk(storage=DraftStorage(client), fsm_strategy=FSMStrategy.USER_IN_TOPIC)
    desk.lanes, desk.done = Lanes(), done
    for observer in (desk.message, desk.callback_query):
        observer.outer_middleware(Spinner())
    desk.error.register(Trouble(client).tell)
    desk.include_router(door.make_router(Guests(client, outbound)))
    desk.include_router(rooms.make_router(People(client, outbound)))
    return desk


def _chat_of(update: Update) -> int:
    event = update.callback_query or update.message
    return event.from_user.id if event is not None and event.from_user else 0
