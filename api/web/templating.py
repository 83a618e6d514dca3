"""Draws pages from templates, and the files that pages name by their content.

One rule: everything is escaped, and a name that a template does not know is an error, not an empty place.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from api.web.visitors import Visitor
from core.access.permissions import Permission
from core.kernel.ids import new_id

HERE = Path(__file__).parent
MEDIA = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


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


def draw(visitor: Visitor, template: str, status: int = 200, /, **facts: object) -> Response:
    """The page as an answer."""
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
        **facts,
    )
    return HTMLResponse(page, status)
