"""What a button claims: an operation on one object at one version, in at most 64 bytes.

    <op>:<id, 22 characters>:<version, base 36>:<argument>

The same string is a Telegram button's data and a Slack button's value.

One rule: a press is a claim, never a right. Whoever pressed is looked up, and the API decides.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Op(StrEnum):
    """The operations, as short as the 64 bytes of a button want them."""

    form = "f"
    link_confirm = "ly"
    link_refuse = "ln"
    run_command = "do"
    ask_vendors = "av"
    withdraw_request = "rw"
    take_back_request = "tb"
    edit_request = "er"
    cancel_request = "rc"
    reject_unapproved = "ru"
    drop_line = "rd"
    move_deadline = "md"
    add_vendors = "ad"
    correct_rfq = "co"
    cancel_rfq = "cr"
    ask_rfq = "qa"
    answer_rfq = "ar"
    confirm_quote = "cq"
    attach_files = "af"
    enter_quote = "eq"
    ask_to_complete = "ac"
    enter_acknowledgement = "ea"
    quote = "q"
    no_bid = "nb"
    withdraw_quote = "wq"
    close_rfq = "cl"
    propose = "pr"
    split_award = "sw"
    compare = "cp"
    compare_text = "ct"
    approve = "ap"
    reject = "rj"
    reject_request = "rr"
    ask = "aq"
    approve_reply = "as"
    undo = "ud"
    forward = "fw"
    reassign = "rs"
    acknowledge = "ak"
    refuse_order = "xr"
    change_order = "cg"
    accept_change = "xa"
    decline_change = "xd"
    take_back_change = "xt"
    call_off_order = "xo"
    close_order = "xs"
    cancel_order = "xc"
    correct_receipt = "rk"
    return_goods = "rt"
    receive_all = "ra"
    receive_lines = "rl"
    open_request = "or"
    open_rfq = "of"
    open_approval = "oa"
    open_order = "oo"
    order_history = "oh"
    files = "fs"
    file = "fi"
    snooze = "sz"
    delegate = "dl"
    end_delegation = "ed"
    settings = "se"
    dashboard = "db"
    draft_demand = "dd"
    open_demand = "od"
    page = "pg"
    web_login = "wl"
    unlink_chat = "ul"
    explain_finding = "xf"
    fine_because = "ff"
    hold_finding = "hf"
    confirm_finding = "cf"


NO_ID = UUID(int=0)
MAX_BYTES = 64
_PACKED = re.compile(r"([a-z]{1,4}):([A-Za-z0-9_-]{22}):([0-9a-z]{1,6}):([^\x00-\x1f]*)", re.ASCII)
_OPS = frozenset(op.value for op in Op)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Press:
    op: Op
    id: UUID = NO_ID
    version: int = 0
    arg: str = ""


def short_id(value: UUID) -> str:
    """22 characters of A-Za-z0-9_- for a UUID."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()


def parse_short_id(text: str) -> UUID | None:
    """The UUID of 22 characters, or nothing."""
    try:
        raw = base64.b64decode(f"{text}==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=raw) if len(raw) == 16 else None


def pack(press: Press) -> str:
    """The button's data; ValueError when it does not fit."""
    data = f"{press.op.value}:{short_id(press.id)}:{_base36(press.version)}:{press.arg}"
    if len(data.encode()) > MAX_BYTES:
        raise ValueError(f"{press.op} does not fit into {MAX_BYTES} bytes")
    return data


def unpack(data: str | None) -> Press | None:
    """The press, or nothing for what no button of ours carries."""
    match = _PACKED.fullmatch(data or "")
    if match is None or match[1] not in _OPS or len(match[0].encode()) > MAX_BYTES:
        return None
    identity = parse_short_id(match[2])
    return Press(Op(match[1]), identity, int(match[3], 36), match[4]) if identity is not None else None


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if number == 0:
            return digits
