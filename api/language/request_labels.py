"""Requests with labels: ``What: cable; How many: 305 m; When: 03.12.``, ``> How many?`` with an answer under it.

One rule: labels say which part is which, so each value is put where a plain request has it; a text without a label
for how many, or without one for what, is left as it is.
"""

import re
from collections.abc import Iterator, Sequence

from babel.core import Locale

from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

KINDS = ("what", "how_many", "which_kind", "when", "where", "for_whom", "which_centre", "why")
_SLASHED = re.compile(r"\s+[/|]\s+")
_ANSWERED = re.compile(r"^\s*>\s*(?P<question>[^\n]*[?:])\s*$")
_QUOTED = re.compile(r"^\s*>\s?")
_SIGNS = frozenset({":", "=", "-", "–", "—"})
_WRITTEN_AS = {
    "when": "needed by {}",
    "where": "deliver to {}",
    "for_whom": "for {}",
    "which_centre": "cost centre {}",
    "why": "note: {}",
}
"""How a plain request says it; the English words are read in every language."""


def without_labels(text: str, locale: Locale) -> str:
    """The request as one without labels would be written."""
    slashed = (
        len(_SLASHED.findall(text)) > 1 and "\n" not in text and _is_labelled(_SLASHED.split(text)[0], locale)
    )
    lines = _SLASHED.split(text) if slashed else _answers(text.split("\n"), locale)
    found = [each for line in lines for each in _fields(line, locale)]
    kinds = [kind for kind, _ in found]
    if "how_many" not in kinds or not ({"what", ""} & set(kinds)) or len(set(kinds)) < 2:
        return text
    if "what" not in kinds and not slashed:
        return text
    return "\n".join(_plainly(found, locale))


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
    for kind in ("how_many", "when", "where", "for_whom", "which_centre", "what"):
        if any(vocab.words[kind].at(tokens, at) is not None for at in range(len(tokens))):
            return kind
    return None


def _fields(line: str, locale: Locale) -> Iterator[tuple[str, str]]:
    """The labels of a line with their values; "" is the kind of what has none."""
    if line.startswith("\0"):
        _, kind, value = line.split("\0")
        yield kind, value
        return
    tokens = tokenize(line)
    begun, kind, start = 0, "", 0
    for at in range(len(tokens)):
        label = _label_at(tokens, at, locale)
        if label is None or at < begun:
            continue
        if at > begun or kind:
            yield kind, _value(line, tokens, begun, at)
        kind, begun = label
        start = begun
    if start < len(tokens) or kind:
        yield kind, _value(line, tokens, begun, len(tokens))


def _value(line: str, tokens: Sequence[Token], begun: int, after: int) -> str:
    if begun >= after:
        return ""
    return line[tokens[begun].start : tokens[after - 1].end].strip(" ,;.|-–—")


def _label_at(tokens: Sequence[Token], at: int, locale: Locale) -> tuple[str, int] | None:
    """``Qty:``, ``Сколько:``, ``Needed by:``, at the beginning, or behind a comma or the end of a sentence."""
    if at and tokens[at - 1].raw[-1] not in ".,;!?|":
        return None
    vocab = vocabulary(language_of(locale))
    for kind in KINDS:
        found = vocab.words[kind].at(tokens, at)
        if found is None:
            continue
        apart = found[1] < len(tokens) and tokens[found[1]].raw in _SIGNS
        if apart or tokens[found[1] - 1].raw.endswith((":", "=")):
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
    kinds = "".join(f" {value}" for kind, value in found if kind == "which_kind" and value)
    if len(items) == 1:
        items = [items[0] + kinds]
    for at, item in enumerate(items):
        yield f"{_counted(counts[at])} {_bare(item, locale)}" if at < len(counts) else item
    yield from (_WRITTEN_AS[kind].format(value) for kind, value in found if kind in _WRITTEN_AS and value)
    yield from bare


def _bare(item: str, locale: Locale) -> str:
    """``A label printer``: its article counts nothing where the count is said."""
    tokens = tokenize(item)
    article = vocabulary(language_of(locale)).counts.at(tokens, 0)
    one = article is not None and article[0] == "1" and article[1] < len(tokens)
    return item[tokens[article[1]].start :] if article is not None and one else item


def _counted(count: str) -> str:
    return f"{count} x" if count.replace(" ", "").isdigit() else count
