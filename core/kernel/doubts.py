"""Doubts about a quote.

One rule: a doubt is computed, never stored, and only a person's reason gets past it.
"""

from enum import StrEnum


class Doubt(StrEnum):
    """Why nobody but a person chooses a quote.

    It comes after the needed day, something in it costs nothing, or it leaves out lines.
    """

    late = "late"
    free = "free"
    incomplete = "incomplete"
