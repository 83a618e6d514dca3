"""What a Telegram button carries: a Press in at most 64 bytes.

    <op>:<id, 22 characters>:<version, base 36>:<argument>

One rule: whatever a client sends in its place is checked by the API, never believed.
"""

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bots.cards.press import Op, Press, long, short

LONGEST = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def pack(press: Press) -> str:
    """The button's data; ValueError when it does not fit."""
    data = f"{press.op.value}:{short(press.id)}:{_base36(press.version)}:{press.arg}"
    if len(data.encode()) > LONGEST:
        raise ValueError(f"{press.op} does not fit into {LONGEST} bytes")
    return data


def unpack(data: str | None) -> Press | None:
    """The press, or nothing for what no button of ours carries."""
    parts = (data or "").split(":", 3)
    if len(parts) != 4 or parts[0] not in {op.value for op in Op} or len(parts[2]) > 8:
        return None
    identity = long(parts[1])
    try:
        version = int(parts[2], 36)
    except ValueError:
        return None
    return Press(Op(parts[0]), identity, version, parts[3]) if identity is not None else None


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if number == 0:
            return digits


class Pressed(Filter):
    """Lets through presses of these operations, and hands the claim to the handler."""

    def __init__(self, *ops: Op) -> None:
        self._ops = frozenset(ops)

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Press]:
        claim = unpack(query.data)
        return {"claim": claim} if claim is not None and claim.op in self._ops else False
