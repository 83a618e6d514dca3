"""The dispatcher: what every update passes on its way to the routers.

One rule: updates of one person are handled one after the other, in the order in which they came.
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update, User
from aiogram.types.update import UpdateTypeLookupError

from bots.client.api import ApiClient
from bots.dialog.correlation import new_correlation_id
from bots.dialog.handled_updates import HandledUpdates
from bots.dialog.keyed_lock import KeyedLock
from bots.dialog.open_questions import OpenQuestions
from bots.passed_over import pass_over
from bots.telegram.middlewares import (
    CallbackAnswerMiddleware,
    GroupMiddleware,
    PersonMiddleware,
    UnlinkedMiddleware,
    handle_error,
    locale_of_person,
)
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.pending_reply import PendingReply
from bots.telegram.routers import dialog, groups, linking
from bots.update_metrics import handling


class OrderedDispatcher(Dispatcher):
    """aiogram's dispatcher with a lock per person, and a correlation id and a reply per update.

    A handled update is skipped, and so is one of a kind that aiogram does not know: it would print it whole.
    """

    locks: KeyedLock
    handled_updates: HandledUpdates
    client: ApiClient
    outbound: TelegramOutbound

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        if not _is_of_known_kind(update):
            return None
        with handling("telegram"):
            return await self._feed_known(bot, update, **kwargs)

    async def _feed_known(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        user = _user_of(update)
        reply = PendingReply(self.outbound, update, lambda: locale_of_person(self.client, user))
        async with self._turn(str(user.id) if user is not None else "", reply):
            if await self.handled_updates.contains(str(update.update_id)):
                return None
            new_correlation_id()
            outcome = await super().feed_update(bot, update, reply=reply, client=self.client, **kwargs)
            await self.handled_updates.add(str(update.update_id))
            return outcome

    @contextlib.asynccontextmanager
    async def _turn(self, person_id: str, reply: PendingReply) -> AsyncIterator[None]:
        """Whoever presses waits from then on; of what one writes meanwhile only that whose turn it is."""
        async with contextlib.AsyncExitStack() as stack:
            if reply.answers_press:
                await stack.enter_async_context(reply.in_time())
            await stack.enter_async_context(self.locks.hold(person_id))
            if not reply.answers_press:
                await stack.enter_async_context(reply.in_time())
            yield


def make_dispatcher(
    client: ApiClient, outbound: TelegramOutbound, handled_updates: HandledUpdates
) -> OrderedDispatcher:
    """Groups first, then linking, then everything for linked people.

    aiogram's FSM is off: it would ask its storage before every update, and open forms are read only by the
    handlers that need them (``Context.open_form``).
    """
    dispatcher = OrderedDispatcher(disable_fsm=True)
    dispatcher.locks, dispatcher.handled_updates = KeyedLock(), handled_updates
    dispatcher.client, dispatcher.outbound = client, outbound
    dispatcher.callback_query.outer_middleware(CallbackAnswerMiddleware())
    dispatcher.error.register(handle_error)
    known = (client, outbound, OpenQuestions(handled_updates.bot, handled_updates.redis))
    dispatcher.include_router(groups.make_router(GroupMiddleware(*known)))
    dispatcher.include_router(linking.make_router(UnlinkedMiddleware(*known)))
    dispatcher.include_router(dialog.make_router(PersonMiddleware(*known)))
    return dispatcher


def _is_of_known_kind(update: Update) -> bool:
    """An update without its content was passed over, and logged, when it was read."""
    try:
        return bool(update.event_type)
    except UpdateTypeLookupError:
        if update.model_extra:
            pass_over(update.update_id, sorted(str(name)[:40] for name in update.model_extra))
        return False


def _user_of(update: Update) -> User | None:
    event = update.callback_query or update.message or update.edited_message or update.my_chat_member
    return event.from_user if event is not None else None
