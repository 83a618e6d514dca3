"""A browser without script: it has a session of one person, reads pages, and loads what a page brings along.

One rule: the bytes of a page are those that come over the wire, with everything that its head names.
"""

import gzip
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from administration.run import run_use_case
from core.access.actor import Actor
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from core.web_sessions import service
from stack.bench.bench_installation import BenchInstallation
from stack.errors import StackError
from stack.installation import load
from stack.paths import Paths

COOKIE = "parley-session"
TOO_SLOW = 503
_BROUGHT = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="(/[^"]+)"')
_SORTS = re.compile(r'href="([^"]*[?&](?:amp;)?sort=[^"]*)"')


@dataclass(frozen=True)
class LoadedPage:
    """One answer, and how long it took."""

    path: str
    html: str
    size: int
    milliseconds: float
    refused: bool = False
    """The database took too long, and the page says so."""

    @property
    def brought(self) -> list[str]:
        """What the browser loads with it."""
        return list(dict.fromkeys(unescape(each) for each in _BROUGHT.findall(self.html)))

    @property
    def orders(self) -> list[str]:
        """The addresses under the heads of a list's columns."""
        found = (unescape(each) for each in _SORTS.findall(self.html))
        return list(dict.fromkeys(each for each in found if urlsplit(each).path == urlsplit(self.path).path))


class PageBrowser:
    """Reads pages as the person whose session it has."""

    def __init__(self, web: aiohttp.ClientSession, api: str, secret: str) -> None:
        self._web = web
        self._api = api
        self._cookies = {COOKIE: secret}

    async def load(self, path: str) -> LoadedPage:
        """One page; StackError when this person does not get it."""
        began = time.monotonic()
        url = URL(f"{self._api}{path}", encoded=True)
        async with self._web.get(url, cookies=self._cookies, allow_redirects=False) as answer:
            sent = await answer.read()
            self._cookies |= {name: cookie.value for name, cookie in answer.cookies.items()}
        milliseconds = (time.monotonic() - began) * 1000
        if answer.status not in (200, TOO_SLOW):
            raise StackError(f"GET {path}: {answer.status} {answer.headers.get('location', '')}")
        content = gzip.decompress(sent) if answer.headers.get("content-encoding") == "gzip" else sent
        text = content.decode(errors="replace")
        return LoadedPage(path, text, len(sent), milliseconds, answer.status == TOO_SLOW)

    async def first_load(self, path: str) -> int:
        """The bytes of the page and of all that it brings, as for a browser that knows nothing yet."""
        page = await self.load(path)
        return page.size + sum([(await self.load(each)).size for each in page.brought])

    async def follow_changes(self) -> aiohttp.ClientResponse:
        """The stream of changes, open from its first line on; whoever has it closes it."""
        answer = await self._web.get(f"{self._api}/changes", cookies=self._cookies)
        if answer.status != 200:
            raise StackError(f"GET /changes: {answer.status}")
        await answer.content.readline()
        return answer


def open_sessions(paths: Paths, emails: Sequence[str]) -> dict[str, str]:
    """A session for each of these people; the secret by the address."""

    async def work(uow: Uow, actor: Actor) -> dict[str, str]:
        return {each: await _opened(uow, each) for each in emails}

    return run_use_case(load(paths).databases.app, work)


async def _opened(uow: Uow, email: str) -> str:
    found = await people.person_by_email(uow.connection, email)
    if found is None:
        raise StackError(f"nobody has the address {email}: fill the database with './parley bench fill N'")
    person: Person = found[0]
    return (await service.open_by_proof(uow, person, "ticket", "bench")).secret


def browser_of(bench: BenchInstallation, web: aiohttp.ClientSession, secret: str) -> PageBrowser:
    """The browser that reads this installation's pages with that session."""
    return PageBrowser(web, bench.installed.url("api"), secret)
