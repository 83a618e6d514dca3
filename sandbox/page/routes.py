"""The page: pick a person and chat as them."""

import html
from pathlib import Path

from aiohttp import web

from sandbox.parts import Parts

HERE = Path(__file__).parent


class Page:
    """One HTML page with its style and script; no assets from elsewhere."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.telegram

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/page/{name}", self.asset),
            web.get("/{bot:[A-Za-z0-9_]*bot}", self.deep_link),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The picker, or one person's chat."""
        chosen = request.query.get("as", "")
        person = self._store.world.people.get(int(chosen)) if chosen.lstrip("-").isdigit() else None
        links = "\n".join(
            f'<li><a href="/?as={one.id}"{_current(one.id == getattr(person, "id", None))}>'
            f"<b>{html.escape(one.first_name)} {html.escape(one.last_name or '')}</b>"
            f"<small>{html.escape(one.note)}</small></a></li>"
            for one in self._store.world.people.values()
        )
        name = f"{person.first_name} {person.last_name or ''}".strip() if person else ""
        text = (HERE / "page.html").read_text(encoding="utf-8")
        text = text.replace("{{people}}", links).replace("{{id}}", str(person.id) if person else "")
        text = text.replace("{{name}}", html.escape(name)).replace(
            "{{note}}", html.escape(person.note if person else "")
        )
        text = text.replace("{{start}}", html.escape(request.query.get("start", "")))
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def asset(self, request: web.Request) -> web.Response:
        kinds = {"page.css": "text/css", "page.js": "text/javascript"}
        name = request.match_info["name"]
        if name not in kinds:
            raise web.HTTPNotFound
        return web.Response(text=(HERE / name).read_text(encoding="utf-8"), content_type=kinds[name])

    async def deep_link(self, request: web.Request) -> web.Response:
        """``/<bot>?start=CODE``, as t.me has it: choose who opens it."""
        raise web.HTTPFound(f"/?start={html.escape(request.query.get('start', ''))}")


def _current(is_it: bool) -> str:
    return ' aria-current="page"' if is_it else ""
