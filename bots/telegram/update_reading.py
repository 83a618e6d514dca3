"""Updates as Telegram sends them, each read by itself, in both modes.

One rule: one that cannot be read takes none of the others with it; a message forwarded from an origin of a kind
that aiogram does not know is such an update, and would be sent again for ever.
"""

import json

from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bots.passed_over import pass_over, unreadable_places

_UNREADABLE = (ValidationError, ValueError, TypeError, ArithmeticError, RecursionError)


def read_updates(bot: Bot, content: str) -> list[Update] | None:
    """What getUpdates answered; None when that is a refusal, or no answer of Telegram's.

    An unreadable update stays in the list without its content, so that the offset moves beyond it.
    """
    try:
        answer = json.loads(content)
        found = [(each["update_id"], each) for each in answer["result"]] if answer["ok"] is True else None
    except (*_UNREADABLE, LookupError):
        return None
    if found is None or not all(isinstance(number, int) for number, _ in found):
        return None
    return [
        read_update(bot, json.dumps(each).encode(), number) or Update(update_id=number)
        for number, each in found
    ]


def read_update(bot: Bot, content: bytes, update_id: int | None = None) -> Update | None:
    """One update, or None when it cannot be read."""
    try:
        return Update.model_validate_json(content, context={"bot": bot})
    except _UNREADABLE as error:
        pass_over(_id_in(content) if update_id is None else update_id, unreadable_places(error))
        return None


def _id_in(content: bytes) -> int | None:
    try:
        found = json.loads(content)["update_id"]
    except (*_UNREADABLE, LookupError):
        return None
    return found if isinstance(found, int) else None
