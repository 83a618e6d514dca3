"""What is known before an officer enters something for a vendor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Enterable:
    """``again``: a quote was entered for this vendor already, and the next one revises it."""

    vendor_name: str
    again: bool
