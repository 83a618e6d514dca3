"""Refusals in the words of the real server."""

from typing import Any

from sandbox.refusal import Refused

_PREFIX = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}

NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
QUERY_TOO_OLD = "Query is too old and response timeout expired or query ID is invalid"
MIGRATED = "Group chat was upgraded to a supergroup chat"
OTHER_POLLER = "Terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def _lowered(words: str) -> str:
    """Lower the first letter unless the second is upper case or an underscore, as the real server does."""
    if len(words) > 1 and (words[1].isupper() or words[1] == "_"):
        return words
    return words[:1].lower() + words[1:]


class Refusal(Refused):
    """A call that Telegram would refuse."""

    def __init__(
        self, status: int, words: str = "", pointer: str = "", parameters: dict[str, Any] | None = None
    ) -> None:
        self.status = status
        self.pointer = pointer
        self.parameters = parameters
        prefix = _PREFIX.get(status, "Error")
        super().__init__(f"{prefix}: {_lowered(words)}" if words else prefix)

    @property
    def description(self) -> str:
        return str(self)

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(words: str, pointer: str = "") -> Refusal:
    """A 400."""
    return Refusal(400, words, pointer)


def forbidden(words: str, pointer: str = "chat_id") -> Refusal:
    """A 403."""
    return Refusal(403, words, f"/{pointer}")
