"""The command that rejects a request as such."""

from dataclasses import dataclass

from core.kernel.ids import RequestId


@dataclass(frozen=True)
class RejectRequest:
    request_id: RequestId
    expected_version: int
    reason: str
