"""The page itself, its assets, and the links that lead to it.

    /                    everybody side by side; ?cols=1001,1005  ?as=1001  ?start=CODE
    /page/<name>         styles and modules, as they are in assets/: there is no build step
    /<bot>?start=CODE    what t.me would open

One rule: everything comes from this process, and the policy in the header lets the browser load nothing else.
"""

from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

ASSETS = Path(__file__).parent / "assets"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PageRoutes:
    """One HTML page with its styles and modules."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/page/{name:[a-z]+\\.(?:css|js|svg)}", self.asset),
            web.get("/{bot:[A-Za-z0-9_]*bot}", self.deep_link),
        ]

    async def page(self, request: web.Request) -> web.Response:
        return _file_response(ASSETS / "page.html", "text/html")

    async def asset(self, request: web.Request) -> web.Response:
        path = ASSETS / request.match_info["name"]
        if not path.is_file():
            raise web.HTTPNotFound
        return _file_response(path, MEDIA_TYPES[path.suffix])

    async def deep_link(self, request: web.Request) -> web.Response:
        """``/<bot>?start=CODE``, as on t.me: choose who opens it."""
        raise web.HTTPFound("/?" + urlencode({"start": request.query.get("start", "")}))


def _file_response(path: Path, media_type: str) -> web.Response:
    return web.Response(
        text=path.read_text(encoding="utf-8"), content_type=media_type, charset="utf-8", headers=HEADERS
    )
