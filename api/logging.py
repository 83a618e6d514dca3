"""Logs as events with fields, one JSON line each, to standard error, in every process.

    configure()    once, at a process's start: our own events, what libraries log, and uncaught errors
    set_up()       only the first two

One rule: the log contains no bodies, tokens or names.

An exception is logged by its types and locations, never with its message or variables, because a database
error repeats the values it was given. A library's message may contain anything: its own constant sentences
are logged as they are, of any other record only its location.
"""

import contextlib
import io
import logging
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO, cast

import structlog
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from structlog.typing import EventDict, Processor, WrappedLogger

MAX_FRAMES, MAX_CAUSES = 12, 5
_ROOT = str(Path(__file__).parents[1])
SENTENCES = frozenset(
    {
        # uvicorn
        "Started server process [%d]",
        "Waiting for application startup.",
        "Application startup complete.",
        "Application startup failed. Exiting.",
        "Uvicorn running on %s://%s:%d (Press CTRL+C to quit)",
        "Shutting down",
        "Waiting for connections to close. (CTRL+C to force quit)",
        "Waiting for application shutdown.",
        "Application shutdown complete.",
        "Application shutdown failed. Exiting.",
        "Finished server process [%d]",
        "Exception in ASGI application\n",
        "Invalid HTTP request received.",
        "Unsupported upgrade request.",
        "Cancel %s running task(s), timeout graceful shutdown exceeded",
        # dramatiq
        "Consumer encountered a connection error: %s",
        "Consumer encountered an unexpected error.",
        "Failed to process message %s with unhandled exception.",
        "Message %r has exceeded its age limit.",
        # aiohttp
        "Error handling request from %s",
        "Unhandled exception",
    }
)
"""Constant messages of libraries; a message with values filled in is never equal to one of these."""


class LogSettings(BaseSettings):
    """The variables are described in docs/operations.md."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias="PARLEY_LOG_LEVEL"
    )


def configure() -> None:
    """Configure this process at its start; an unknown level ends it."""
    try:
        level = LogSettings().level
    except ValidationError:
        raise SystemExit(
            "set PARLEY_LOG_LEVEL to debug, info, warning or error, such as PARLEY_LOG_LEVEL=info"
        ) from None
    set_up(logging.getLevelNamesMapping()[level.upper()])
    _hear_what_nobody_caught()


def set_up(level: int = logging.INFO) -> None:
    """Log our own events and those of libraries, from this level on."""
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", LossyStream(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[Libraries(level)], level=level, force=True)


class LossyStream(io.TextIOBase):
    """A log on a full disk loses lines; whoever logs goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        with contextlib.suppress(OSError):
            return self._stream.write(line)
        return 0

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


class Libraries(logging.Handler):
    """Logs what libraries log, as events of ours.

    Below a warning, only their constant sentences are logged, unless the level is debug.
    """

    def emit(self, record: logging.LogRecord) -> None:
        text: object = record.msg
        sentence = {"message": text.strip()} if isinstance(text, str) and text in SENTENCES else {}
        if not sentence and self.level > logging.DEBUG and record.levelno < logging.WARNING:
            return
        structlog.get_logger().log(
            min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL),
            "library.logged",
            logger=record.name,
            place=f"{record.filename}:{record.lineno} {record.funcName}",
            exc_info=_error_of(record),
            **sentence,
        )


def _error_of(record: logging.LogRecord) -> BaseException | None:
    """The error that a record is about, wherever the library has put it."""
    if record.exc_info and record.exc_info[1]:
        return record.exc_info[1]
    given = record.args if isinstance(record.args, tuple) else ()
    return next((each for each in (record.msg, *given) if isinstance(each, BaseException)), None)


def _hear_what_nobody_caught() -> None:
    """Log uncaught errors; Python would print them with their message."""
    log = structlog.get_logger()

    def of_process(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("process.failed", exc_info=error)

    def of_thread(caught: threading.ExceptHookArgs) -> None:
        if not issubclass(caught.exc_type, SystemExit):
            log.error("thread.failed", exc_info=caught.exc_value)

    def unraisable(caught: "sys.UnraisableHookArgs") -> None:
        log.error("error.unraisable", exc_info=caught.exc_value)

    def warned(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any
    ) -> None:
        place = f"{filename.rpartition('/')[2]}:{lineno}"
        log.warning("library.warned", kind=category.__name__, place=place)

    sys.excepthook = of_process
    threading.excepthook = of_thread
    sys.unraisablehook = unraisable
    warnings.showwarning = warned


def strip_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """``exc_info`` becomes the chain of exception types and where the last one was raised."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = _types(error)
        event["places"] = _places(error)
    return event


def describe_error(error: BaseException) -> str:
    """The types and the location of an error in one line, for people to read; never its message."""
    ours = [place for place in _frames(error) if _is_ours(place)] or _frames(error)
    at = f" at {_place(ours[-1])}" if ours else ""
    return f"{', caused by '.join(_types(error))}{at}"


def _types(error: BaseException) -> list[str]:
    """The error and its causes, by type; of an exception group, the first."""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < MAX_CAUSES:
        names.append(type(seen).__name__)
        seen = seen.exceptions[0] if isinstance(seen, BaseExceptionGroup) else seen.__cause__
    return names


def _places(error: BaseException) -> list[str]:
    return [_place(frame) for frame in _frames(error)[-MAX_FRAMES:]]


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return list(traceback.extract_tb(error.__traceback__))


def _place(frame: traceback.FrameSummary) -> str:
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith(_ROOT) and "site-packages" not in frame.filename


def _by_type(value: object) -> str:
    """A field that is not a plain value may contain anything, so only its type is logged."""
    return type(value).__name__


PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    strip_exception,
    structlog.processors.JSONRenderer(default=_by_type),
]
"""One list for all loggers of a process; tests insert a processor that captures the log."""
