"""What every request passes before its route: body size, content type and correlation id.

One rule: bytes are counted as they arrive; a header's claim is not believed.
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server import errors
from api.text import locale_of
from core.kernel.errors import TooLarge, UnsupportedMedia
from core.kernel.limits import MAX_FILE_BYTES, MAX_FILE_SIZE

MAX_JSON_BYTES = 1_000_000
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 600_000
"""A file with the form around it."""
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
        body = await _read_body(receive, most)
        if body is None:
            await errors.problem_response(TooLarge(limit=limit), locale)(scope, receive, send)
        elif body and kind != accepted:
            refusal = UnsupportedMedia(accepted=accepted.decode())
            await errors.problem_response(refusal, locale)(scope, receive, send)
        else:
            scope[BODY] = body
            await self._app(scope, _replay(body, receive), send)


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    """The body, or None as soon as it is larger than the limit."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


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
