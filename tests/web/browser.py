"""A browser without script: it keeps cookies, reads pages and sends their forms, and does nothing else.

visit = await browser.get("/purchases/R-1")
await browser.send(visit.form("approve"), comment="…")
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

from core.people.model import Person
from core.web_sessions import service
from core.web_sessions.commands import MakeTicket
from tests.support.api import Api
from tests.support.world import World

OURS = "http://parley.test"
VOID = frozenset({"meta", "link", "input", "img", "br", "path", "rect"})


@dataclass
class WebForm:
    """One form of a page, with what its fields hold."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    words: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[WebForm] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.by_id: dict[str, WebForm] = {}
        self.buttons: list[tuple[str, str, dict[str, str]]] = []
        """Those that send a form to another address: the form's id, the address, and what the button says."""
        self._form: WebForm | None = None
        self._choice = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) < len(attrs):
            self.wrong.append(f"<{tag}> says an attribute twice")
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "form":
            if self._form is not None:
                self.wrong.append("a form in a form")
            self._form = WebForm(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
            self.by_id[str(given.get("id") or "")] = self._form
        if tag == "button" and given.get("form") and given.get("formaction"):
            says = {str(given["name"]): given.get("value") or ""} if given.get("name") else {}
            self.buttons.append((str(given["form"]), str(given["formaction"]), says))
        owner = self._form if not given.get("form") else self.by_id.get(str(given["form"]))
        if owner is not None and tag in ("input", "textarea", "select") and given.get("name"):
            if tag != "input" or given.get("type") != "checkbox" or "checked" in given:
                owner.fields[str(given["name"])] = given.get("value") or ""
            self._area = str(given["name"]) if tag == "textarea" and owner is self._form else ""
            self._choice = str(given["name"]) if tag == "select" else self._choice
        if self._form is not None and tag == "option" and "selected" in given:
            self._form.fields[self._choice] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> ends {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._form is not None:
            if self._area:
                self._form.fields[self._area] += data
            self._form.words += data


class Visit:
    """One page as it was answered."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.text
        self.reader = _Reader()
        self.reader.feed(self.html)
        self.reader.close()

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.reader.words).split())

    @property
    def wrong(self) -> list[str]:
        """What is not well formed."""
        ids = self.reader.ids
        twice = [f"id {each} twice" for each in set(ids) if ids.count(each) > 1]
        return self.reader.wrong + twice + [f"<{tag}> is never ended" for tag in self.reader.open]

    def forms(self, ending: str) -> list[WebForm]:
        return [each for each in self.reader.forms if each.action.endswith(ending)]

    def form(self, ending: str) -> WebForm:
        """The form whose action ends so, or that a button sends there."""
        found = self.forms(ending) or [
            WebForm(action, "post", {**self.reader.by_id[owner].fields, **says})
            for owner, action, says in self.reader.buttons
            if action.endswith(ending)
        ]
        assert found, f"no form {ending}; there are {[each.action for each in self.reader.forms]}"
        return found[0]


class Browser:
    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **headers: str) -> Visit:
        response = await self.client.get(path, headers=headers)
        while response.status_code == 303:
            response = await self.client.get(response.headers["location"])
        return Visit(response)

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
        """The answer itself, not where it leads."""
        return await self.client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin", **headers})

    async def send(self, form: WebForm, at: str = "", **typed: str) -> Visit:
        """Press the button of a form, and go where it leads."""
        assert form.method == "post"
        answer = await self.post(form.action or at, {**form.fields, **typed})
        return await self.get(answer.headers["location"]) if answer.status_code == 303 else Visit(answer)


@asynccontextmanager
async def a_browser(api: Api, base_url: str = OURS, host: str = "127.0.0.1") -> AsyncIterator[Browser]:
    """A browser that nobody has logged in with, on this host."""
    transport = httpx2.ASGITransport(api.app, raise_app_exceptions=False, client=(host, 123))
    async with httpx2.AsyncClient(transport=transport, base_url=base_url) as client:
        yield Browser(client)


@asynccontextmanager
async def browser_of(api: Api, world: World, person: Person, base_url: str = OURS) -> AsyncIterator[Browser]:
    """A browser in which this person is logged in, by a ticket."""
    made = await world.act(person, service.make_ticket, MakeTicket("/home"))
    async with a_browser(api, base_url) as browser:
        answer = await browser.post(f"/enter/{made.secret}", {})
        assert answer.status_code == 303, answer.text
        yield browser
