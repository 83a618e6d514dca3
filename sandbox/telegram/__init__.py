"""A strict stand-in for the Bot API."""
