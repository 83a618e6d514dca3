"""The gettext catalogues, read once from their ``.po`` files.

One rule: only the ``.po`` file is stored; it is compiled in memory at first use, so nobody can forget to
compile it.
"""

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locales"
DOMAIN = "parley"


@dataclass(frozen=True)
class Catalogue:
    """One language: its keys, and gettext's own look-up with its plural rule."""

    locale: str
    keys: frozenset[str]
    plural_keys: frozenset[str]
    translations: GNUTranslations

    def one(self, key: str) -> str | None:
        """The sentence, or None when this language lacks it."""
        return self.translations.gettext(key) if key in self.keys else None

    def many(self, key: str, n: int) -> str | None:
        """The plural form for n, or None when this language lacks the key or has no plural for it."""
        return self.translations.ngettext(key, key, n) if key in self.plural_keys else None


def read(locale: str) -> Catalog:
    """The catalogue as Babel reads it, with comments and order, for tests and tools."""
    with (FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


@cache
def catalogue(locale: str) -> Catalogue:
    """The compiled catalogue of one supported language."""
    source = read(locale)
    compiled = BytesIO()
    write_mo(compiled, source)
    compiled.seek(0)
    filled = [message for message in source if message.id and message.string]
    plural = frozenset(str(message.id[0]) for message in filled if message.pluralizable)
    single = frozenset(str(message.id) for message in filled if not message.pluralizable)
    return Catalogue(locale, single, plural, GNUTranslations(compiled))
