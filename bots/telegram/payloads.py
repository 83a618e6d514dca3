"""What a Telegram button carries: a Press in at most 64 bytes.

``k:<op>:<id, 22 characters>:<version, base 36>:<argument>``
"""

import base64
from uuid import UUID

from aiogram.filters.callback_data import CallbackData

from bots.cards.model import Op, Press

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class PressData(CallbackData, prefix="k"):
    """A packed press; whatever a client sends in its place is checked by the api, never believed."""

    op: Op
    id: str
    version: str
    arg: str = ""

    def press(self) -> Press:
        return Press(self.op, unpack_id(self.id), int(self.version, 36), self.arg)


class FormData(CallbackData, prefix="f"):
    """A button of an open form: its field and the value it stands for."""

    field: str
    value: str = ""


def pack(press: Press) -> str:
    """The button's data."""
    return PressData(op=press.op, id=pack_id(press.id), version=_base36(press.version), arg=press.arg).pack()


def pack_id(value: UUID) -> str:
    """A UUID as 22 characters."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()


def unpack_id(text: str) -> UUID:
    """The UUID again; ValueError for anything else."""
    return UUID(bytes=base64.urlsafe_b64decode(text + "=="))


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if number == 0:
            return digits
