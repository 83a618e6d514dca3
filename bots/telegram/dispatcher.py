"""The dispatcher: which rooms there are, in which order they are asked, and what every update passes.

One rule: updates of one chat are handled one after the other, in the order in which they came.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.fsm.strategy import FSMStrategy
from aiogram.types import Update

from bots.client.api import ApiClient
from bots.telegram.correlation import begin
from bots.telegram.done import DoneUpdates
from bots.telegram.middleware import People, Service, Spinner, Trouble
from bots.telegram.outbound import Outbound
from bots.telegram.routers import (
    approvals,
    door,
    forms,
    help,
    lists,
    orders,
    quotes,
    replies,
    requests,
    sourcing,
)
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
    """Commands and buttons first, then replies, then the open form, then words that nothing waits for."""
    desk = Desk(storage=DraftStorage(client), fsm_strategy=FSMStrategy.USER_IN_TOPIC)
    desk.lanes, desk.done = Lanes(), done
    for observer in (desk.message, desk.callback_query):
        observer.outer_middleware(Spinner())
    desk.error.register(Trouble(client).tell)
    desk.include_router(_door(client, outbound))
    desk.include_router(_rooms(client, outbound))
    return desk


def _door(client: ApiClient, outbound: Outbound) -> Router:
    room = door.make_router()
    service = Service(client, outbound)
    room.message.outer_middleware(service)
    room.callback_query.outer_middleware(service)
    return room


def _rooms(client: ApiClient, outbound: Outbound) -> Router:
    """Everything for linked people, in private chats only: prices are not for groups."""
    rooms = Router(name="rooms")
    rooms.message.filter(F.chat.type == "private")
    people = People(client, outbound)
    rooms.message.outer_middleware(people)
    rooms.callback_query.outer_middleware(people)
    for module in (lists, requests, sourcing, quotes, approvals, orders, forms, replies, help):
        rooms.include_router(module.make_router())
    return rooms


def _chat_of(update: Update) -> int:
    event = update.callback_query or update.message
    return event.from_user.id if event is not None and event.from_user else 0
