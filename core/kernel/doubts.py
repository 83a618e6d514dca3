"""Doubts about a quote.

One rule: a doubt is computed, never stored, and only a person's reason gets past it.
"""

from enum import StrEnum


class Doubt(StrEnum):
    """Why nobody but a person chooses a quote: it comes after the needed day, or something in it costs nothing."""

    late = "late"
    free = "free"
