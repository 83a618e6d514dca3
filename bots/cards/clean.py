"""What a person wrote, without signs that turn the reading direction or that nobody sees."""

import unicodedata

_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


_ISOLATING = {ord(sign): None for sign in "\u2068\u2069"}


def typed(text: str) -> str:
    """What a person typed or pasted, over several lines; also without the signs that our own sentences set."""
    return clean(text, lines=True).translate(_ISOLATING).strip()


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it may be shown; line ends stay where ``lines`` are wanted."""
    return "".join(
        sign
        for sign in text
        if (sign == "\n" and lines)
        or (sign not in _TURNING and unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    )
