"""The dispatcher: what every update passes on its way to the door and to the rooms.

One rule: updates of one chat are handled one after the other, in the order in which they came.
"""

from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.fsm.strategy import FSMStrategy
from aiogram.types import Update

from bots.client.api import ApiClient
from bots.dialog.correlation import new_correlation_id
from bots.dialog.handled_updates import HandledUpdates
from bots.dialog.keyed_lock import KeyedLock
from bots.telegram.middlewares import (
    CallbackAnswerMiddleware,
    ErrorHandler,
    GroupMiddleware,
    PersonMiddleware,
    UnlinkedMiddleware,
)
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.routers import dialog, groups, linking
from bots.telegram.storage import DraftStorage


class OrderedDispatcher(Dispatcher):
    """aiogram's dispatcher with lanes and a correlation id per update; one that was handled is let go."""

    locks: KeyedLock
    handled_updates: HandledUpdates

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        async with self.locks.hold(_person_id_of(update)):
            if await self.handled_updates.contains(str(update.update_id)):
                return None
            new_correlation_id()
            outcome = await super().feed_update(bot, update, **kwargs)
            await self.handled_updates.add(str(update.update_id))
            return outcome


def make_dispatcher(
    client: ApiClient, outbound: TelegramOutbound, handled_updates: HandledUpdates
) -> OrderedDispatcher:
    """What comes from groups ends there; then the linking, then the rooms."""
    dispatcher = OrderedDispatcher(storage=DraftStorage(client), fsm_strategy=FSMStrategy.USER_IN_TOPIC)
    dispatcher.locks, dispatcher.handled_updates = KeyedLock(), handled_updates
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(CallbackAnswerMiddleware())
    dispatcher.error.register(ErrorHandler(client, outbound.bot).handle)
    dispatcher.include_router(groups.make_router(GroupMiddleware(client, outbound)))
    dispatcher.include_router(linking.make_router(UnlinkedMiddleware(client, outbound)))
    dispatcher.include_router(dialog.make_router(PersonMiddleware(client, outbound)))
    return dispatcher


def _person_id_of(update: Update) -> str:
    event = update.callback_query or update.message or update.my_chat_member
    return str(event.from_user.id) if event is not None and event.from_user else ""
