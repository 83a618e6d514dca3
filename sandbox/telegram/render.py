"""Converts entities back to HTML for the page, and finds the entities that Telegram detects by itself."""

import html
import re
from typing import Any

from sandbox.telegram.html_entities import Entity, utf16_length

_DETECTED = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\w)")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("hashtag", re.compile(r"(?<![\w#])#[^\W\d]\w*")),
)
_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "bot_command": ('<a class="command" href="#">', "</a>"),
}


def detect_entities(text: str, given_entities: list[Entity]) -> list[Entity]:
    """Commands, mentions, addresses and links in a text, except where there is an entity already."""
    occupied = [
        (e["offset"], e["offset"] + e["length"])
        for e in given_entities
        if e["type"] in ("pre", "code", "text_link")
    ]
    found: list[Entity] = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            start, length = utf16_length(text[: match.start()]), utf16_length(match[0])
            if not any(start < end and begin < start + length for begin, end in occupied):
                found.append({"type": kind, "offset": start, "length": length})
                occupied.append((start, start + length))
    return sorted([*given_entities, *found], key=lambda e: (e["offset"], -e["length"]))


def _pair(entity: Entity, inside: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in ("text_link", "url", "email"):
        target = entity.get("url") or (f"mailto:{inside}" if kind == "email" else inside)
        return f'<a href="{html.escape(target)}" target="_blank" rel="noopener">', "</a>"
    return _TAGS.get(kind, ("", ""))


def to_html(text: str, entities: list[dict[str, Any]]) -> str:
    """HTML that shows the text with its entities."""
    raw = text.encode("utf-16-le", "surrogatepass")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        inside = raw[2 * start : 2 * end].decode("utf-16-le", "replace")
        before, after = _pair(entity, inside)
        opens.setdefault(start, []).append(before)
        closes.setdefault(end, []).insert(0, after)
    parts, last = [], 0
    for mark in sorted({*opens, *closes}):
        parts.append(html.escape(raw[2 * last : 2 * mark].decode("utf-16-le", "replace"), quote=False))
        parts += closes.get(mark, []) + opens.get(mark, [])
        last = mark
    parts.append(html.escape(raw[2 * last :].decode("utf-16-le", "replace"), quote=False))
    return "".join(parts)
