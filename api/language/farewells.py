"""Thanks and greetings with which people take leave: ``muito obrigada``, ``mit bestem Dank``, ``Un abrazo, Luis``.

One rule: what counts something takes no leave.
"""

from collections.abc import Sequence

from babel.core import Locale

from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary


def thanks_at(tokens: Sequence[Token], index: int, locale: Locale) -> int | None:
    """``muito obrigada``, ``mit bestem Dank``: the position behind the thanks that begin here."""
    words = vocabulary(language_of(locale)).words
    strength = words["intensifiers"].at(tokens, index)
    first = strength[1] if strength is not None and words["thanks"].at(tokens, index) is None else index
    found = words["thanks"].at(tokens, first)
    return found[1] if found is not None else None


def takes_leave(tokens: Sequence[Token], locale: Locale) -> bool:
    """``Un abrazo, Luis``, ``muito obrigada``: a sentence that greets or thanks, and counts nothing."""
    signed = vocabulary(language_of(locale)).words["sign_off"].at(tokens, 0)
    begun = signed is not None or thanks_at(tokens, 0, locale) == len(tokens)
    return begun and not any(char.isdigit() for each in tokens for char in each.raw)
