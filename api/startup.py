"""Starts every process: its settings from the environment, its imports, its event loop.

One rule: a wrong value of a variable is named, never shown.
"""

import gc
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import uvloop
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


@contextmanager
def importing() -> Iterator[None]:
    """Import a process's code: it stays until the end, so the garbage collector need never look at it."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def run(process: Coroutine[object, object, None]) -> None:
    """Run an asynchronous process on uvloop, to its end."""
    uvloop.run(process)
