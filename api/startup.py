"""Starts every process with its settings from the environment, or ends it with one line per wrong variable.

One rule: a wrong value is named, never shown.
"""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

Settings = TypeVar("Settings", bound=BaseSettings)


def settings_or_exit(settings: type[Settings], process: str) -> Settings:
    """The settings of this process, or its end; ``process`` is its name for people."""
    try:
        return settings()
    except ValidationError as error:
        found = [("/".join(map(str, item["loc"])), item["msg"]) for item in error.errors(include_input=False)]
        wrong = [f"{name}: {what}" if name else what for name, what in found]
        raise SystemExit(f"{process} does not start:\n" + "\n".join(wrong)) from None
