"""Telegram's HTML: converts text with tags to plain text with entities, with the real server's errors."""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import bad_request

_TYPES = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_ARGUMENT = {
    ("a", "href"): "",
    ("code", "class"): "language-",
    ("span", "class"): "tg-",
    ("tg-emoji", "emoji-id"): "",
    ("tg-time", "unix"): "",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?")
_SPACES = " \t\r\n\0\v"

Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _OpenTag:
    tag: str
    argument: str
    offset: int
    begin: int


class _HtmlParser:
    """One pass over the text, modelled on the real server's parser."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.text):
            if self.text[self.at] != "<":
                self._put(self._character())
            elif self._peek(1) == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.out), self.entities

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def _put(self, character: str) -> None:
        self.out.append(character)
        self.length += 1 + (ord(character) > 0xFFFF)

    def _character(self) -> str:
        """The next character; a reference is decoded."""
        found = _CHARACTER.match(self.text, self.at) if self._peek() == "&" else None
        code = 0
        if found:
            code = int(found[1], 16) if found[1] else int(found[2]) if found[2] else ord(_NAMED[found[3]])
        if found and 0 < code < 0x10FFFF:
            self.at = found.end()
            return chr(code)
        self.at += 1
        return self.text[self.at - 1]

    def _bytes(self, position: int) -> int:
        return len(self.text[:position].encode("utf-8", "surrogatepass"))

    def _error(self, message: str, begin: int | None = None) -> Exception:
        where = "" if begin is None else f" at byte offset {self._bytes(begin)}"
        return bad_request(f"Can't parse entities: {message}{where}", "/text")

    def _skip(self) -> None:
        while self._peek() and self._peek() in _SPACES:
            self.at += 1

    def _until(self, stops: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in stops:
            self.at += 1
        return self.text[start : self.at]

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(_SPACES + ">").lower()
        if not self._peek():
            raise self._error("Unclosed start tag", begin)
        if tag not in _TYPES:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while self._peek() != ">":
            self._skip()
            if self._peek() == ">":
                break
            argument = self._attribute(tag, begin) or argument
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_OpenTag(tag, argument, self.length, len(self.out)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read one attribute; returns the argument it gives, or None."""
        name = self._until(_SPACES + "=>/\"'")
        if not name:
            raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip()
        if not self._peek():
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        if self._peek() != "=":
            return "1" if (tag, name) == ("blockquote", "expandable") else ""
        self.at += 1
        self._skip()
        if not self._peek():
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        value = self._value(begin)
        if (tag, name) == ("blockquote", "expandable"):
            return "1"
        prefix = _ARGUMENT.get((tag, name))
        return value[len(prefix) :] if prefix is not None and value.startswith(prefix) else ""

    def _value(self, begin: int) -> str:
        quote = self._peek()
        if quote not in ("'", '"') or not quote:
            start = self.at
            while self._peek() and (self._peek().isalnum() or self._peek() in ".-"):
                self.at += 1
            if self._peek() and self._peek() not in _SPACES + ">":
                raise self._error("Unexpected end of name token", start)
            value = self.text[start : self.at].lower()
        else:
            self.at += 1
            parts = []
            while self._peek() and self._peek() != quote:
                parts.append(self._character())
            value = "".join(parts)
            self.at += 1
        if not self._peek():
            raise self._error("Unclosed start tag", begin)
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        self.at += 2
        name = self._until(_SPACES + ">").lower()
        self._skip()
        if self._peek() != ">":
            raise self._error("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise bad_request(
                f"Can't parse entities: Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{opened.tag}>", found "</{name}>"',
                "/text",
            )
        self._close(opened)

    def _close(self, opened: _OpenTag) -> None:
        length = self.length - opened.offset
        if not length:
            return
        kind, extra = _TYPES[opened.tag], {}
        if kind == "text_link":
            url = opened.argument or "".join(self.out[opened.begin :])
            if not re.match(r"^(https?|tg|tel|mailto|ftp|ton|tonsite):|^[\w-]+(\.[\w-]+)+", url):
                return
            extra = {"url": url}
        elif kind == "custom_emoji":
            extra = {"custom_emoji_id": opened.argument}
        elif kind == "date_time":
            extra = dict[str, Any](unix_time=int(opened.argument or 0))
        elif kind == "blockquote" and opened.argument:
            kind = "expandable_blockquote"
        elif kind == "pre" and self.entities and self.entities[-1].get("_language"):
            extra = {"language": self.entities.pop()["_language"]}
        if kind == "code" and opened.argument and self.open and self.open[-1].tag == "pre":
            extra = {"_language": opened.argument}
        self.entities.append({"type": kind, "offset": opened.offset, "length": length} | extra)


def parse(text: str) -> tuple[str, list[Entity]]:
    """Plain text and entities, or a TelegramRefusal."""
    plain, entities = _HtmlParser(text).run()
    for entity in entities:
        entity.pop("_language", None)
    return plain, entities


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip whitespace at both ends and move the entities accordingly."""
    left = utf16_length(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    total, remaining = utf16_length(text), []
    for entity in entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] + entity["length"] - left, total)
        if end > start:
            remaining.append(entity | {"offset": start, "length": end - start})
    return text, remaining
