"""The command that takes single lines out of a request."""

from dataclasses import dataclass

from core.kernel.ids import RequestId, RequestLineId


@dataclass(frozen=True)
class DropLines:
    request_id: RequestId
    line_ids: tuple[RequestLineId, ...]
    reason: str | None
    expected_version: int
