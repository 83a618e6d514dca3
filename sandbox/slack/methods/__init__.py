"""The Web API methods, by theme."""
