"""What every request passes before its route: body size, content type and correlation id.

One rule: bytes are counted as they arrive; a header's claim is not believed.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server import errors
from api.text import locale_of
from core.kernel.errors import TooLarge, UnsupportedMedia
from core.kernel.limits import MAX_FILE_BYTES, MAX_FILE_SIZE

MAX_JSON_BYTES = 1_000_000
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 600_000
"""A file with the form around it."""
UPLOADS = "/documents"
BODY = "parley.body"
"""Where the scope has the body whose size was checked."""


class BodyLimitMiddleware:
    """Refuses bodies that are too large (413) or not JSON (415)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        upload = scope["path"] == UPLOADS
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        accepted = b"multipart/form-data" if upload else b"application/json"
        locale = locale_of(headers.get(b"accept-language", b"").decode("latin-1").split(",")[0])
        body = await _read_body(receive, MAX_UPLOAD_BYTES if upload else MAX_JSON_BYTES)
        if body is None:
            limit = MAX_FILE_SIZE if upload else "1 MB"
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
