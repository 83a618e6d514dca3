"""What a person reads about an error: a sentence for what is known, a reference for what is not.

One rule: whatever went wrong, the person is told, and the details stay in the log.
"""

import uuid

import structlog

from api.text import translate
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater
from bots.client.errors import Invalid, Late, NotLinked, Problem, Unavailable
from bots.talk.correlation import correlation_id

log = structlog.get_logger()


def sentence(error: Exception, locale: str) -> str:
    """The words for this error; a refusal stands in the log, whoever decided it."""
    if isinstance(error, Problem):
        log.info("update.refused", code=error.code)
    match error:
        case NotLinked():
            return translate("help.unlinked", locale)
        case Invalid(problem=problem) if problem.errors:
            first = problem.errors[0]
            told = translate("errors.values", locale, field=_field(first.field), message=first.message)
            return (
                f"{told} {translate('errors.example', locale, example=first.example)}"
                if first.example
                else told
            )
        case Problem(problem=problem):
            return problem.detail
        case Late():
            return translate("errors.still_working", locale)
        case Unavailable():
            return translate("errors.api_down", locale)
        case NotAllowed(why=why):
            log.warning("chat.not_allowed", why=why[:200])
            return translate("errors.not_allowed_here", locale)
        case Blocked() | Gone() | RetryLater():
            log.warning("chat.unreachable", why=repr(error)[:200])
            return translate("errors.not_shown", locale)
    reference = correlation_id()[:8] or uuid.uuid4().hex[:8]
    log.error("bot.unforeseen", reference=reference, exc_info=error)
    return translate("errors.internal", locale, reference=reference)


def _field(pointer: str) -> str:
    """``/lines/0/quantity`` as a person reads it."""
    return " ".join(part for part in pointer.strip("/").split("/") if part).replace("_", " ")
