"""What can be asked about comments: to add one, in any state of the request, also when it has ended."""

from dataclasses import dataclass

from core.kernel.ids import RequestId


@dataclass(frozen=True)
class AddComment:
    request_id: RequestId
    text: str
