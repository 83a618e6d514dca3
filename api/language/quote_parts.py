"""Cuts a quote into its parts, and finds the line of the RFQ that each part answers.

One rule: a line is its number, its name where only one line has it, or the line that was quoted above the answer.

A signature and what stands under it are not read, unless a price stands there.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.core import Locale

from api.language.language_tags import spoken_text
from api.language.mail_heads import is_mail_head
from api.language.quote_tables import TableHead, table_head
from api.language.tokenizer import Token, segments, tokenize
from api.language.vocabulary import language_of, vocabulary

_LINE_NAMES = (
    "line|item|position|pos|no|nr|zeile|línea|linea|posición|posicion|partida|строка|позиция|поз|البند|بند|ligne|article|poste"
    "|riga|voce|linha|satır|kalem|sıra|рядок|позиція|pozycja|poz|wiersz|lp|lot|lote|lotto|ürün|п|товар|артикул|producto"
)
_WHOLE_NAMES = (
    "line|item|position|pos|zeile|línea|posición|partida|строка|позиция|поз|بند|ligne|lot|riga|linha|satır|kalem|рядок"
    "|ürün|poz|pozycja|позиція"
)
"""Those that name nothing else: ``no`` stands before other numbers too."""
LINE_NUMBER = re.compile(
    rf"(?:(?:{_LINE_NAMES})\.?\s*)?(?:[#№]|nr\.?\s*)?(\d{{1,4}})\s*(?::|\)|\||\.(?=\s))\s*"
    rf"|(?:(?:{_LINE_NAMES})\.?\s*|[#№]\s?)(\d{{1,4}})\s+(?=\S)",
    re.IGNORECASE,
)
"""``1:``, ``1)``, ``1. ``, ``1 |``, ``#1``, ``line 1:``, ``Pos. 1``, ``строка 1:``."""
_NEXT_LINE = re.compile(
    rf"(?:(?<!\d),|,(?!\d)|\s/)[ \t]*(?=(?:(?:{_LINE_NAMES})\.?\s*#?\d{{1,3}}\b|\d{{1,4}}[:)]))"
    rf"|(?<=\S)[ \t]+(?=\d{{1,2}}\)[ \t])"
    rf"|(?:(?<=\d)|(?<=[^\W\d_]\.)|(?<=\d\.)|(?<=[€$£₴₽])|(?<=[€$£₴₽]\.))[ \t]+"
    rf"(?=(?:{_WHOLE_NAMES})\.?[ \t]*\d{{1,2}}(?:[ \t]|:))",
    re.IGNORECASE,
)
"""Where the next line may begin; a comma between digits is a decimal one."""
_SENTENCE_END = re.compile(r"\S*(?:[^\W\d_]{2}|[\d€$£₴₽])[.!]")
_ARABIC_PREFIX = re.compile(r"^(?:و|ف|ب)?(?:ال|لل)(?=\w{3})")
_BRACKET = re.compile(r"[()\n]")
MAX_ASIDE = 80
"""An aside in brackets is hardly longer."""
_QUOTED = re.compile(r"(?:>+\s*)+")
_WROTE = re.compile(
    r"(wrote|schrieb|escribió|написал[аи]?|a écrit|ha scritto|escreveu|yazdı|написав|napisał[a]?|كتب):$",
    re.IGNORECASE,
)
_JOINED_PIPE = re.compile(r"\t|(?<=\S)\|(?=\S)")
_LEADING_PIPE = re.compile(r"^\s*\|\s*|\s*\|\s*$", re.MULTILINE)
MAX_ITEM_WORDS = 12
MAX_PART_WORDS = 24
"""What one line is answered has fewer words."""


@dataclass(frozen=True)
class QuotePart:
    """One part of a quote: its text, the line that it answers, and whether the vendor named that line."""

    text: str
    line: int | None
    numbered: bool = False
    outside: bool = False
    """It names a line that the RFQ does not have."""


def parts_of(
    text: str, *, lines: int, asked: int | None, items: Sequence[str], locale: Locale
) -> Iterator[QuotePart]:
    """The parts in their order; what was quoted from the buyer only says which line the next part answers."""
    only = asked if asked is not None else 1 if lines == 1 else None
    above: int | None = None
    signed = False
    table: TableHead | None = None
    spoken = _table_rows(spoken_text(text, locale), locale)
    whole = _LEADING_PIPE.sub("", _cut_lines(_JOINED_PIPE.sub(" | ", spoken)))
    for written in (part for each in segments(whole) for part in _by_item(each, items, locale)):
        if is_mail_head(written, locale):
            continue
        if _QUOTED.match(written) or _WROTE.search(written):
            inner = _QUOTED.sub("", written, count=1)
            above = _numbered(inner, lines)[0] or _named(inner, items) or above
            continue
        signed = signed or _is_signature(written, locale)
        if signed and not _tells(written, locale):
            continue
        if (head := table_head(written, locale)) is not None:
            table = head
            continue
        number, body, outside = _numbered(table.row(written) if table else written, lines)
        by_name = _named(written, items) if number is None else None
        named = number or by_name or above
        above = None
        line = named if named is not None else only
        yield QuotePart(_without_item(body, items, line), line, (number or by_name) is not None, outside)


def _table_rows(text: str, locale: Locale) -> str:
    """The rows of a table with semicolons, as with bars: below the first line that is such a table's head."""
    lines = text.split("\n")
    heads = (at for at, line in enumerate(lines) if table_head(line.replace(";", "|"), locale) is not None)
    begun = next(heads, len(lines))
    columns = lines[begun].count(";") if begun < len(lines) else 0
    rows = [
        line.replace(";", " | ") if at >= begun and columns > 1 and line.count(";") == columns else line
        for at, line in enumerate(lines)
    ]
    return "\n".join(rows)


def _without_item(body: str, items: Sequence[str], line: int | None) -> str:
    """The line's item, where it stands as the RFQ has it, as one of its words: ``Driver 40W`` has no value in it."""
    item = items[line - 1].strip() if line is not None and line <= len(items) else ""
    word = next((token.raw for token in tokenize(item) if token.raw.isalpha() and len(token.raw) > 2), None)
    if word is None or not any(char.isdigit() for char in item):
        return body
    named = re.compile(rf"(?<!\w){re.escape(item)}(?!\w)", re.IGNORECASE)
    return named.sub(lambda _: word, body, count=1)


def _by_item(written: str, items: Sequence[str], locale: Locale) -> Iterator[str]:
    """``the desk is 420 and the chairs 95 each``: cut where another line's item begins, with a number on both sides."""
    tokens = tokenize(written)
    begun = 0
    separators = _separators(tokens, locale) if len(items) > 1 else []
    places = [at for at, _ in separators]
    for end, after in separators:
        next_place = bisect_left(places, after + (after == end))
        following = places[next_place] if next_place < len(places) else len(tokens)
        before, behind = (
            _only_line(part[:MAX_PART_WORDS], items, locale)
            for part in (tokens[begun:end][-MAX_PART_WORDS:], tokens[after:following])
        )
        if before is not None and behind is not None and before != behind:
            yield written[tokens[begun].start : tokens[end].start]
            begun = after
    yield written[tokens[begun].start :] if begun else written


def _separators(tokens: Sequence[Token], locale: Locale) -> list[tuple[int, int]]:
    """Where ``,`` and ``and`` stand, and where the words after them begin."""
    words = vocabulary(language_of(locale)).words["sep"]
    found = ((at, words.at(tokens, at)) for at in range(1, len(tokens)))
    return [
        (at, named[1] if named is not None else at + (tokens[at].raw == ","))
        for at, named in found
        if (named is not None or tokens[at].raw == "," or _SENTENCE_END.fullmatch(tokens[at - 1].raw))
        and at + 1 < len(tokens)
    ]


def _only_line(tokens: Sequence[Token], items: Sequence[str], locale: Locale) -> int | None:
    """The only line whose item is named here, if a number or a "not" stands here too."""
    vocab = vocabulary(language_of(locale))
    labels = (vocab.quote.at(tokens, at) for at in range(len(tokens)))
    refused = any(label is not None and "negative" in label[0].split("/") for label in labels)
    declined = any(vocab.words["decline"].at(tokens, at) for at in range(len(tokens)))
    if not (refused or declined or any(char.isdigit() for token in tokens for char in token.raw)):
        return None
    return _named(" ".join(token.raw for token in tokens), items)


def _cut_lines(text: str) -> str:
    """Each line of the RFQ on a line of its own; ``(kurs 4, 30)`` is an aside, and ``30)`` in it numbers nothing."""

    def cut(match: re.Match[str]) -> str:
        before = _BRACKET.findall(text, max(0, match.start() - MAX_ASIDE), match.start())
        return match.group() if before[-1:] == ["("] else "\n"

    return _NEXT_LINE.sub(cut, text)


def _numbered(written: str, lines: int) -> tuple[int | None, str, bool]:
    """The line's number and what follows it."""
    written = re.sub(r"^(?:[-–•*·]\s+)+(?=\S)", "", written)
    prefix = LINE_NUMBER.match(written)
    if prefix is None or prefix.end() >= len(written):
        return None, written, False
    number = int(prefix[1] or prefix[2])
    if 1 <= number <= lines:
        return number, written[prefix.end() :], False
    return None, written, "|" not in prefix.group()


def _named(written: str, items: Sequence[str]) -> int | None:
    """The only line of whose item words stand here, or the only one all of whose words do."""
    if len(items) < 2:
        return None
    words = {token.word for token in tokenize(written)[:MAX_ITEM_WORDS] if len(token.word) > 2}
    there = {
        number: {word for word in words if is_item_word(word, [item])}
        for number, item in enumerate(items, start=1)
    }
    most = max(there.values(), key=len)
    found = [number for number, own in there.items() if own and own == most]
    told = all(own <= most for own in there.values())
    return found[0] if len(found) == 1 and told else None


def is_item_word(word: str, items: Sequence[str]) -> bool:
    """Whether a word belongs to something that is asked for."""
    return any(_same_word(word, name) for item in items for name in _item_words(item))


def _item_words(item: str) -> set[str]:
    return {token.word for token in tokenize(item) if len(token.word) > 2 and not token.word.isdigit()}


def _same_word(word: str, name: str) -> bool:
    """The same word in another number or case: ``chair`` and ``chairs``, ``кабель`` and ``кабеля``.

    In Arabic also with an article, an "and" or a preposition before it: ``الكرسي``.
    """
    word, name = (_ARABIC_PREFIX.sub("", each) for each in (word, name))
    shorter = min(len(word), len(name))
    return word.removesuffix("s") == name.removesuffix("s") or (
        shorter > 3 and word[: shorter - 1] == name[: shorter - 1] and abs(len(word) - len(name)) < 3
    )


def _is_signature(written: str, locale: Locale) -> bool:
    tokens = tokenize(written)
    found = vocabulary(language_of(locale)).words["sign_off"].at(tokens, 0)
    return written == "--" or (found is not None and found[1] >= len(tokens) - 4)


def _tells(written: str, locale: Locale) -> bool:
    """Whether a line under a signature still says something: it has a label or a currency."""
    tokens, vocab = tokenize(written), vocabulary(language_of(locale))
    digits = any(char.isdigit() for char in written)
    labelled = any(
        vocab.quote.at(tokens, index) or vocab.currencies.at(tokens, index) for index in range(len(tokens))
    )
    return digits and labelled
