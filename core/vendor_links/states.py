"""What may have become of a vendor's link."""

from enum import StrEnum


class LinkState(StrEnum):
    """Whether a link opens anything, and if not, why."""

    open = "open"
    replaced = "replaced"
    ended = "ended"
    expired = "expired"
