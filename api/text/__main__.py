"""Prints every sentence in every language side by side, for proofreading: ``python -m api.text cards.``

One rule: it prints what the catalogues contain, in the order of the English one, and nothing else.
"""

import sys

from babel.messages.catalog import Message

from api.text.catalogues import read
from api.text.locales import SUPPORTED


def forms(message: Message | None) -> tuple[str, ...]:
    """A language's text for one key: one sentence, or one per plural form."""
    translation = message.string if message else "(missing)"
    return tuple(translation) if isinstance(translation, list | tuple) else (str(translation),)


def main(prefix: str = "") -> None:
    catalogs = {locale: read(locale) for locale in SUPPORTED}
    for message in catalogs[SUPPORTED[0]]:
        key = message.id[0] if message.pluralizable else message.id
        if key and str(key).startswith(prefix):
            print(key)
            for locale, catalog in catalogs.items():
                print(f"  {locale}  {' | '.join(forms(catalog.get(message.id)))}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
