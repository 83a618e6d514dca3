"""Requests with labels: ``What: cable; How many: 305 m; When: 03.12.``, ``> How many?`` with an answer under it.

One rule: labels say which part is which, so each value is put where a plain request has it; a text without a label
for how many, or without one for what, is left as it is.

    a label        ``Qty:``, ``Menge =``, ``How many?``, ``Q: when? A:``
    any other      ``Tank: 50 L``: in a form that is a size, a day, or a note, whatever its label means
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from babel.core import Locale

from api.language.amounts import quantity_at
from api.language.dates import calendar_date_at, date_at
from api.language.readings import NotUnderstood
from api.language.request_cursor import joined
from api.language.request_kinds import is_attribute
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

KINDS = (
    "what",
    "how_many",
    "which_kind",
    "when",
    "where",
    "for_whom",
    "which_centre",
    "which_department",
    "why",
)
_SLASHED = re.compile(r"\s+[/|]\s+")
_ANSWERED = re.compile(r"^\s*>\s*(?P<question>[^\n]*[?:])\s*$")
_QUOTED = re.compile(r"^\s*>\s?")
_SIGNS = frozenset({":", "=", "-", "–", "—", "?"})
_ENDS = (":", "=", "?")
_NOTED = "other"
"""The kind of a value whose label nobody knows."""
_UNKNOWN = re.compile(r"^\s*(?P<label>[^\W\d_][^:?=\d\n]{0,28}[^\W\d_])\s*[:=]\s+(?P<value>\S.*)$")
_UNKNOWN_BEHIND = re.compile(
    r"[,;.|]\s+(?P<label>[^\W\d_][^:?=\d\n,;|]{0,28}[^\W\d_])\s*[:=]\s+(?P<value>[^,;|\n]*)"
)
"""``lamp; Qty: 3; Tel: 555123``: a label that nobody knows, on the line of those that are known."""
_ANY_DAY = date(2000, 1, 1)
"""Whether something is a day does not depend on the day on which that is asked."""
MAX_LABEL_WORDS = 3
_ASKED = re.compile(r"^\s*(?:[-•*>]\s*)*[^\W\d_]\s?\d{0,2}\s?[:.)]\s+(?=.*\?)")
_REPLY = re.compile(r"(?<=\?)\s+[^\W\d_]\s?\d{0,2}\s?[:.)]\s+")
"""``Q:`` before a question, and ``A:`` before its answer, in one letter of any language."""
_WRITTEN_AS = {
    "when": "needed by {}",
    "where": "deliver to {}",
    "for_whom": "for {}",
    "which_centre": "cost centre {}",
    "which_department": "for {}",  # a cost centre where it is one, and a place of the company elsewhere
    "why": "note: {}",
}
"""How a plain request says it; the English words are read in every language."""


def without_labels(text: str, locale: Locale) -> str:
    """The request as one without labels would be written."""
    slashed = (
        len(_SLASHED.findall(text)) > 1 and "\n" not in text and _is_labelled(_SLASHED.split(text)[0], locale)
    )
    lines = _SLASHED.split(text) if slashed else _answers(_replied(text).split("\n"), locale)
    found = [each for line in lines for each in _fields(line, locale)]
    kinds = {kind for kind, _ in found}
    if "what" not in kinds and "which_kind" in kinds:  # ``Type: air filter; how many: 4``
        found = [("what" if kind == "which_kind" else kind, value) for kind, value in found]
        kinds = {kind for kind, _ in found}
    counted = "how_many" in kinds or any(
        kind == "what" and quantity_at(tokenize(value), 0, locale) is not None for kind, value in found
    )
    if not counted or not ({"what", ""} & kinds) or len(kinds) < 2:
        return text
    if "what" not in kinds and not slashed:
        return text
    return "\n".join(_plainly(found, locale))


def _replied(text: str) -> str:
    """``Q: how many? A: 1500`` as ``how many? 1500``."""
    if _REPLY.search(text) is None:
        return text
    return "\n".join(_REPLY.sub(" ", _ASKED.sub("", line)) for line in text.split("\n"))


def _is_labelled(line: str, locale: Locale) -> bool:
    return any(kind for kind, _ in _fields(line, locale))


def _answers(lines: Sequence[str], locale: Locale) -> Iterator[str]:
    """A quoted question and the answer under it as one line: ``How many: 2``."""
    at = 0
    while at < len(lines):
        asked = _ANSWERED.match(lines[at])
        answer = lines[at + 1] if asked is not None and at + 1 < len(lines) else ""
        kind = _asked_kind(asked["question"], locale) if asked is not None else None
        if kind is not None and answer.strip() and not _QUOTED.match(answer):
            yield f"\0{kind}\0{answer.strip()}"
            at += 2
            continue
        yield lines[at]
        at += 1


def _asked_kind(question: str, locale: Locale) -> str | None:
    """What a question asks for: ``What do you need?``, ``Kaç adet?``."""
    tokens = tokenize(question)
    vocab = vocabulary(language_of(locale))
    for kind in ("how_many", "when", "where", "for_whom", "which_centre", "which_department", "what"):
        if any(vocab.words[kind].at(tokens, at) is not None for at in range(len(tokens))):
            return kind
    return None


def _fields(line: str, locale: Locale) -> Iterator[tuple[str, str]]:
    """The labels of a line with their values; "" is the kind of what has none."""
    if line.startswith("\0"):
        _, kind, value = line.split("\0")
        yield kind, value
        return
    line = _QUOTED.sub("", line)
    unknown = _UNKNOWN.match(line)
    tokens = tokenize(line)
    if (
        unknown is not None
        and _label_at(tokens, 0, locale) is None
        and (len(unknown["label"].split()) <= MAX_LABEL_WORDS and not _begins_plainly(tokens, locale))
    ):
        yield _NOTED, f"{unknown['label']}: {unknown['value']}"
        return
    begun, kind, start = 0, "", 0
    for at in range(len(tokens)):
        label = _label_at(tokens, at, locale)
        if label is None or at < begun:
            continue
        if at > begun or kind:
            yield from _apart(kind, _value(line, tokens, begun, at))
        kind, begun = label
        start = begun
    if start < len(tokens) or kind:
        yield from _apart(kind, _value(line, tokens, begun, len(tokens)))


def _apart(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """A value, and the labels that nobody knows behind it: a number of theirs is no count."""
    found = list(_UNKNOWN_BEHIND.finditer(value)) if kind else []
    yield kind, value[: found[0].start()].strip(" ,;.|-–—") if found else value
    for at, match in enumerate(found):
        after = found[at + 1].start() if at + 1 < len(found) else len(value)
        told = value[match.start("value") : after].strip(" ,;.|")
        yield _NOTED, f"{match['label']}: {told}"


def _begins_plainly(tokens: Sequence[Token], locale: Locale) -> bool:
    """``For the kitchen: 3 pots``, ``We need: ...``: how a sentence begins, and no label."""
    vocab = vocabulary(language_of(locale))
    tables = (vocab.openings, vocab.courtesies, vocab.clauses)
    words = ("prepositions", "needs", "greetings", "to_place")
    return any(each.at(tokens, 0) is not None for each in (*tables, *(vocab.words[each] for each in words)))


def _value(line: str, tokens: Sequence[Token], begun: int, after: int) -> str:
    if begun >= after:
        return ""
    return line[tokens[begun].start : tokens[after - 1].end].strip(" ,;.|-–—")


def _label_at(tokens: Sequence[Token], at: int, locale: Locale) -> tuple[str, int] | None:
    """``Qty:``, ``Сколько:``, ``Needed by:``, at the beginning, or behind a comma or the end of a sentence."""
    if at and tokens[at - 1].raw[-1] not in ".,;!?|-–—":
        return None
    vocab = vocabulary(language_of(locale))
    for kind in KINDS:
        found = vocab.words[kind].at(tokens, at)
        if found is None:
            continue
        apart = found[1] < len(tokens) and tokens[found[1]].raw in _SIGNS
        if apart or tokens[found[1] - 1].raw.endswith(_ENDS):
            return kind, found[1] + apart
        label = vocab.quote.at(tokens, at)
        counted = kind == "how_many" and label is not None and at == 0
        if counted and found[1] < len(tokens) and tokens[found[1]].raw[0].isdigit():
            return kind, found[1]
    return None


def _plainly(found: Sequence[tuple[str, str]], locale: Locale) -> Iterator[str]:
    """Each "what" with the "how many" beside it, then everything else."""
    counts = [value for kind, value in found if kind == "how_many" and value]
    items = [value for kind, value in found if kind == "what" and value]
    bare = [value for kind, value in found if kind == "" and value]
    if not items and bare:
        items, bare = bare[:1], bare[1:]
    kinds = "".join(f" {said}" for kind, value in found if (said := _kind_said(kind, value, locale)))
    if len(items) == 1:
        items = [items[0] + kinds]
    for at, item in enumerate(items):
        yield f"{_counted(counts[at], locale)} {_bare(item, locale)}" if at < len(counts) else item
    for kind, value in found:
        if value and kind == "when" and not _is_day(value, locale):
            yield _noted(value, locale)  # ``When: no rush``
        elif value and kind in _WRITTEN_AS:
            yield _WRITTEN_AS[kind].format(value)
        elif kind in (_NOTED, "which_kind") and value and not _kind_said(kind, value, locale):
            yield _noted(value, locale)
    yield from bare


def _kind_said(kind: str, text: str, locale: Locale) -> str:
    """``Colour: blue``, ``Tank: 50 L``: what the item is like; "" where it says nothing of that."""
    value = tokenize(text.partition(": ")[2] if kind == _NOTED else text)
    unimportant = vocabulary(language_of(locale)).words["no_matter"]
    if kind not in (_NOTED, "which_kind") or not value or unimportant.at(value, 0) is not None:
        return ""
    sized = is_attribute([token for token in value if token.raw != ","], locale)
    return joined(value) if kind == "which_kind" or sized else ""


def _noted(text: str, locale: Locale) -> str:
    """``Need date: 14 Dec``: a day is when it is needed; anything else is a note."""
    value = text.partition(": ")[2]
    if value and calendar_date_at(tokenize(value), 0, locale, _ANY_DAY) is not None:
        return _WRITTEN_AS["when"].format(value)
    return _WRITTEN_AS["why"].format(text.replace(": ", " "))


def _is_day(value: str, locale: Locale) -> bool:
    """Whether an answer to "when" names a day: ``Friday``, ``by 12 December``."""
    tokens = tokenize(value)
    found = (date_at(tokens, at, locale, _ANY_DAY) for at in range(len(tokens)))
    return any(each is not None and not isinstance(each[0], NotUnderstood) for each in found)


def _bare(item: str, locale: Locale) -> str:
    """``A label printer``: its article counts nothing where the count is said."""
    tokens = tokenize(item)
    article = vocabulary(language_of(locale)).counts.at(tokens, 0)
    one = article is not None and article[0] == "1" and article[1] < len(tokens)
    return item[tokens[article[1]].start :] if article is not None and one else item


def _counted(count: str, locale: Locale) -> str:
    words = tokenize(count)
    scale = vocabulary(language_of(locale)).scales.at(words, 0)  # ``Cuántas? mil``
    count = scale[0] if scale is not None and scale[1] == len(words) else count
    return f"{count} x" if count.replace(" ", "").isdigit() else count
