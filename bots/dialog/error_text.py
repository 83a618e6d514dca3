"""What a person reads about an error: a sentence for what is known, a reference for what is not.

One rule: whatever went wrong, the person is told, and the details stay in the log.
"""

import uuid

import structlog

from api.text import translate
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater
from bots.client.errors import ApiInvalid, ApiProblem, ApiTimeout, ApiUnavailable, NotLinked
from bots.dialog.correlation import correlation_id

log = structlog.get_logger()


def error_text(error: Exception, locale: str) -> str:
    """The sentence for this error; a refusal is logged, whoever decided it."""
    if isinstance(error, ApiProblem):
        log.info("update.refused", code=error.code)
    match error:
        case NotLinked():
            return translate("help.unlinked", locale)
        case ApiInvalid(problem=problem) if problem.errors:
            first = problem.errors[0]
            text = translate("errors.values", locale, field=_field(first.field), message=first.message)
            return (
                f"{text} {translate('errors.example', locale, example=first.example)}"
                if first.example
                else text
            )
        case ApiProblem(problem=problem):
            return problem.detail
        case ApiTimeout():
            return translate("errors.still_working", locale)
        case ApiUnavailable():
            return translate("errors.api_down", locale)
        case NotAllowed(reason=why):
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
