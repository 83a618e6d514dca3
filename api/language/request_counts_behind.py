"""How many, said behind what is wanted: ``A filter. One is enough.``, ``se acabó la cinta, trae 8 rollos``.

One rule: a part that says nothing but how many counts what stands before it, where that has no count of its own.

    the last sentence or the last part    ``cat carriers! five!``, ``bolts, 40 please``, ``pens, sixty of them``
    behind what ran out                   ``plus de ruban noir, j'en veux 8 rouleaux``
    behind a sum that was explained       ``one per bay and we have 4 bays, so 4 mirrors``
"""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.core import Locale

from api.language.amounts import quantity_at
from api.language.request_cursor import after_wish, joined
from api.language.request_doubts import has_count
from api.language.request_items import MEASURES, TIMES_OF_DAY
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MAX_TAIL = 14


@dataclass(frozen=True)
class _Count:
    written: str
    """The number with its unit or a sign of multiplication."""
    rest: str
    """The clauses behind it: a day, for whom."""
    enough: bool
    """It says that so many are enough."""


_SIGNS = frozenset({",", "-", "–", "—", "!", "!!", ".", ":"})


def with_counts_before(sentences: Sequence[str], locale: Locale) -> list[str]:
    """The sentences, with how many before what is counted."""
    found: list[str] = []
    for sentence in sentences:
        tokens = tokenize(sentence)
        alone = _only_count(tokens, locale)
        if alone is not None and found and _may_be_counted(tokenize(found[-1]), alone, locale):
            found[-1] = _with_count(tokenize(found[-1]), alone, locale)
            continue
        if alone is not None and alone.enough and found and _says(tokenize(found[-1]), alone, locale):
            continue
        cut = next((at for at in range(1, len(tokens)) if _cuts(tokens, at, locale)), None)
        behind = _only_count(tokens[cut:], locale) if cut is not None else None
        found.append(sentence if behind is None else _with_count(tokens[:cut], behind, locale))
    return found


def _with_count(tokens: Sequence[Token], count: _Count, locale: Locale) -> str:
    return f"{count.written} {_wanted(tokens, locale)} {count.rest}".strip()


def _begun(tokens: Sequence[Token], locale: Locale) -> int:
    """Behind the words of the wish."""
    return after_wish(tokens, 0, locale, kinds=("needs", "only"), signs=_SIGNS)


def _says(tokens: Sequence[Token], count: _Count, locale: Locale) -> bool:
    """``A filter. One is enough.``: how many was said before."""
    said = quantity_at(tokens, _begun(tokens, locale), locale)
    told = quantity_at(tokenize(count.written), 0, locale)
    return said is not None and told is not None and said.value == told.value


def _may_be_counted(tokens: Sequence[Token], count: _Count, locale: Locale) -> bool:
    """``Filter for the G 5000. One is enough.``: who says that so many are enough speaks of what stands before."""
    begins = quantity_at(tokens, _begun(tokens, locale), locale)
    return _is_uncounted(tokens, locale) or (count.enough and begins is None)


def _cuts(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """Whether a sign stands here, behind it only how many, and before it what is wanted."""
    ended = tokens[at].raw in _SIGNS or tokens[at - 1].raw[-1] in "!"
    near = len(tokens) - at <= MAX_TAIL
    return (
        ended and near and _only_count(tokens[at:], locale) is not None and _is_uncounted(tokens[:at], locale)
    )


def _is_uncounted(tokens: Sequence[Token], locale: Locale) -> bool:
    """Words that name something, and no count among them."""
    vocab = vocabulary(language_of(locale))
    named = any(token.raw[0].isalpha() for token in tokens)
    counted = has_count(tokens, locale) or quantity_at(tokens, _begun(tokens, locale), locale) is not None
    pieces = any(
        found is not None and found.unit not in MEASURES | TIMES_OF_DAY | {None}
        for at in range(len(tokens))
        if tokens[at].raw[0].isdigit()
        for found in (quantity_at(tokens, at, locale),)
    )
    listed = any(token.raw == "," for token in tokens) and not _ran_out(tokens, vocab)
    return named and not (counted or pieces or listed)


def _wanted(tokens: Sequence[Token], locale: Locale) -> str:
    """What is wanted, without how it is said that it ran out."""
    vocab = vocabulary(language_of(locale))
    words = list(tokens)
    start = _ran_out(words, vocab) or _begun(words, locale)
    start = start if start < len(words) else 0
    while start < len(words):
        article = vocab.words["definite"].at(words, start) or vocab.words["before_place"].at(words, start)
        if article is None or not start:
            break
        start = article[1]
    return joined(words[start:]).rstrip(" ,.!:")


def _ran_out(tokens: Sequence[Token], vocab: Vocabulary) -> int:
    """Behind ``we ran out of``, ``se acabó``, and what greets before it; 0 where it does not begin so."""
    index = 0
    while index < len(tokens):
        out = vocab.words["ran_out"].at(tokens, index)
        if out is not None:
            return out[1]
        talk = vocab.courtesies.at(tokens, index) or vocab.words["greetings"].at(tokens, index)
        if talk is None and tokens[index].raw not in _SIGNS:
            return 0
        index = talk[1] if talk is not None else index + 1
    return 0


def _only_count(tokens: Sequence[Token], locale: Locale) -> _Count | None:
    """The count where these words say only how many, and something says that they do."""
    vocab = vocabulary(language_of(locale))
    start = _begun(tokens, locale)
    found = quantity_at(tokens, start, locale)
    if found is None or found.unit in MEASURES | TIMES_OF_DAY:
        return None
    told = found.unit is not None or any(token.raw not in _SIGNS for token in tokens[:start])
    index, enough = found.after, False
    while index < len(tokens) and (found.unit is None or vocab.clauses.at(tokens, index) is None):
        suffices = vocab.words["suffices"].at(tokens, index)
        tables = (vocab.words["of_them"], vocab.courtesies, vocab.words["praise"], vocab.words["sign_off"])
        after = [each[1] for table in tables if (each := table.at(tokens, index)) is not None]
        after += [suffices[1]] if suffices is not None else []
        if not after and tokens[index].raw not in _SIGNS:
            return None
        told, enough = told or bool(after), enough or suffices is not None
        index = max(after, default=index + 1)
    ended = len(tokens) == found.after and tokens[-1].raw[-1] == "!"
    if not (told or ended):
        return None
    written = joined(tokens[start : found.after]).rstrip(".,!;:")
    unit = "" if found.unit is not None else " x"
    return _Count(f"{written}{unit}", joined(tokens[index:]), enough)
