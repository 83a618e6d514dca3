"""What the sandbox's process logs: where something went wrong, never what people wrote.

One rule: an exception is its types and its place; a library's message is logged without the values filled in.
"""

import logging
import sys
import traceback
from types import TracebackType


class TypesOnly(logging.Formatter):
    """One line per record."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        told = f"{record.levelname} {record.name} {record.filename}:{record.lineno} {record.msg!s}"
        return f"{told} {described(error)}" if error is not None else told


def described(error: BaseException) -> str:
    """``KeyError at slack/server.py:40``; of a group its first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)
    at = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{at}"


def log_types_only() -> None:
    """For this process, from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(TypesOnly())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    sys.excepthook = _end


def _end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(f"the sandbox ended: {described(error)}\n")
