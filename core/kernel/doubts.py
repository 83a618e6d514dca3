"""Doubts about a quote.

One rule: a doubt is computed, never stored, and only a person's reason gets past it.
"""

from enum import StrEnum


class Doubt(StrEnum):
    """Why nobody but a person chooses a quote: it comes too late, something costs nothing, or lines have no price."""

    late = "late"
    free = "free"
    incomplete = "incomplete"
