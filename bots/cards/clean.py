"""What a person wrote, without characters that change the reading direction or are invisible."""

import unicodedata

_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


_ISOLATES = {ord(sign): None for sign in "\u2068\u2069"}


def clean_input(text: str) -> str:
    """What a person typed or pasted, over several lines; also without the signs that our own sentences set."""
    return clean(text, lines=True).translate(_ISOLATES).strip()


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it may be shown; line ends stay where ``lines`` are wanted."""
    return text.translate(_SHOWN_WITH_LINES if lines else _SHOWN)


class _Shown(dict[int, int | None]):
    """What each character is translated to: itself, or nothing. The common ones are looked up once."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        hidden = character in _BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")
        shown = None if hidden else code
        if code <= _LAST_COMMON:
            self[code] = shown
        return shown


_LAST_COMMON = 0xFFFF
_SHOWN, _SHOWN_WITH_LINES = _Shown(), _Shown({ord("\n"): ord("\n")})
