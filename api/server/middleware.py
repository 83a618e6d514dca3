"""What every request passes before its route: body size, what its sender has us hold, content type.

One rule: bytes are counted as they arrive; a header's claim is not believed.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable

from starlette.datastructures import Address
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server import errors
from api.server.rate_limits import host_of
from api.text import locale_of
from core.kernel.errors import DomainError, TooLarge, Unavailable, UnsupportedMedia
from core.kernel.limits import MAX_FILE_BYTES, MAX_FILE_SIZE

MAX_JSON_BYTES = 1_000_000
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 600_000
"""A file with the form around it."""
MAX_HELD_BYTES = 64_000_000
"""Of one caller's bodies at the same time, in one process: six large files."""
UPLOADS = frozenset({"/documents", "/rates/csv", "/portal/file", "/administration/rates/file"})
"""Where a file comes in a form."""
BODY = "parley.body"
"""Where the scope has the body whose size was checked."""


class BodyLimitMiddleware:
    """Refuses bodies that are too large (413) or not JSON (415); what pages send are small forms."""

    def __init__(self, app: ASGIApp, is_form: Callable[[str], bool], form_bytes: int) -> None:
        self._app = app
        self._is_form = is_form
        self._form_bytes = form_bytes
        self._held: Counter[str] = Counter()
        """Bytes of the bodies that are being received or worked on, by who sends them."""

    def _expected(self, path: str) -> tuple[bytes, int, str]:
        """The content type, the most bytes, and how that limit is told."""
        if path in UPLOADS:
            return b"multipart/form-data", MAX_UPLOAD_BYTES, MAX_FILE_SIZE
        if self._is_form(path):
            return b"application/x-www-form-urlencoded", self._form_bytes, f"{self._form_bytes // 1000} kB"
        return b"application/json", MAX_JSON_BYTES, "1 MB"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        accepted, most, limit = self._expected(scope["path"])
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        locale = locale_of(headers.get(b"accept-language", b"").decode("latin-1").split(",")[0])
        host = host_of(Address(*scope["client"]) if scope.get("client") else None)
        body = bytearray()
        try:
            async for part in _body_parts(receive):
                body += part
                self._held[host] += len(part)
                if len(body) > most:
                    raise TooLarge(limit=limit)
                if self._held[host] > MAX_HELD_BYTES:
                    raise Unavailable()
            if body and kind != accepted:
                raise UnsupportedMedia(accepted=accepted.decode())
            scope[BODY] = whole = bytes(body)
            await self._app(scope, _replay(whole, receive), send)
        except DomainError as refusal:
            await errors.problem_response(refusal, locale)(scope, receive, send)
        except ClientDisconnect:  # what came of it is not what was meant
            return
        finally:
            self._held[host] -= len(body)
            if self._held[host] <= 0:
                del self._held[host]


async def _body_parts(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it arrives; ClientDisconnect when its rest never will."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Pass the body on as one message, then whatever else arrives."""
    replayed = False

    async def first_the_body() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return first_the_body
