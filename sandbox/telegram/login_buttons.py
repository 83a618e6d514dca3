"""Login buttons as a client presses them: the address opens with who pressed it, signed with the bot's token.

One rule: the hash is what core.telegram.org/widgets/login-legacy describes, made from exactly the fields that are sent.
"""

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.telegram.model import TelegramBot, TelegramMessage, TelegramPerson


def pressed(item: TelegramMessage, label: str) -> dict[str, Any] | None:
    """The login of the button with this label, if it is one."""
    found = (button for row in item.keyboard for button in row if button["text"] == label)
    login: dict[str, Any] | None = next(found, {}).get("login_url")
    return login


def address(bot: TelegramBot, person: TelegramPerson, login: dict[str, Any], now: int) -> str:
    """Where the browser goes once the person has agreed; what stood in the address stays there."""
    told = {
        "id": str(person.id),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "auth_date": str(now),
    }
    sent = {name: value for name, value in told.items() if value}
    parts = urlsplit(str(login["url"]))
    ours = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([*ours, *sent.items(), ("hash", signed(bot.token, sent))])
    return urlunsplit(parts._replace(query=query))


def signed(token: str, sent: dict[str, str]) -> str:
    """The HMAC-SHA-256 of the sorted fields, with the SHA-256 of the bot's token as its key."""
    line = "\n".join(f"{name}={sent[name]}" for name in sorted(sent))
    return hmac.new(hashlib.sha256(token.encode()).digest(), line.encode(), hashlib.sha256).hexdigest()
