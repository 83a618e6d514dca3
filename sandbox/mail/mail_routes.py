"""The mailbox page: every mail that arrived, as its reader gets it; and the same as JSON.

    /mailbox?to=ben@alder.example     a page without script
    /control/mails?to=…               for tests

One rule: a mail is shown as plain words, and only its http addresses can be pressed.
"""

import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from sandbox.mail.mail_store import KeptMail, MailStore
from sandbox.page.page_routes import HEADERS

STYLE = Path(__file__).parent / "mailbox.css"
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class MailRoutes:
    def __init__(self, store: MailStore) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/mailbox", self.page),
            web.get("/mailbox/mailbox.css", self.style),
            web.get("/control/mails", self.mails),
        ]

    async def style(self, request: web.Request) -> web.Response:
        return web.Response(text=STYLE.read_text(encoding="utf-8"), content_type="text/css", headers=HEADERS)

    async def mails(self, request: web.Request) -> web.Response:
        found = self._store.of(request.query.get("to", ""))
        return web.json_response([each.body() for each in found])

    async def page(self, request: web.Request) -> web.Response:
        wanted = request.query.get("to", "")
        found = self._store.of(wanted)
        people = sorted({each for mail in self._store.of() for each in mail.recipients})
        links = "".join(
            f'<li><a href="/mailbox?to={quote(each)}"{_current(each == wanted)}>{escape(each)}</a></li>'
            for each in people
        )
        shown = "".join(map(_article, found)) or "<p>No mail has arrived yet.</p>"
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>Mailbox · Parley sandbox</title>"
            '<link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
            '<link rel="stylesheet" href="/page/base.css"><link rel="stylesheet" href="/mailbox/mailbox.css"></head>'
            '<body class="mailbox"><header id="bar"><h1><span class="mark" aria-hidden="true"></span>Parley '
            '<span>mailbox</span></h1><p class="note">Mails that would have been sent. Nothing leaves this machine.'
            '</p><p><a href="/">Chats</a></p></header><nav aria-label="Mailboxes"><ul>'
            f'<li><a href="/mailbox"{_current(not wanted)}>Everybody</a></li>{links}</ul></nav>'
            f"<main>{shown}</main></body></html>"
        )
        return web.Response(text=page, content_type="text/html", charset="utf-8", headers=HEADERS)


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _article(mail: KeptMail) -> str:
    readers, at = escape(", ".join(mail.recipients)), f"{mail.arrived_at:%H:%M:%S} UTC"
    head = f'<h2>{escape(mail.subject)}</h2><p class="soft">{readers} · {at}</p>'
    words = f'<div class="words">{_words(mail.text)}</div>'
    return f'<article lang="{escape(mail.language)}" dir="auto">{head}{words}</article>'


def _words(text: str) -> str:
    """Escaped, with its addresses as links."""
    parts, at = list[str](), 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        parts += [escape(text[at : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        at = found.end()
    return "".join([*parts, escape(text[at:])])
