"""Figures, by request: never part of a test run."""
