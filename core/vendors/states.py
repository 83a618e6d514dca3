"""What a list of vendors can be limited to.

One rule: a vendor has no stored state; the holds in force today say which it has.
"""

from enum import StrEnum


class VendorState(StrEnum):
    """Held from something today, or not."""

    active = "active"
    on_hold = "on_hold"
