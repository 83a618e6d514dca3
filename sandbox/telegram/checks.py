"""What the real server checks of texts, captions and keyboards, in its words."""

from typing import Any

from sandbox.telegram import html
from sandbox.telegram.call import Call
from sandbox.telegram.render import detected
from sandbox.telegram.store import Store
from sandbox.telegram.words import bad

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_RAW = 4096, 1024, 32_768
MOST_BUTTONS, MOST_IN_ROW, LONGEST_DATA = 100, 8, 64


def text_of(call: Call, name: str = "text") -> tuple[str, list[dict[str, Any]]]:
    """A message's text and entities, or the refusal."""
    raw = call.text(name)
    if not raw:
        raise bad("message text is empty", f"/{name}")
    text, entities = _parsed(call, raw, name, "entities")
    if not text:
        raise bad("text must be non-empty", f"/{name}")
    if len(text) > LONGEST_TEXT:
        raise bad("message is too long", f"/{name}")
    return text, entities


def caption_of(call: Call) -> tuple[str | None, list[dict[str, Any]]]:
    raw = call.text("caption")
    if not raw:
        return None, []
    text, entities = _parsed(call, raw, "caption", "caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise bad("message caption is too long", "/caption")
    return text, entities


def _parsed(call: Call, raw: str, name: str, given: str) -> tuple[str, list[dict[str, Any]]]:
    if len(raw.encode()) > LONGEST_RAW:
        raise bad("text is too long", f"/{name}")
    mode = call.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise bad("unsupported parse_mode", "/parse_mode")
    text, entities = html.parse(raw) if mode == "html" else (raw, call.json(given) or [])
    text, entities = html.trimmed(text, entities)
    return text, detected(text, entities)


def keyboard_of(call: Call) -> list[list[dict[str, Any]]] | None:
    """The inline keyboard; None when none was given."""
    markup = call.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup", "/reply_markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays', "/reply_markup"
        )
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad("reply markup is too long", "/reply_markup/inline_keyboard")
    return [
        [_button(button, f"/reply_markup/inline_keyboard/{y}/{x}") for x, button in enumerate(row)]
        for y, row in enumerate(rows)
        if row
    ]


_ACTIONS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def _button(button: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object", pointer)
    if "text" not in button:
        raise bad("can't parse inline keyboard button: Can't find field \"text\"", pointer)
    if not isinstance(button["text"], str):
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String', pointer)
    if button.get("style") not in (None, "", "default", "primary", "success", "danger"):
        raise bad("can't parse inline keyboard button: invalid button style specified", f"{pointer}/style")
    given = {name for name in _ACTIONS if button.get(name) is not None}
    if not given or (given <= {"url", "callback_data"} and not any(button[name] for name in given)):
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", pointer
        )
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty", f"{pointer}/text")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID", f"{pointer}/callback_data")
    return button


def check_web_app(store: Store, call: Call, keyboard: list[list[dict[str, Any]]]) -> None:
    """A web app opens in private chats only."""
    if call.chat() in store.world.groups and any("web_app" in button for row in keyboard for button in row):
        raise bad("BUTTON_TYPE_INVALID", "/reply_markup/inline_keyboard")
