"""Strict stand-ins for the chat platforms, and a page to play every person; imports nothing of the project."""
