"""One id per update, made here; the last webhook that the update causes still carries it."""

import uuid
from contextvars import ContextVar

_CURRENT: ContextVar[str] = ContextVar("parley_correlation_id", default="")


def new_correlation_id() -> str:
    """A new id for the update that is being handled."""
    value = uuid.uuid4().hex
    _CURRENT.set(value)
    return value


def correlation_id() -> str:
    return _CURRENT.get()
