"""Trace context as W3C writes it: ``00-<trace id>-<span id>-<flags>``; a caller's trace goes on in what follows.

One rule: a header that is not exactly as the standard has it begins a new trace, and is never stored.
"""

import re
import secrets

_TRACEPARENT = re.compile(
    r"([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?"
)
_LONGEST = 512
"""A later version of the standard may append fields; only what version 00 has is read."""


def continued(traceparent: str | None) -> str:
    """The same trace with a span of our own; a new trace, not sampled, without a valid header."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent and len(traceparent) <= _LONGEST else None
    span = secrets.token_hex(8)
    if found is None or found[1] == "ff" or (found[1] == "00" and len(traceparent or "") != 55):
        return f"00-{secrets.token_hex(16)}-{span}-00"
    return f"00-{found[2]}-{span}-{int(found[3], 16) & 1:02x}"
