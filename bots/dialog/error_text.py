"""What a person reads about an error: a sentence for what is known, a reference for what is not.

One rule: whatever went wrong, the person is told, and the details stay in the log.
"""

import uuid

import structlog
from pydantic import ValidationError

from api.text import field_name, translate, value_problem
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater
from bots.client.errors import ApiInvalid, ApiProblem, ApiTimeout, ApiUnavailable, NotLinked
from bots.dialog.correlation import correlation_id

log = structlog.get_logger()

_ENDS = (".", "!", "?", "؟", "…")
"""Some of the API's messages are sentences, most begin after the field's name and have no end of their own."""


def error_text(error: Exception, locale: str) -> str:
    """The sentence for this error; a refusal is logged, whoever decided it."""
    if isinstance(error, ApiProblem):
        log.info("update.refused", code=error.code)
    match error:
        case NotLinked():
            return translate("help.unlinked", locale)
        case ApiInvalid(problem=problem) if problem.errors:
            first = problem.errors[0]
            text = translate(
                "errors.values", locale, field=field_name(first.field, locale), message=first.message
            )
            if not first.example:
                return text
            sentence = text if text.endswith(_ENDS) else f"{text}."
            return f"{sentence} {translate('errors.example', locale, example=first.example)}"
        case ApiProblem(problem=problem):
            return problem.detail
        case ValidationError():
            return _value_text(error, locale)
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


def _value_text(error: ValidationError, locale: str) -> str:
    """A value that our own model of a body refuses is told as the API would tell it."""
    first = error.errors()[0]
    field = field_name("/" + "/".join(str(part) for part in first["loc"]), locale)
    message = value_problem(first["type"], first.get("ctx", {}), first["msg"], locale)
    return translate("errors.values", locale, field=field, message=message)
