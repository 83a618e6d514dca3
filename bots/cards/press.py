"""What a button claims: an operation on one object at one version.

One rule: a press is a claim, never a right. Whoever pressed is looked up, and the API decides.
"""

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Op(StrEnum):
    """The operations, as short as the 64 bytes of a button want them."""

    form = "f"
    link_confirm = "ly"
    link_refuse = "ln"
    ask_vendors = "av"
    withdraw_request = "rw"
    cancel_request = "rc"
    quote = "q"
    no_bid = "nb"
    withdraw_quote = "wq"
    close_rfq = "cl"
    propose = "pr"
    compare = "cp"
    compare_text = "ct"
    approve = "ap"
    reject = "rj"
    ask = "aq"
    answer = "an"
    acknowledge = "ak"
    receive_all = "ra"
    receive_lines = "rl"
    open_request = "or"
    open_rfq = "of"
    open_approval = "oa"
    open_order = "oo"


NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Press:
    op: Op
    id: UUID = NOBODY
    version: int = 0
    arg: str = ""


def short(value: UUID) -> str:
    """22 characters of A-Za-z0-9_- for a UUID."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()


def long(text: str) -> UUID | None:
    """The UUID of 22 characters, or nothing."""
    try:
        raw = base64.b64decode(f"{text}==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=raw) if len(raw) == 16 else None
