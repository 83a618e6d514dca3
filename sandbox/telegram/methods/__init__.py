"""The Bot API methods, by theme."""
