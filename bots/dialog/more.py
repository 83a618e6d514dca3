"""How many of a list are not shown, and how to see them.

One rule: the number is exact up to one page of the API; what is more is told as ``90+``.
"""

from collections.abc import Sequence

from bots.dialog.context import Context

PAGE = 100


def not_shown(ctx: Context, key: str, found: Sequence[object], shown: int, *, cut: bool) -> tuple[str, ...]:
    """The sentence ``key`` with the number, or nothing when all are shown; ``cut``: the page was not all."""
    left = len(found) - shown
    if left <= 0:
        return ()
    return (ctx.translate(key, n=f"{left}+" if cut else str(left)),)
