"""The command of comments: add one, in any state of the request, even when it has ended."""

from dataclasses import dataclass

from core.kernel.ids import RequestId


@dataclass(frozen=True)
class AddComment:
    request_id: RequestId
    text: str
