"""Cuts a quote into its parts, and finds the line of the RFQ that each part answers.

One rule: a line is its number, its name where only one line has it, or the line that was quoted above the answer.

A signature and what stands under it are not read, unless a price stands there.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.core import Locale

from api.language.amounts import price_at
from api.language.language_tags import spoken_text
from api.language.mail_heads import is_mail_head
from api.language.quote_clauses import Clause, clauses_of, refuses
from api.language.quote_naming import (
    LINE_NAMES,
    WHOLE_NAMES,
    is_item_word,
    named,
    numbered,
    references,
    referred,
    with_colons,
    with_numbers,
)
from api.language.quote_tables import TableHead, table_head
from api.language.tokenizer import Token, segments, tokenize
from api.language.vocabulary import language_of, vocabulary

_NEXT_LINE = re.compile(
    rf"(?:(?<!\d),|,(?!\d)|\s/)[ \t]*(?=(?:(?:{LINE_NAMES})\.?\s*#?\d{{1,3}}\b|\d{{1,4}}[:)]))"
    rf"|(?<=\S)[ \t]+(?=\d{{1,2}}\)[ \t])"
    rf"|(?:(?<=\d)|(?<=[^\W\d_]\.)|(?<=\d\.)|(?<=[€$£₴₽])|(?<=[€$£₴₽]\.))[ \t]+"
    rf"(?=(?:{WHOLE_NAMES})\.?[ \t]*\d{{1,2}}(?:[ \t]|:))",
    re.IGNORECASE,
)
"""Where the next line may begin; a comma between digits is a decimal one."""
_SENTENCE_END = re.compile(r"\S*(?:[^\W\d_]{2}|[\d€$£₴₽]|/[^\W\d_])[.!]")
_BRACKET = re.compile(r"[()\n]")
MAX_ASIDE = 80
"""An aside in brackets is hardly longer."""
_QUOTED = re.compile(r"(?:>+\s*)+")
_ANSWERED = re.compile(r"\s*\?+\s*(?=\S)")
MAX_REFERENCES = 50
MIN_ANSWER_WORDS = 2
_WROTE = re.compile(
    r"(wrote|schrieb|escribió|написал[аи]?|a écrit|ha scritto|escreveu|yazdı|написав|napisał[a]?|كتب):$",
    re.IGNORECASE,
)
_ARABIC_AND = re.compile(r"(?<!\S)و(?=ال\w{2})")
_GLUED_AND = re.compile(r"(?<!\S)و(\w{3,}(?: ال\w+)?)")
_JOINED_PIPE = re.compile(r"\t|(?<=\S)\|(?=\S)")
_LEADING_PIPE = re.compile(r"^\s*\|\s*|\s*\|\s*$", re.MULTILINE)
_REGRET = re.compile(
    r",\s+(unfortunately|sadly|sorry|i'm afraid|leider|malheureusement|hélas|lamentablemente|por desgracia|purtroppo"
    r"|infelizmente|maalesef|ne yazık ki|niestety|к сожалению|увы|на жаль|للأسف)\s*,",
    re.IGNORECASE,
)
"""A regret between commas begins no clause: ``а бинтов, к сожалению, нет``."""
DASHES = frozenset({"–", "—", "-"})
SEPARATORS = DASHES | {","}
MIN_CELLS = 2
SAME = "same"
TERMS = frozenset({"lead", "delivery", "shipping", "valid", "payment", "warranty", "moq"})
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
    question = ""
    signed = False
    table: TableHead | None = None
    spoken = _with_arabic_and(_with_line_numbers(text, lines, locale), locale)
    spoken = _table_rows(spoken, locale)
    whole = _LEADING_PIPE.sub("", _cut_lines(_cut_references(_JOINED_PIPE.sub(" | ", spoken), lines)))
    for written in (part for each in segments(whole) for part in _by_item(each, items, locale)):
        if is_mail_head(written, locale):
            continue
        if _QUOTED.match(written) or _WROTE.search(written):
            inner = _QUOTED.sub("", written, count=1)
            above = numbered(inner, lines)[0] or named(inner, items) or above
            question = _asked_term(inner, locale)
            continue
        written, question = f"{question} {written}".strip(), ""
        signed = signed or _is_signature(written, locale)
        if signed and not _tells(written, locale):
            continue
        if (head := table_head(written, locale)) is not None:
            table = head
            continue
        row = _without_empty_cells(table.row(written)) if table else written
        for clause in clauses_of(row, lines if asked is None else 1, locale, items):
            if clause.of_all:
                yield from _parts_of_all(clause, lines)
                continue
            number, body, outside = numbered(clause.text, lines)
            if number is None and not outside:
                number, body = referred(clause.text, lines)
            by_name = named(clause.text, items) if number is None else None
            line = number or by_name or above or only
            above = None
            yield QuotePart(_without_item(body, items, line), line, (number or by_name) is not None, outside)


def _with_line_numbers(text: str, lines: int, locale: Locale) -> str:
    """Clean text in which lines are named by ``1:``, ``item 2`` and so on, however they were counted."""
    return with_numbers(
        with_colons(_REGRET.sub(r" \1", _answered_quotes(spoken_text(text, locale))), lines), lines, locale
    )


def _with_arabic_and(text: str, locale: Locale) -> str:
    """``ومدة التوريد``: the "and" as a word of its own, before an article and before every label."""
    spoken = _ARABIC_AND.sub("و ", text)
    if locale.language != "ar":
        return spoken
    labels = vocabulary(language_of(locale)).quote

    def apart(match: re.Match[str]) -> str:
        return f"و {match[1]}" if labels.at(tokenize(match[1]), 0) is not None else match.group()

    return _GLUED_AND.sub(apart, spoken)


def _parts_of_all(clause: Clause, lines: int) -> Iterator[QuotePart]:
    """What holds for all lines: the answer to each of them, or something of the whole quote."""
    if clause.each:
        yield from (QuotePart(clause.text, line, numbered=True) for line in range(1, lines + 1))
    elif clause.text:
        yield QuotePart(clause.text, None)


def _answered_quotes(text: str) -> str:
    """``> price? 9.75``: where every line is quoted, the answers stand behind the questions."""
    lines = [line for line in text.split("\n") if line.strip()]
    inline = all(_QUOTED.match(line) and _ANSWERED.search(line) for line in lines)
    if not inline:
        return text
    return "\n".join(_ANSWERED.sub(":", _QUOTED.sub("", line, count=1), count=1) for line in lines)


def _cut_references(text: str, lines: int) -> str:
    """``item 1 is 15 and item 2 not available``: cut before each line that is named, or behind it."""
    return "\n".join(_cut_at_references(line, lines) for line in text.split("\n"))


def _cut_at_references(line: str, lines: int) -> str:
    found = references(line, lines)
    if len({number for number, *_ in found}) < 2 or len(found) > MAX_REFERENCES:
        return line
    chunks = [line[end:start] for (_, _, end), (_, start, _) in itertools.pairwise(found)]
    told = [_tells_line(each) or each.startswith(". ") for each in chunks]
    first, last = line[: found[0][1]], line[found[-1][2] :]
    leading, trailing = (any(char.isdigit() for char in each) for each in (first, last))
    if not all(told) or (leading and trailing):
        return line
    places = [end if leading else start for (_, _, end), (_, start, _) in itertools.pairwise(found)]
    pieces = [line[begin:end] for begin, end in zip([0, *places], [*places, len(line)], strict=True)]
    return "\n".join(pieces)


def _tells_line(between: str) -> bool:
    """Whether what stands between two lines that are named may be the answer to one."""
    return any(char.isdigit() for char in between) or len(between.split()) > MIN_ANSWER_WORDS


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


def _without_empty_cells(row: str) -> str:
    """``Freight | | | 15.00`` says what it costs: a row with a name and a sum."""
    cells = [cell.strip() for cell in row.split("|")]
    told = [cell for cell in cells if cell]
    return " ".join(told) if len(told) == MIN_CELLS < len(cells) else row


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
    separators = _separators(tokens, items, locale) if len(items) > 1 else []
    places = [at for at, _ in separators if tokens[at].raw not in DASHES]
    for end, after in separators:
        next_place = bisect_left(places, max(after, end + 1))
        following = places[next_place] if next_place < len(places) else len(tokens)
        before, behind = (
            _only_line(part[:MAX_PART_WORDS], items, locale)
            for part in (tokens[begun:end][-MAX_PART_WORDS:], tokens[after:following])
        )
        if behind is None and _SENTENCE_END.fullmatch(tokens[end - 1].raw):
            behind = named(" ".join(token.raw for token in tokens[after:following]), items)
        if (
            before is None
            and behind is not None
            and _only_refused(tokens[begun:end], tokens[after:following])
        ):
            before = behind + 1  # ``0.75 each, but the bandages are not available``
        if before is not None and behind is not None and before != behind:
            yield written[tokens[begun].start : tokens[end].start]
            begun = after
    yield written[tokens[begun].start :] if begun else written


def _separators(tokens: Sequence[Token], items: Sequence[str], locale: Locale) -> list[tuple[int, int]]:
    """Where ``,``, a dash, ``and`` and ``but`` stand, and where the words after them begin.

    Without any of these an item's word behind a price begins the next line: ``toner 620tl drum 1450tl``.
    """
    words = vocabulary(language_of(locale)).words
    found = ((at, words["sep"].at(tokens, at) or words["but"].at(tokens, at)) for at in range(1, len(tokens)))
    return [
        (at, named[1] if named is not None else at + (tokens[at].raw in SEPARATORS))
        for at, named in found
        if (
            named is not None
            or tokens[at].raw in SEPARATORS
            or _SENTENCE_END.fullmatch(tokens[at - 1].raw)
            or _follows_price(tokens, at, items, locale)
        )
        and at + 1 < len(tokens)
    ]


def _follows_price(tokens: Sequence[Token], at: int, items: Sequence[str], locale: Locale) -> bool:
    """Whether an item's word stands right behind a number with its currency, which another item's word is before."""
    if not is_item_word(tokens[at].word, items):
        return False
    prices = (price_at(tokens, at - back, locale, None) for back in (1, 2) if at >= back)
    priced = any(found is not None and found.currency is not None and found.after == at for found in prices)
    return priced and any(
        is_item_word(token.word, items) for token in tokens[max(0, at - MAX_PART_WORDS) : at - 1]
    )


def _only_refused(before: Sequence[Token], behind: Sequence[Token]) -> bool:
    """Whether a number stands before a place and none behind it."""
    first, second = (any(char.isdigit() for token in each for char in token.raw) for each in (before, behind))
    return first and not second


def _only_line(tokens: Sequence[Token], items: Sequence[str], locale: Locale) -> int | None:
    """The only line whose item is named here, if a number, a "not" or a "same" stands here too."""
    numbered = any(char.isdigit() for token in tokens for char in token.raw)
    vocab = vocabulary(language_of(locale))
    answers = (vocab.answers.at(tokens, at) for at in range(len(tokens)))
    same = any(each is not None and each[0] == SAME for each in answers)
    if not (numbered or same or refuses(tokens, vocab)):
        return None
    return named(" ".join(token.raw for token in tokens), items)


def _cut_lines(text: str) -> str:
    """Each line of the RFQ on a line of its own; ``(kurs 4, 30)`` is an aside, and ``30)`` in it numbers nothing."""

    def cut(match: re.Match[str]) -> str:
        before = _BRACKET.findall(text, max(0, match.start() - MAX_ASIDE), match.start())
        return match.group() if before[-1:] == ["("] else "\n"

    return _NEXT_LINE.sub(cut, text)


def _asked_term(quoted: str, locale: Locale) -> str:
    """``> Delivery cost?``: a question of the buyer that asks for a term; under it stands that term's value."""
    tokens, label = tokenize(quoted.rstrip(" ?")), vocabulary(language_of(locale)).quote
    kinds = {kind for at in range(len(tokens)) for kind in (label.at(tokens, at) or ("",))[0].split("/")}
    asks = quoted.rstrip().endswith("?") and bool(TERMS & kinds) and not any(c.isdigit() for c in quoted)
    return " ".join(token.raw for token in tokens) + ":" if asks else ""


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
