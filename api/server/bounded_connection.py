"""One connection of a caller, as uvicorn's protocol, within bounds of size and time.

One rule: what has not been answered yet is bounded before it is kept: a head by 16 kB, a request by 30 s.

A connection on which nothing was asked ends as well; after an answer, uvicorn's own timeout for idle ones counts.
When the process is to end, whoever asks once more on a kept connection is answered, and told to open another one.
"""

from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = structlog.get_logger()

MAX_HEAD_BYTES = 16_384
"""Request line and headers."""
REQUEST_SECONDS = 30.0
"""From the first byte of a request to its last, or from the beginning of a connection to its first request."""


class BoundedConnection(HttpToolsProtocol):
    """Refuses a head that is too large (431) and a request that does not come (408), and ends the connection."""

    request_seconds = REQUEST_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._refused = False
        self._leaving = False
        self._deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._expect_request()

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().on_headers_complete()
            self.cycle.keep_alive = self.cycle.keep_alive and not self._leaving

    def shutdown(self) -> None:
        """Closing an idle connection at once would lose the request that is on its way: it has seconds to come."""
        self._leaving = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        elif self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._request_came()
        self._in_head = True
        if not self._refused:
            super().on_message_complete()

    def _expect_request(self) -> None:
        self._request_came()
        self._deadline = self.loop.call_later(self.request_seconds, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _request_came(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, unless an answer has begun, and end the connection with whatever else is on its way."""
        self._refused = True
        self._request_came()
        log.info("connection.refused", status=status.value)
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            line = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
            self.transport.write(line.encode())
        self.transport.close()
