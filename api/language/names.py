"""Names of people in a text: who is meant by ``@rosa``, ``Rosa Keller`` or, in Russian, ``Розы``.

One rule: a name is never guessed; several people of one name are all found, and the person is asked.
"""

import re
from collections.abc import Collection

from api.language.language_tags import locale_for
from api.language.tokenizer import clean, fold, segments, tokenize
from api.language.vocabulary import language_of, vocabulary

MOST_PLACES = 3
_PARTS = re.compile(r"[\s._@,]+")
_ENDING = re.compile(r"(?<=[\u0400-\u04ff]{2})[аеёиоуыэюяйьм]{1,3}$", re.IGNORECASE)
"""What a Russian name changes from case to case."""


def parts_of(text: str) -> tuple[str, ...]:
    """The words of a name or a handle, folded: ``@rosa.keller`` has two."""
    return tuple(part for part in (fold(each) for each in _PARTS.split(text)) if part)


def stem(word: str) -> str:
    """What a Russian name keeps in every case; any other word as it is."""
    return _ENDING.sub("", word)


def has_name(name: str, written: str) -> bool:
    """Whether somebody of this name may be called what was written."""
    own = {stem(part) for part in parts_of(name)}
    wanted = [stem(part) for part in parts_of(written)]
    return bool(wanted) and all(part in own for part in wanted)


def is_named(written: str, names: Collection[str]) -> bool:
    return any(has_name(name, written) for name in names)


def possible_names(text: str, locale: str) -> tuple[str, ...]:
    """What follows ``for`` and ``on behalf of`` and may be a name: whoever knows the people looks it up."""
    words, found = vocabulary(language_of(locale_for(locale))), []
    for part in segments(clean(text)):
        tokens = tokenize(part)
        for index in range(len(tokens)):
            clause = words.clauses.at(tokens, index)
            if clause is None or clause[0] not in ("purpose", "behalf") or clause[1] >= len(tokens):
                continue
            written = tokens[clause[1]].raw.strip("@.,:;!?()\"'")
            if written[:1].isalpha():
                found.append(" ".join(stem(each) for each in _PARTS.split(written) if each))
    return tuple(dict.fromkeys(found))[:MOST_PLACES]
