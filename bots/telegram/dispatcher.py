"""The dispatcher: what every update passes on its way to the routers.

One rule: updates of one person are handled one after the other, in the order in which they came.
"""

from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError

from bots.client.api import ApiClient
from bots.dialog.correlation import new_correlation_id
from bots.dialog.handled_updates import HandledUpdates
from bots.dialog.keyed_lock import KeyedLock
from bots.passed_over import pass_over
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
    """aiogram's dispatcher with a lock per person and a correlation id per update.

    A handled update is skipped, and so is one of a kind that aiogram does not know: it would print it whole.
    """

    locks: KeyedLock
    handled_updates: HandledUpdates

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        if not _is_of_known_kind(update):
            return None
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


def _is_of_known_kind(update: Update) -> bool:
    """An update without its content was passed over, and logged, when it was read."""
    try:
        return bool(update.event_type)
    except UpdateTypeLookupError:
        if update.model_extra:
            pass_over(update.update_id, sorted(str(name)[:40] for name in update.model_extra))
        return False


def _person_id_of(update: Update) -> str:
    event = update.callback_query or update.message or update.my_chat_member
    return str(event.from_user.id) if event is not None and event.from_user else ""
