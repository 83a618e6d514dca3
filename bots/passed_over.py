"""Updates that nobody can read, on both platforms.

One rule: such an update is logged by its id, counted and passed over, so that nobody behind it waits.

A platform sends new kinds of messages before its library knows them; answered with an error, they would come again
and again. What people wrote is not logged.
"""

import itertools
from collections.abc import Sequence

import structlog
from pydantic import ValidationError

log = structlog.get_logger()

_count = itertools.count(1)


def pass_over(update_id: str | int | None, places: Sequence[str] = ()) -> None:
    """Log an update that is not handled: its id and the names of the fields, never what is in them."""
    log.error("update.unreadable", update_id=update_id, places=list(places), in_all=next(_count))


def unreadable_places(error: BaseException) -> list[str]:
    """The fields that were not understood, or what kind of error it was."""
    if not isinstance(error, ValidationError):
        return [type(error).__name__]
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return [".".join(str(part)[:40] for part in each["loc"]) for each in found[:5]]
