"""Refusals in the real server's wording."""

from typing import Any

from sandbox.refusal import CallRefusal

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


def _lower_first(message: str) -> str:
    """Lower the first letter unless the second is upper case or an underscore, as the real server does."""
    if len(message) > 1 and (message[1].isupper() or message[1] == "_"):
        return message
    return message[:1].lower() + message[1:]


class TelegramRefusal(CallRefusal):
    """A call that Telegram would refuse."""

    def __init__(
        self, status: int, message: str = "", pointer: str = "", parameters: dict[str, Any] | None = None
    ) -> None:
        self.status = status
        self.pointer = pointer
        self.parameters = parameters
        prefix = _PREFIX.get(status, "Error")
        super().__init__(f"{prefix}: {_lower_first(message)}" if message else prefix)

    @property
    def description(self) -> str:
        return str(self)

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(message: str, pointer: str = "") -> TelegramRefusal:
    """A 400."""
    return TelegramRefusal(400, message, pointer)


def forbidden(message: str, pointer: str = "chat_id") -> TelegramRefusal:
    """A 403."""
    return TelegramRefusal(403, message, f"/{pointer}")
