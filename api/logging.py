"""Logs as events with fields, one JSON line each, to standard error.

One rule: no bodies, tokens or names. Of an exception the type and the places are logged, never its message or
its variables, because a database error repeats the values it was given.
"""

import logging
import sys
import traceback
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MAX_FRAMES = 12


def configure() -> None:
    """For one process, at its start."""
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def strip_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """``exc_info`` becomes the chain of exception types and where the last one was raised."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = _types(error)
        event["places"] = _places(error.__traceback__)
    return event


def _types(error: BaseException) -> list[str]:
    """The error and what caused it, by type."""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < 5:
        names.append(type(seen).__name__)
        seen = seen.__cause__
    return names


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MAX_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    strip_exception,
    structlog.processors.JSONRenderer(),
]
"""One list for all loggers of a process: what listens to the log is put in here."""
