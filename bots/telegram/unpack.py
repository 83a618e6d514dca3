"""What Telegram sent, as the types of ``bots.dialog``: origin, key, account, message, press.

One rule: nothing of aiogram goes further than this.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from aiogram import Bot
from aiogram.dispatcher.middlewares.user_context import EventContext
from aiogram.enums import ChatType, ContentType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Chat, InlineKeyboardMarkup, Message, TelegramObject, Update, User

from api.contract.groups import GroupKind
from bots.cards.clean import clean
from bots.cards.press import Op, Press, unpack
from bots.dialog.message import IncomingMessage, RepliedMessage
from bots.dialog.origin import GroupOrigin, Origin
from bots.telegram.files import TelegramFile

UNREAD_KINDS = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.POLL,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""What people send besides words, photos and documents; all other kinds are Telegram's own notes about the chat."""
GROUP_CHAT_TYPES = (ChatType.GROUP, ChatType.SUPERGROUP)


class PressFilter(Filter):
    """Lets through presses of these operations, and hands the claim to the handler."""

    def __init__(self, ops: Iterable[Op]) -> None:
        self._ops = frozenset(ops)

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Press]:
        press = unpack(query.data)
        return {"press": press} if press is not None and press.op in self._ops else False


def incoming_message(message: Message, bot: Bot) -> IncomingMessage:
    """Text or a command, with what it replies to, the file above it, and who chose the words."""
    file = message.document or (message.photo[-1] if message.photo else None)
    parsed = IncomingMessage.parse(
        message.text or message.caption or "",
        reply=_replied_message(message.reply_to_message) if message.reply_to_message is not None else None,
        files=(TelegramFile(bot, file),) if file is not None else (),
    )
    return replace(
        parsed,
        originally_sent_at=message.date if message.edit_date is not None else None,
        is_others=message.forward_origin is not None or message.via_bot is not None,
        has_unread=file is None and message.content_type in UNREAD_KINDS,
        is_of_album=message.media_group_id is not None,
    )


def _replied_message(message: Message) -> RepliedMessage:
    markup = message.reply_markup
    rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
    presses = (unpack(button.callback_data) for row in rows for button in row)
    return RepliedMessage(
        message.text or message.caption or "", tuple(press for press in presses if press is not None)
    )


def origin(event: TelegramObject, data: dict[str, Any]) -> Origin | None:
    """Chat, topic and message by id only; an old button's message cannot be read any more.

    Of what happened in a group the answer goes to the private chat, whose id is the person's.
    """
    context: EventContext | None = data.get("event_context")
    message = event.message if isinstance(event, CallbackQuery) else event
    user: User | None = data.get("event_from_user")
    if context is None or context.chat is None or user is None:
        return None
    message_id, external_id = str(getattr(message, "message_id", "")), str(user.id)
    group = group_of(context.chat)
    if group is not None:
        return Origin("telegram", external_id, "", external_id, message_id, group)
    return Origin("telegram", str(context.chat.id), str(context.thread_id or ""), external_id, message_id)


def group_of(chat: Chat) -> GroupOrigin | None:
    """The group, with or without topics; nothing for a private chat."""
    if chat.type not in GROUP_CHAT_TYPES:
        return None
    kind = GroupKind.forum if chat.is_forum else GroupKind.group
    return GroupOrigin(str(chat.id), clean(chat.title or "").strip()[:300] or str(chat.id), kind)


def update_key(event: TelegramObject, data: dict[str, Any], key_prefix: str) -> str:
    """The same for an update that is delivered again; a press is known by its own id."""
    update = data.get("event_update")
    if isinstance(event, CallbackQuery):
        return f"{key_prefix}:{event.id}"
    return f"{key_prefix}:{update.update_id if isinstance(update, Update) else 0}"


def account_name(user: User) -> str:
    """The account as its owner named it, cleaned; the id when nothing is left."""
    return clean(user.full_name).strip()[:200] or str(user.id)
