"""Which pages there are, for whom: found by following the links of each page from the first one on.

One rule: no list by hand. A page that no link leads to is a fault, or stands in ``BEHIND_A_FORM`` with its reason.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.routing import Match

from api.web.all_pages import ROUTES
from tests.web.browser import Browser, Visit

NAMED = ("kind", "name", "question")
"""Parts of an address that say which page it is; the others say which row it shows."""
NO_PAGE = {
    "/assets/{mark}/{name}": "a file",
    "/scripts/{mark}/htmx.js": "a file",
    "/files/{id}": "a file",
    "/figures/{question}/{section}.csv": "a file",
    "/audit-log/bundles/{id}": "a file",
    "/portal/rfqs/{id}/quote.{kind}": "a file",
    "/portal/link/{secret}/quote.{kind}": "a file",
    "/portal/link/{secret}/files/{id}": "a file",
    "/portal/files/{id}/pages/{page}": "a file",
    "/changes": "a stream",
    "/lists/names": "a part of a page",
    "/lists/{kind}/views": "a part of a page",
    "/login/slack": "leads to Slack",
    "/login/telegram": "leads to Telegram",
    "/purchases/{number}/links/{verb}": "leads back to the page of a form",
    "/purchases/{number}/{kind}/{verb}": "leads back to the page of a form",
    "/administration/{kind}/{id}/{verb}": "leads back to the page of a form",
    "/findings/rules": "leads back to the page of a form",
    "/findings/{id}/{verb}": "leads back to the page of a form",
    "/portal/rfqs/{id}/{verb}": "leads back to the page of a form",
    "/portal/orders/{id}/{verb}": "leads back to the page of a form",
}
LEADS_ON = ("/", "/administration")
"""Addresses that lead to the first page of their reader."""
BEHIND_A_FORM = {
    "/login/number": "shows the number that a form asked for",
    "/login/continue": "the same, after the answer",
    "/confirm/number": "shows the number that a form asked for",
    "/confirm/continue": "the same, after the answer",
    "/login/slack/back": "where Slack leads",
    "/login/telegram/back": "where Telegram leads",
    "/login/telegram/chat": "where a button in the chat leads",
}


@dataclass(frozen=True)
class FoundPage:
    """A page, by the address under which it was found first; ``key`` is the same for all rows of a kind."""

    key: str
    address: str
    html: str


def route_of(address: str) -> tuple[str, str]:
    """The route that answers this address, and the page's key."""
    path = urlsplit(address).path
    for route in ROUTES:
        match, scope = route.matches({"type": "http", "path": path, "method": "GET", "root_path": ""})
        if match is Match.FULL:
            key = route.path
            for name, value in scope["path_params"].items():
                key = key.replace("{" + name + "}", str(value)) if name in NAMED else key
            return route.path, key
    return "", path


async def reachable(browser: Browser, *starts: str, also: Sequence[str] = ()) -> list[FoundPage]:
    """Every page that links lead to, once per key; ``also`` are visited whatever their key."""
    waiting, found = deque(("", each) for each in (*also, *starts)), dict[str, FoundPage]()
    while waiting:
        origin, address = waiting.popleft()
        route, key = route_of(address)
        key = f"{key} {also.index(address)}" if address in also else key
        if key in found or route in NO_PAGE or (_is_file(address) and address not in also):
            continue
        visit = await browser.get(address)
        if route in LEADS_ON:
            waiting.append((address, visit.response.url.path))
            continue
        assert address in also or visit.status == 200, (
            f"{origin} leads to {address}, which answers {visit.status}"
        )
        found[key] = FoundPage(key, address, visit.html)
        waiting.extend((address, link) for link in _links(visit))
    return list(found.values())


def _is_file(address: str) -> bool:
    return urlsplit(address).path.endswith((".csv", ".xlsx"))


def _links(visit: Visit) -> list[str]:
    hrefs = [str(given.get("href") or "") for tag, given in visit.reader.tags if tag == "a"]
    return [href.partition("#")[0] for href in hrefs if href.startswith("/")]


def unreached(pages: Sequence[FoundPage]) -> list[str]:
    """Routes of pages that nobody came to."""
    routes = {
        each.path for each in ROUTES if "GET" in (each.methods or ()) and "{rest:path}" not in each.path
    }
    return sorted(
        routes
        - {route_of(each.address)[0] for each in pages}
        - set(NO_PAGE)
        - set(BEHIND_A_FORM)
        - set(LEADS_ON)
    )
