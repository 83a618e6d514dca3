"""Refusals as Slack words them: a code in ``error``, and for blocks a sentence with a JSON pointer.

    SlackRefusal("channel_not_found")                  {"ok": false, "error": "channel_not_found"}
    invalid_blocks("invalid_blocks", problems)         … "errors": ["… [json-pointer:/blocks/0/text]"]

Slack answers 200 to a refused call; only ``ratelimited`` is a 429 and only a broken server a 5xx.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.refusal import CallRefusal

TIMED_OUT = "operation_timeout"
NOT_REACHED = "dispatch_failed"
SUBMIT_FAILED_TEXT = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class BlockProblem:
    """One problem of blocks or a view: the violated constraint, with its details, and where."""

    pointer: str
    message: str
    constraint: str
    details: dict[str, Any] = field(default_factory=dict)

    def sentence(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_json(self) -> dict[str, Any]:
        """The form that blocks.validate uses."""
        constraint = {"type": self.constraint, **self.details}
        data = {"code": "failed_constraint", "message": self.message}
        return data | {"pointer": self.pointer, "constraint": constraint}


class SlackRefusal(CallRefusal):
    """A call that Slack would refuse."""

    def __init__(
        self,
        error: str,
        pointer: str = "",
        *,
        more: dict[str, Any] | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.error = error
        self.pointer = pointer
        self.more = more or {}
        self.status = status
        self.headers = headers or {}
        super().__init__(error)

    @property
    def description(self) -> str:
        """The code, and the first sentence about where."""
        messages = self.more.get("response_metadata", {}).get("messages", [])
        return f"{self.error}: {messages[0]}" if messages else self.error

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.more}


def missing_argument(name: str) -> SlackRefusal:
    """An argument that the method requires is missing."""
    return invalid_arguments(f"missing required field: {name}", f"/{name}")


def invalid_arguments(message: str, pointer: str) -> SlackRefusal:
    """Wrong arguments, refused before anything is done with them."""
    data = {"response_metadata": {"messages": [f"[ERROR] {message} [json-pointer:{pointer}]"]}}
    return SlackRefusal("invalid_arguments", pointer, more=data)


def invalid_blocks(error: str, problems: Sequence[BlockProblem]) -> SlackRefusal:
    """Blocks or a view that break a rule; messages repeat the sentences twice, views once."""
    sentences = [problem.sentence() for problem in problems]
    more: dict[str, Any] = {"response_metadata": {"messages": [f"[ERROR] {each}" for each in sentences]}}
    if error == "invalid_blocks":
        more = {"errors": sentences} | more
    return SlackRefusal(error, problems[-1].pointer, more=more)
