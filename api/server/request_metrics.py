"""Rate, errors and duration of requests by route template, counted around everything else.

One rule: a request costs two additions: what a method, a route and a status add to is looked up once.

A request counts until its answer begins: a stream of changes goes on for hours.
"""

from time import perf_counter

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "unknown"
"""No route has this path: a label must not have whatever strangers type."""
_REQUESTS = Counter(
    "parley_http_requests", "Requests answered, by route template and status.", ("method", "route", "status")
)
_SECONDS = Histogram(
    "parley_http_request_seconds",
    "Seconds from a request's arrival until its answer begins.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class RequestMetrics:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()
        counted = False

        async def counting(message: Message) -> None:
            nonlocal counted
            if message["type"] == "http.response.start":
                counted = True
                self._count(scope, message["status"], perf_counter() - begun)
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            if not counted:
                self._count(scope, 500, perf_counter() - begun)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        key = (method, getattr(scope.get("route"), "path", UNKNOWN), status)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (_REQUESTS.labels(*key), _SECONDS.labels(*key[:2]))
        found[0].inc()
        found[1].observe(seconds)
