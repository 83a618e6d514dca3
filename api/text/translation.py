"""``translate``: a sentence by key, locale and facts.

One rule: a missing key or fact raises an error that tests meet, so that nobody reads a half-filled sentence.

Facts are inserted as they are and never interpreted as patterns; the caller escapes for its platform.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from string import Formatter

from api.text.catalogues import catalogue
from api.text.commands import COMMAND_MARK, CommandName, mark_commands
from api.text.formats import day, number
from api.text.locales import DEFAULT, chain, comma_separated, isolate, isolate_latin, right_to_left


class MissingTranslation(KeyError):
    """No catalogue of the locale's chain has this key."""

    def __init__(self, key: str, locale: str) -> None:
        super().__init__(key)
        self.key = key
        self.locale = locale

    def __str__(self) -> str:
        return f"no sentence {self.key!r} for {self.locale!r}"


class MissingPlaceholder(KeyError):
    """The sentence names a placeholder for which the caller gave no fact."""

    def __init__(self, key: str, fact: str) -> None:
        super().__init__(fact)
        self.key = key
        self.fact = fact

    def __str__(self) -> str:
        return f"sentence {self.key!r} needs the fact {self.fact!r}"


def translate(key: str, locale: str, /, **facts: object) -> str:
    """The sentence of a key in the person's language, with its placeholders filled."""
    if not facts:
        return _plain(key, locale)
    return _fill(key, _sentence(key, locale), locale, facts)


def _sentence(key: str, locale: str) -> str:
    for language in chain(locale):
        sentence = catalogue(language).one(key)
        if sentence is not None:
            return sentence
    raise MissingTranslation(key, locale)


@cache
def _plain(key: str, locale: str) -> str:
    """A sentence without facts is the same each time."""
    return _fill(key, _sentence(key, locale), locale, {})


def translate_plural(key: str, n: int, locale: str, /, **facts: object) -> str:
    """The plural form for n in the person's language; ``{n}`` is filled automatically."""
    for language in chain(locale):
        sentence = catalogue(language).many(key, n)
        if sentence is not None:
            return _fill(key, sentence, locale, {"n": Decimal(n), **facts})
    raise MissingTranslation(key, locale)


def has_key(key: str) -> bool:
    """Whether the catalogues have this key."""
    known = catalogue(DEFAULT)
    return key in known.keys or key in known.plural_keys


def all_keys() -> frozenset[str]:
    """Every key, plural ones included."""
    known = catalogue(DEFAULT)
    return known.keys | known.plural_keys


def placeholders(sentence: str) -> frozenset[str]:
    """The names of the facts that one sentence needs, without its commands."""
    return frozenset(name for _, name, _, _ in Formatter().parse(mark_commands(sentence)) if name is not None)


def _fill(key: str, sentence: str, locale: str, facts: dict[str, object]) -> str:
    wrap = right_to_left(chain(locale)[0])
    sentence = _isolated(sentence) if wrap else mark_commands(sentence)
    shown = {name: _shown(value, locale, wrap) for name, value in facts.items()}
    try:
        return sentence.format_map(shown)
    except KeyError as missing:
        raise MissingPlaceholder(key, str(missing.args[0])) from missing


def _shown(value: object, locale: str, wrap: bool) -> str:
    match value:
        case Decimal():
            text = number(value, locale)
        case datetime():
            raise TypeError("a time needs a zone: use moment()")
        case date():
            text = day(value, locale)
        case tuple():
            return comma_separated((_shown(each, locale, wrap) for each in value), chain(locale)[0])
        case CommandName(name):
            text = f"{COMMAND_MARK}{name}"
        case _:
            text = str(value)
    return isolate(text) if wrap else text


@cache
def _isolated(sentence: str) -> str:
    """The pattern with its Latin-letter text isolated; its placeholders stay."""
    parts = Formatter().parse(mark_commands(sentence))
    return "".join(isolate_latin(literal) + (f"{{{name}}}" if name else "") for literal, name, _, _ in parts)
