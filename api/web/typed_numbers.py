"""Numbers of a form for the contract, which takes no text for them."""

MOST_DIGITS = 18


def whole(text: str) -> int | str:
    """The number that was typed; what is none stays as it is, so that the contract names its field."""
    typed = text.strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else typed
