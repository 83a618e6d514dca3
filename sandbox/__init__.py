"""Strict stand-ins for the chat platforms, and a page on which to play every person.

One rule: it imports nothing of the project.
"""
