"""Words of a wish that ask for nothing: ``don't order 5 laptops``, ``we bought 3 chairs``, ``we might need 2``.

One rule: what is denied, done, unsure or an act of one's own is no wish; what it counts is asked about.

    not_wished      before a verb          ``never``, ``kein-``; ``not_behind`` stands directly behind one: ``nicht``
    not_endings     within a verb          ``gerekmiyor``: the endings of ``not_stems``
    done_endings    of ``order_verbs``     or of ``done_stems``: ``купили``, but for ``would``: ``чтобы купили``
    told            whole phrases          ``we provide``, ``who ordered``
    unsure          beside a verb          ``maybe``, ``might``
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from babel.core import Locale

from api.language.request_cursor import APART
from api.language.tokenizer import Token, fold
from api.language.vocabulary import Vocabulary, language_of, vocabulary, written_words

MAX_BETWEEN = 3
"""So many words on from a "not" its verb may stand."""
_EDGE = ".,:!?()\"'“”„«»"
_VERB_LAST = frozenset({"tr"})


def is_withheld(tokens: Sequence[Token], locale: Locale) -> bool:
    """Whether the clause of the first count asks for nothing."""
    language = language_of(locale)
    vocab = vocabulary(language)
    at = next((at for at, each in enumerate(tokens) if _counts(tokens, at, each, vocab)), None)
    if at is None:
        return False
    begun = next((each + 1 for each in range(at - 1, -1, -1) if _is_apart(tokens[each])), 0)
    end = next((each for each in range(at, len(tokens)) if _is_apart(tokens[each])), len(tokens))
    said = tokens[begun : end if language in _VERB_LAST else at]
    return (
        _is_denied(tokens[begun:at], vocab)
        or _is_denied_behind(tokens[begun:end], vocab)
        or _is_unsure(said, vocab)
        or _is_told(said, vocab)
        or _is_told([replace(each, word=fold(each.raw)) for each in said], vocab)
        or any(_is_done(said, each, language, vocab) for each in range(len(said)))
    )


def _counts(tokens: Sequence[Token], at: int, token: Token, vocab: Vocabulary) -> bool:
    return token.raw.strip(_EDGE)[-1:].isdigit() or vocab.own_counts.at(tokens, at) is not None


def _is_apart(token: Token) -> bool:
    return token.raw in APART or token.raw[-1] in ",;:!?" or token.raw.endswith("..")


def _is_denied(tokens: Sequence[Token], vocab: Vocabulary) -> bool:
    wishes = vocab.openings
    for at in range(len(tokens)):
        if wishes.denies(tokens, at):
            whole = wishes.form_at(tokens, at)
            if whole is not None and whole > at + 1:
                continue  # ``не хватает``
            near = range(at, min(at + MAX_BETWEEN + 1, len(tokens)))
            if any(wishes.form_at(tokens, each) is not None for each in near):
                return True
    return False


def _is_denied_behind(tokens: Sequence[Token], vocab: Vocabulary) -> bool:
    """``commandez pas 3 chaises``, ``3 sandalye gerekmiyor``."""
    wishes = vocab.openings
    for at in range(len(tokens)):
        verb = wishes.form_at(tokens, at)
        if verb is not None and wishes.denies(tokens, verb, behind=True):
            return True
        last = len(tokens) - 1  # ``3 Stühle brauchen wir nicht``
        if verb is not None and last - verb < MAX_BETWEEN and wishes.denies(tokens, last, behind=True):
            return True
        if wishes.denied_within is not None and wishes.denied_within.fullmatch(tokens[at].word):
            return True
    return False


def _is_told(tokens: Sequence[Token], vocab: Vocabulary) -> bool:
    return any(vocab.words["told"].at(tokens, at) is not None for at in range(len(tokens)))


def _is_unsure(tokens: Sequence[Token], vocab: Vocabulary) -> bool:
    unsure = any(vocab.words["unsure"].at(tokens, at) is not None for at in range(len(tokens)))
    return unsure and any(vocab.openings.form_at(tokens, at) is not None for at in range(len(tokens)))


def _is_done(tokens: Sequence[Token], at: int, language: str, vocab: Vocabulary) -> bool:
    """A past form, as it is written: without its accent ``compré`` would be ``compre``."""
    done = _done_forms(language)
    word = unicodedata.normalize("NFC", tokens[at].raw.casefold()).strip(_EDGE)
    if done is None or done.fullmatch(word) is None:
        return False
    beside = range(max(at - MAX_BETWEEN, 0), min(at + 2, len(tokens)))
    return not any(_would(tokens, each, vocab) for each in beside)


def _would(tokens: Sequence[Token], at: int, vocab: Vocabulary) -> bool:
    return vocab.words["would"].at(tokens, at) is not None


@cache
def _done_forms(language: str) -> re.Pattern[str] | None:
    """Every past form of the verbs that order; None where the language's file says none."""
    endings = "|".join(_ending(each) for each in written_words(language, "done_endings"))
    listed = written_words(language, "done_stems") or written_words(language, "order_verbs")
    verbs = (each.split()[-1] for each in listed)
    stems = "|".join(re.escape(each.removesuffix("-")) for each in verbs if each.endswith("-"))
    return re.compile(f"(?:{stems})(?:{endings})") if endings and stems else None


def _ending(text: str) -> str:
    return re.escape(text.removesuffix("-")) + (r"\w*" if text.endswith("-") else "")
