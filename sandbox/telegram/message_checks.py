"""The real server's checks of texts, captions and keyboards, in its wording."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram import html_entities
from sandbox.telegram.errors import bad_request
from sandbox.telegram.method_call import TelegramCall
from sandbox.telegram.model import TelegramBot
from sandbox.telegram.render import detect_entities
from sandbox.telegram.world_store import TelegramStore

MAX_TEXT_LENGTH, MAX_CAPTION_LENGTH, MAX_RAW_BYTES = 4096, 1024, 32_768
MAX_COPIED_LENGTH, MAX_PORT = 256, 65_535
MAX_BUTTONS, MAX_ROW_BUTTONS, MAX_CALLBACK_DATA_BYTES = 100, 8, 64


def checked_text(call: TelegramCall, name: str = "text") -> tuple[str, list[dict[str, Any]]]:
    """A message's text and entities, or the refusal."""
    raw = call.text(name)
    if not raw:
        raise bad_request("message text is empty", f"/{name}")
    text, entities = _parse_text(call, raw, name, "entities")
    if not text:
        raise bad_request("text must be non-empty", f"/{name}")
    if len(text) > MAX_TEXT_LENGTH:
        raise bad_request("message is too long", f"/{name}")
    return text, entities


def checked_caption(call: TelegramCall) -> tuple[str | None, list[dict[str, Any]]]:
    raw = call.text("caption")
    if not raw:
        return None, []
    text, entities = _parse_text(call, raw, "caption", "caption_entities")
    if len(text) > MAX_CAPTION_LENGTH:
        raise bad_request("message caption is too long", "/caption")
    return text, entities


def _parse_text(call: TelegramCall, raw: str, name: str, given: str) -> tuple[str, list[dict[str, Any]]]:
    if len(raw.encode()) > MAX_RAW_BYTES:
        raise bad_request("text is too long", f"/{name}")
    mode = call.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode", "/parse_mode")
    text, entities = html_entities.parse(raw) if mode == "html" else (raw, call.json(given) or [])
    text, entities = html_entities.trim(text, entities)
    return text, detect_entities(text, entities)


def checked_keyboard(call: TelegramCall) -> list[list[dict[str, Any]]] | None:
    """The inline keyboard; None when none was given."""
    markup = call.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup", "/reply_markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays', "/reply_markup"
        )
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS or any(len(row) > MAX_ROW_BUTTONS for row in rows):
        raise bad_request("reply markup is too long", "/reply_markup/inline_keyboard")
    return [
        [_checked_button(button, f"/reply_markup/inline_keyboard/{y}/{x}") for x, button in enumerate(row)]
        for y, row in enumerate(rows)
        if row
    ]


_ACTIONS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def _checked_button(button: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object", pointer
        )
    if "text" not in button:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"", pointer)
    if not isinstance(button["text"], str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String', pointer)
    if button.get("style") not in (None, "", "default", "primary", "success", "danger"):
        raise bad_request(
            "can't parse inline keyboard button: invalid button style specified", f"{pointer}/style"
        )
    given = {name for name in _ACTIONS if button.get(name) is not None}
    if not given or (given <= {"url", "callback_data"} and not any(button[name] for name in given)):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", pointer
        )
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty", f"{pointer}/text")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID", f"{pointer}/callback_data")
    _check_links(button, pointer)
    copied = button.get("copy_text")
    if copied is not None and not 1 <= len(str(copied.get("text", ""))) <= MAX_COPIED_LENGTH:
        raise bad_request("BUTTON_COPY_TEXT_INVALID", f"{pointer}/copy_text")
    return button


def _check_links(button: dict[str, Any], pointer: str) -> None:
    """A link leads to a page or into Telegram; a web app by https only."""
    url = button.get("url")
    if url and (wrong := _wrong_link(str(url))):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {wrong}", f"{pointer}/url")
    if button.get("web_app") is None:
        return
    page = str(button["web_app"].get("url", ""))
    wrong = _wrong_link(page) or ("" if page.startswith("https://") else "Only HTTPS links are allowed")
    if wrong:
        raise bad_request(
            f"inline keyboard button Web App URL '{page}' is invalid: {wrong}", f"{pointer}/web_app/url"
        )


def _wrong_link(url: str) -> str:
    """What the real server says of it, as it reads an address: without ``://`` it takes the rest as host and port."""
    scheme, found, rest = url.partition("://")
    if found and scheme.lower() in ("tg", "ton", "tonsite"):
        return ""
    if found and scheme.lower() not in ("http", "https"):
        return "Unsupported URL protocol"
    host, colon, port = (rest if found else url).partition("/")[0].rpartition("@")[2].partition(":")
    if colon and not (port.isdigit() and 0 < int(port) <= MAX_PORT):
        return "Wrong port number specified in the URL"
    return "" if "." in host.strip(".") or host == "localhost" else "Wrong HTTP URL"


def check_login_buttons(bot: TelegramBot, keyboard: list[list[dict[str, Any]]]) -> None:
    """A login button leads by https to the domain that is linked to the bot, as the real server wants it."""
    for y, row in enumerate(keyboard):
        for x, button in enumerate(row):
            if "login_url" in button:
                _check_login(bot, button["login_url"], f"/reply_markup/inline_keyboard/{y}/{x}/login_url")


def _check_login(bot: TelegramBot, login: Any, pointer: str) -> None:
    if not isinstance(login, dict) or not isinstance(login.get("url"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"url\"", pointer)
    if not isinstance(login.get("request_write_access", False), bool):
        raise bad_request(
            'can\'t parse inline keyboard button: Field "request_write_access" must be of type Boolean',
            pointer,
        )
    url, named = login["url"], str(login.get("bot_username") or bot.username).removeprefix("@")
    address = urlsplit(url)
    if address.scheme == "tg":
        raise bad_request("link to a user can't be used in login URL buttons", pointer)
    if not address.hostname:
        raise bad_request(f"inline keyboard button login URL '{url}' is invalid: Wrong HTTP URL", pointer)
    if address.scheme != "https":
        raise bad_request(
            f"inline keyboard button login URL '{url}' is invalid: Only HTTPS links are allowed", pointer
        )
    if named != bot.username:
        raise bad_request(f'bot "{named}" not found', pointer)
    if address.hostname != bot.domain:
        raise bad_request("BOT_DOMAIN_INVALID", pointer)


def check_web_app(store: TelegramStore, call: TelegramCall, keyboard: list[list[dict[str, Any]]]) -> None:
    """A web app can be opened in private chats only."""
    if call.chat_id() in store.world.groups and any(
        "web_app" in button for row in keyboard for button in row
    ):
        raise bad_request("BUTTON_TYPE_INVALID", "/reply_markup/inline_keyboard")
