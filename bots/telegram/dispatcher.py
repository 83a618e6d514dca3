"""The dispatcher: what every update passes on its way to the routers.

One rule: updates of one person are handled one after the other, in the order in which they came.
"""

from typing import Any

from aiogram import Bot, Dispatcher
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


class OrderedDispatcher(Dispatcher):
    """aiogram's dispatcher with a lock per person and a correlation id per update; a handled update is skipped."""

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
    """Groups first, then linking, then everything for linked people.

    aiogram's FSM is off: it would ask its storage before every update, and open forms are read only by the
    handlers that need them (``Context.open_form``).
    """
    dispatcher = OrderedDispatcher(disable_fsm=True)
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
