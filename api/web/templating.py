"""Draws pages from templates, and the files that pages name by their content.

One rule: everything is escaped, and a name that a template does not know is an error, not an empty place.
"""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response

from api.server.settings import ApiSettings
from api.web.change_feed import ChangeFeed
from api.web.visitors import Visitor
from core.access.permissions import Permission
from core.kernel.ids import new_id

HERE = Path(__file__).parent
MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
SCRIPTS = {"htmx.min.js": "htmx.min.js", "hx-sse.min.js": "ext/hx-sse.min.js"}
"""What npm has brought, and where it stands there; pages do without until it is there."""


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


def script(app: Starlette, name: str) -> tuple[str, bytes] | None:
    """A script that npm has brought, with its hash; None while it is not there."""
    settings: ApiSettings = app.state.settings
    if settings.scripts_dir is None or name not in SCRIPTS:
        return None
    path = settings.scripts_dir / SCRIPTS[name]
    try:
        return _read_script(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=8)
def _read_script(path: Path, changed: int) -> tuple[str, bytes]:
    content = path.read_bytes()
    return hashlib.sha256(content).hexdigest()[:16], content


def script_urls(app: Starlette) -> tuple[str, ...]:
    """All of them in their order, or none."""
    found = [(name, script(app, name)) for name in SCRIPTS]
    urls = tuple(f"/scripts/{each[0]}/{name}" for name, each in found if each is not None)
    return (*urls, asset_url("live.js")) if len(urls) == len(SCRIPTS) else (asset_url("live.js"),)


def stream_url(visitor: Visitor, of: str) -> str:
    """Where the page hears of changes, from where it stands now."""
    feed: ChangeFeed = visitor.request.app.state.changes
    after = "" if feed.position is None else feed.marks.of(visitor.actor.vendor_id, feed.position)
    query = {"of": of, "after": after}
    return f"/changes?{urlencode({name: value for name, value in query.items() if value})}"


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
    ("figures", "/figures", Permission.dashboard_read),
    ("administration", "/administration", Permission.organisation_read),
    ("audit_log", "/audit-log", Permission.audit_read),
)


def draw(
    visitor: Visitor, template: str, status: int = 200, /, *, live: str | None = None, **facts: object
) -> Response:
    """The page as an answer; ``live``: it draws itself anew when this purchase, or anything of its reader's, changes.

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
        stream=stream_url(visitor, live) if live is not None and visitor.request.method == "GET" else "",
        **facts,
    )
    return HTMLResponse(page, status, headers={"Vary": "HX-Request"})
