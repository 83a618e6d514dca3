"""Calls of the Bot API and what the real server answers to them, in its exact words.

One rule: the table knows the public protocol only, so that it can be put to any server. ``$names`` stand for what
the server's side prepares: ``$me`` a person who has spoken to the bot, ``$never`` one who has not, ``$blocked``,
``$gone`` a deleted account, ``$group`` ``$forum`` where the bot is a member, ``$elsewhere`` ``$faraway`` a group and
a forum where it is not, ``$topic``; in the chat with ``$me``: ``$theirs`` what the person wrote, ``$mine`` the bot's
"Hello", ``$card`` the bot's "Pick" with a button, ``$paper`` the bot's document; ``$file`` and ``$press``;
``$login`` an address of the bot's domain.
"""

from dataclasses import dataclass, field
from typing import Any

BAD = "Bad Request: "
ENTITIES = f"{BAD}can't parse entities: "
BUTTON = f"{BAD}can't parse inline keyboard button: "
NOT_MODIFIED = (
    f"{BAD}message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = f"{BAD}query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True)
class TelegramCase:
    """One call; ``gives`` is what must be found in the result of an accepted one."""

    about: str
    method: str
    payload: dict[str, Any]
    code: int = 200
    description: str = ""
    expected: Any = None
    files: dict[str, bytes] = field(default_factory=dict)


def accepted(
    about: str, method: str, payload: dict[str, Any], expected: Any = True, **more: Any
) -> TelegramCase:
    return TelegramCase(about, method, payload, expected=expected, **more)


def refused(
    about: str, method: str, payload: dict[str, Any], description: str, code: int = 400, **more: Any
) -> TelegramCase:
    return TelegramCase(about, method, payload, code, description, **more)


def text_message(text: Any, chat: Any = "$me", **more: Any) -> dict[str, Any]:
    return {"chat_id": chat, "text": text, **more}


def html_message(text: str) -> dict[str, Any]:
    return text_message(text, parse_mode="HTML")


def keyboard_message(*rows: Any, chat: Any = "$me") -> dict[str, Any]:
    return text_message("Pick", chat, reply_markup={"inline_keyboard": list(rows)})


def button_message(**button: Any) -> dict[str, Any]:
    return keyboard_message([button])


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def button_grid(buttons: int, a_row: int) -> dict[str, Any]:
    made = [{"text": f"{n}", "callback_data": f"{n}"} for n in range(buttons)]
    return keyboard_message(*[made[start : start + a_row] for start in range(0, buttons, a_row)])


KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
OTHER_KEYBOARD = {"inline_keyboard": [[{"text": "No", "callback_data": "no"}]]}
