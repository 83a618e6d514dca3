"""How far back facts about vendors are read."""

WINDOW_DAYS = 1_460
"""Older facts count for nothing."""
