"""Draws pages from templates, and the files that pages name by their content.

One rule: everything is escaped, and a name that a template does not know is an error, not an empty place.
"""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response

from api.server.settings import ApiSettings
from api.web.visitors import Visitor
from core.access.permissions import Permission
from core.kernel.ids import new_id

HERE = Path(__file__).parent
MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
SCRIPT = "htmx.js"
SCRIPT_PARTS = ("htmx.min.js", "ext/hx-sse.min.js")
"""What npm has brought, in its order; pages do without until it is there.

It is one file for the browser: htmx begins as soon as it has run, and a listener that came later would hear of nothing.
"""


@cache
def assets() -> Mapping[str, tuple[str, bytes]]:
    """The files by name, with their hash."""
    found = {}
    for path in sorted((HERE / "assets").iterdir()):
        content = path.read_bytes()
        found[path.name] = (hashlib.sha256(content).hexdigest()[:16], content)
    return found


def asset_url(name: str) -> str:
    return f"/assets/{assets()[name][0]}/{name}"


def script(app: Starlette) -> tuple[str, bytes] | None:
    """The script that npm has brought, with its hash; None while it is not there."""
    settings: ApiSettings = app.state.settings
    if settings.scripts_dir is None:
        return None
    paths = tuple(settings.scripts_dir / each for each in SCRIPT_PARTS)
    try:
        return _read_script(paths, tuple(path.stat().st_mtime_ns for path in paths))
    except OSError:
        return None


@lru_cache(maxsize=8)
def _read_script(paths: tuple[Path, ...], changed: tuple[int, ...]) -> tuple[str, bytes]:
    content = b"\n".join(path.read_bytes() for path in paths)
    return hashlib.sha256(content).hexdigest()[:16], content


def kept_file(visitor: Visitor, name: str, content: bytes) -> Response:
    """A file under the hash of its content: it never changes, so it is kept for a year; small on the way there."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in visitor.request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = _zipped(content), "gzip"
    return Response(content, media_type=MEDIA[name[name.rindex(".") :]], headers=headers)


@lru_cache(maxsize=64)
def _zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def script_urls(app: Starlette) -> tuple[str, ...]:
    """What a page loads: npm's script as soon as it is there, and our own."""
    found, own = script(app), asset_url("live.js")
    return (own,) if found is None else (f"/scripts/{found[0]}/{SCRIPT}", own)


_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals |= {"asset": asset_url, "nonce": lambda: str(new_id())}

NAVIGATION = (
    ("home", "/home", Permission.me_read),
    ("purchases", "/purchases", Permission.requests_read),
    ("rfqs", "/lists/rfqs", Permission.rfqs_read),
    ("quotes", "/lists/quotes", Permission.rfqs_read),
    ("orders", "/lists/orders", Permission.orders_read),
    ("vendors", "/lists/vendors", Permission.vendors_read),
    ("people", "/lists/people", Permission.people_manage),
    ("analytics", "/figures", Permission.dashboard_read),
    ("administration", "/administration", Permission.organisation_read),
    ("audit_log", "/audit-log", Permission.audit_read),
)


def draw(visitor: Visitor, template: str, status: int = 200, /, **facts: object) -> Response:
    """The page as an answer; the fact ``stream`` is where it hears of changes, and then draws itself anew.

    A page's script gets what stands in the page alone.
    """
    places = [(name, path) for name, path, right in NAVIGATION if visitor.actor.may(right)]
    page = _TEMPLATES.get_template(template).render(
        p=visitor.phrases,
        say=visitor.phrases.say,
        actor=visitor.actor,
        known=visitor.actor.person_id is not None,
        theme=visitor.theme,
        places=places,
        here=visitor.request.url.path,
        here_with=str(visitor.request.url.path)
        + (f"?{visitor.request.url.query}" if visitor.request.url.query else ""),
        scripts=script_urls(visitor.request.app),
        part=visitor.wants_part,
        **{"stream": "", **facts},
    )
    return HTMLResponse(page, status, headers={"Vary": "HX-Request"})
