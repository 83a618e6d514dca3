"""The dispatcher: what every update passes on its way to the door and to the rooms.

One rule: updates of one chat are handled one after the other, in the order in which they came.
"""

from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.fsm.strategy import FSMStrategy
from aiogram.types import Update

from bots.client.api import ApiClient
from bots.talk.correlation import begin
from bots.talk.done import Done
from bots.talk.lanes import Lanes
from bots.telegram.middleware import Guests, People, Spinner, Trouble, Visitors
from bots.telegram.outbound import Outbound
from bots.telegram.routers import door, groups, rooms
from bots.telegram.storage import DraftStorage


class Desk(Dispatcher):
    """aiogram's dispatcher with lanes and a correlation id per update; one that was handled is let go."""

    lanes: Lanes
    done: Done

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        async with self.lanes.lane(_chat_of(update)):
            if await self.done.has(str(update.update_id)):
                return None
            begin()
            outcome = await super().feed_update(bot, update, **kwargs)
            await self.done.add(str(update.update_id))
            return outcome


def make_dispatcher(client: ApiClient, outbound: Outbound, done: Done) -> Desk:
    """What comes from groups ends there; then the door, then the rooms."""
    desk = Desk(storage=DraftStorage(client), fsm_strategy=FSMStrategy.USER_IN_TOPIC)
    desk.lanes, desk.done = Lanes(), done
    for observer in (desk.message, desk.callback_query):
        observer.outer_middleware(Spinner())
    desk.error.register(Trouble(client, outbound.bot).tell)
    desk.include_router(groups.make_router(Visitors(client, outbound)))
    desk.include_router(door.make_router(Guests(client, outbound)))
    desk.include_router(rooms.make_router(People(client, outbound)))
    return desk


def _chat_of(update: Update) -> str:
    event = update.callback_query or update.message or update.my_chat_member
    return str(event.from_user.id) if event is not None and event.from_user else ""
