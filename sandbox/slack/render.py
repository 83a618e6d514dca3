"""Renders blocks as a person sees them: text, HTML for the page, and what can be pressed."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.slack.block_validation import elements_of
from sandbox.slack.model import Json
from sandbox.slack.view_state import action_of, kind_of, options_of

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MARKS = (
    (re.compile(r"```(.+?)```", re.DOTALL), r"<pre>\1</pre>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<i>\1</i>"),
    (re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
    (re.compile(r"^&gt; ?(.*)$", re.MULTILINE), r"<blockquote>\1</blockquote>"),
)


@dataclass(frozen=True)
class RenderedButton:
    """What one press does: a button, or one option of a menu."""

    text: str
    data: str
    style: str | None
    block: Json
    element: Json
    option: Json | None = None

    def as_json(self) -> Json:
        more = {"label": self.element["accessibility_label"]} if "accessibility_label" in self.element else {}
        if "confirm" in self.element:
            more["confirm"] = {key: _text_of_object(value) for key, value in self.element["confirm"].items()}
        if self.option is not None:
            more["menu"] = action_of(self.element)
        return {"text": self.text, "data": self.data, "style": self.style, **more}


def _text_of_object(value: Any) -> Any:
    return value["text"] if isinstance(value, dict) else value


def buttons(blocks: list[Json]) -> list[list[RenderedButton]]:
    """What can be pressed, one row per block."""
    rows = [list(_block_buttons(block)) for block in blocks if block["type"] != "input"]
    return [row for row in rows if row]


def _block_buttons(block: Json) -> Iterator[RenderedButton]:
    for _, element in elements_of(block):
        if element["type"] == "button":
            data = element.get("value") or action_of(element)
            yield RenderedButton(element["text"]["text"], data, element.get("style"), block, element)
        elif kind_of(element) in ("select", "multi"):
            for option in options_of(element):
                yield RenderedButton(option["text"]["text"], option["value"], None, block, element, option)


def message_text(blocks: list[Json], fallback: str) -> str:
    """The text of a message as people read it."""
    lines = [line for block in blocks for line in _lines(block)]
    return "\n".join(lines) if lines else strip_mrkdwn(fallback)


def _lines(block: Json) -> Iterator[str]:
    match block["type"]:
        case "section":
            yield from (_object_text(each) for each in [block.get("text"), *block.get("fields", [])] if each)
        case "header" | "alert":
            yield _object_text(block["text"])
        case "context":
            found = [
                _object_text(each) if "text" in each else each.get("alt_text", "")
                for each in block["elements"]
            ]
            yield " ".join(found)
        case "card":
            yield from (
                _object_text(block[name]) for name in ("title", "subtitle", "body") if block.get(name)
            )
        case "markdown":
            yield block["text"]
        case "table":
            yield from (" | ".join(_cell(cell) for cell in row) for row in block["rows"])
        case "image":
            yield block["alt_text"]
        case "rich_text":
            yield _cell(block)
        case "input":
            yield _object_text(block["label"])


def _cell(cell: Json) -> str:
    if cell["type"] in ("raw_text", "text"):
        return str(cell["text"])
    if cell["type"] == "raw_number":
        return str(cell.get("text") or cell.get("value"))
    inner = [_cell(each) for each in cell.get("elements", []) if isinstance(each, dict)]
    return "".join(inner) or str(cell.get("text") or cell.get("url") or cell.get("name") or "")


def _object_text(text_object: Json) -> str:
    return strip_mrkdwn(text_object["text"]) if text_object["type"] == "mrkdwn" else str(text_object["text"])


def strip_mrkdwn(source: str) -> str:
    """mrkdwn without its markup."""
    bare = _LINK.sub(lambda found: _link_label(found[1], found[2]), source)
    for pattern, _ in _MARKS[:5]:
        bare = pattern.sub(r"\1", bare)
    return html.unescape(bare)


def _link_label(target: str, label: str | None) -> str:
    if label:
        return label
    return target.removeprefix("mailto:") if target[:1] not in "!@#" else target


def to_html(blocks: list[Json], fallback: str) -> str:
    """HTML that shows the message; everything from the app is escaped."""
    shown = [_block_html(block) for block in blocks]
    return "".join(shown) if any(shown) else f"<p>{mrkdwn_to_html(fallback)}</p>"


def mrkdwn_to_html(source: str) -> str:
    """Slack's markup as HTML. The text is already escaped for Slack; quotes are escaped here."""
    safe = html.escape(html.unescape(_LINK.sub(_protect_link, source)), quote=False)
    for pattern, shape in _MARKS:
        safe = pattern.sub(shape, safe)
    links = re.sub("\x01([^\x02]*)\x02([^\x03]*)\x03", _link_html, safe)
    return links.replace("\n", "<br>")


def _protect_link(found: re.Match[str]) -> str:
    if found[1][:1] in "!@#":
        return f"\x01\x02{found[2] or found[1]}\x03"
    return f"\x01{found[1]}\x02{_link_label(found[1], found[2])}\x03"


def _link_html(found: re.Match[str]) -> str:
    if not found[1].startswith(("http://", "https://", "mailto:")):
        return f'<span class="mention">{found[2]}</span>'
    target = found[1].replace('"', "%22")
    return f'<a href="{target}" target="_blank" rel="noopener">{found[2]}</a>'


def _object_html(text_object: Json) -> str:
    if text_object["type"] == "mrkdwn":
        return mrkdwn_to_html(text_object["text"])
    return html.escape(str(text_object["text"]), quote=False).replace("\n", "<br>")


def _block_html(block: Json) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{_object_html(block['text'])}</h3>"
        case "section":
            fields = "".join(f"<span>{_object_html(each)}</span>" for each in block.get("fields", []))
            shown = f'<div class="fields">{fields}</div>' if fields else ""
            return (f"<p>{_object_html(block['text'])}</p>" if block.get("text") else "") + shown
        case "context":
            return f"<small>{' '.join(_object_html(each) for each in block['elements'] if 'text' in each)}</small>"
        case "divider":
            return "<hr>"
        case "table":
            rows = [[html.escape(_cell(cell), quote=False) for cell in row] for row in block["rows"]]
            head = "".join(f"<th>{cell}</th>" for cell in rows[0])
            body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
            return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        case "actions" | "input":
            return ""
        case _:
            lines = "<br>".join(html.escape(line, quote=False) for line in _lines(block))
            return f"<p>{lines}</p>" if lines else ""
