"""What a person wrote, without characters that change the reading direction or are invisible."""

import unicodedata

_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


_ISOLATES = {ord(sign): None for sign in "\u2068\u2069"}


def clean_input(text: str) -> str:
    """What a person typed or pasted, over several lines; also without the signs that our own sentences set."""
    return clean(text, lines=True).translate(_ISOLATES).strip()


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it may be shown; line ends stay where ``lines`` are wanted."""
    return "".join(
        character
        for character in text
        if (character == "\n" and lines)
        or (
            character not in _BIDI_CONTROLS
            and unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")
        )
    )
