"""Every page of every role can be read and used by everybody: WCAG 2.2 AA by axe-core, and HTML as it is defined.

Each page is seen in light and dark, from the left and from the right, wide and narrow: the roles that reach it share
the eight ways among them, and a page of one role only is seen in two opposite ways.

One rule: no violation is let through; what a rule cannot know is said beside the rule that is off.
"""

import asyncio
import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium

from core.access.roles import Role
from core.people.model import Person
from core.web_sessions import service
from core.web_sessions.commands import MakeTicket
from tests.page.chromium import DESKTOP_SIZE, PHONE_SIZE
from tests.page.company import Company, Stage
from tests.page.looks import Look, seen_as
from tests.page.npm_packages import check_tools
from tests.page.page_walk import FoundPage, reachable, unreached
from tests.page.serving import served
from tests.support.api import Api
from tests.support.mailbox import mailbox_of
from tests.support.measuring import measured
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import a_browser, browser_of

pytestmark = [pytest.mark.page, pytest.mark.timeout(900)]
READERS_AT_ONCE = 2
"""While one page is judged, the next one is loaded."""
STAFF = (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OPEN_ALL = "() => { for (const each of document.querySelectorAll('main details')) each.open = true; }"
AXE = f"""async () => (await axe.run(document, {{
  runOnly: {{ type: "tag", values: {json.dumps(TAGS)} }},
  rules: {{ "target-size": {{ enabled: true }} }},
  resultTypes: ["violations"], preload: false,
}})).violations.flatMap(rule => rule.nodes.map(node => [
  rule.id, node.html.slice(0, 200), ...node.any.concat(node.all, node.none).map(each => each.message).slice(0, 1),
].join(" ")))"""
SPOIL = """() => {
  document.querySelector("h1").style.color = "#ddd";
  document.querySelector(".brand img").removeAttribute("alt");
}"""
HTML_RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        # templates leave a space where a condition did not hold; nobody reads the source
        "no-trailing-whitespace": "off",
        # a label that holds its box names it too, because some programs that listen to speech know only one of both
        "no-redundant-for": "off",
        # every button of a form sends it, which is what HTML says by itself
        "no-implicit-button-type": "off",
        # what people buy has names of any length
        "long-title": "off",
        "doctype-style": ["error", {"style": "lowercase"}],
        # what HTML allows: a field's id is its path, "contact.email"
        "valid-id": ["error", {"relaxed": True}],
    },
}


def pairs() -> tuple[tuple[Look, Look], ...]:
    """Opposite ways; German is the longest language, so it is seen on a telephone."""
    light, dark = "light", "dark"
    return (
        (Look(light, "en", DESKTOP_SIZE), Look(dark, "ar", PHONE_SIZE)),
        (Look(dark, "de", PHONE_SIZE), Look(light, "ar", DESKTOP_SIZE)),
        (Look(dark, "en", DESKTOP_SIZE), Look(light, "ar", PHONE_SIZE)),
        (Look(light, "de", PHONE_SIZE), Look(dark, "ar", DESKTOP_SIZE)),
    )


@dataclass(frozen=True)
class Reader:
    """Whoever reads pages: a person who has logged in, or somebody with no more than a link."""

    name: str
    person: Person | None
    pages: tuple[FoundPage, ...]


@dataclass
class Readers:
    company: Company
    all: list[Reader]


@pytest.fixture(scope="module")
def walked() -> list[Reader]:
    """What ``readers`` found, for who looks at the pages alone: the walk takes longer than the look."""
    return []


@pytest.fixture
async def readers(api: Api, world: World, database: Database, walked: list[Reader]) -> Readers:
    """Everybody, with every page that they come to."""
    company = await Company.at_work(world)
    await measured(world, database)
    found = []
    for role in STAFF:
        async with browser_of(api, world, await world.the(role)) as browser:
            seen = await reachable(browser, "/home", "/confirm", also=_always(company, role))
            found.append(Reader(role.value, await world.the(role), tuple(seen)))
    async with browser_of(api, world, company.contact) as browser:
        found.append(Reader("vendor", company.contact, tuple(await reachable(browser, "/home", "/portal"))))
    async with a_browser(api) as browser, mailbox_of(world, database) as mailbox:
        links = {
            each.link for each in await mailbox.collect() if each.to == company.contact.email and each.link
        }
        ticket = await world.act(company.contact, service.make_ticket, MakeTicket("/home"))
        closed = ("/portal/link/nothing", "/portal/new-link?sent=1", "/enter/nothing")
        starts = ("/login", "/portal/new-link", f"/enter/{ticket.secret}")
        seen = await reachable(browser, *starts, also=(*sorted(links), *closed))
        found.append(Reader("nobody", None, tuple(seen)))
    walked[:] = found
    return Readers(company, found)


@pytest.fixture
def every_page(request: pytest.FixtureRequest, walked: list[Reader]) -> Mapping[str, FoundPage]:
    """Each page that somebody comes to, by its reader and its place on their way."""
    if not walked:
        request.getfixturevalue("readers")
    return {f"{reader.name}-{at}": page for reader in walked for at, page in enumerate(reader.pages)}


def _always(company: Company, role: Role) -> list[str]:
    """A purchase in each stage for those who act on it, some of them for who looks on; and refusals."""
    acting = role in (Role.requester, Role.officer, Role.manager)
    stages = list(Stage) if acting else [Stage.compared, Stage.proposed, Stage.received]
    refused = ["/home/nothing", *(["/lists/people.csv"] if role is Role.admin else [])]
    return [f"/purchases/{company.number(stage)}" for stage in stages] + refused


def looks_of(readers: Readers) -> Mapping[Look, list[tuple[Reader, FoundPage]]]:
    """Who sees what in which way."""
    by_key = defaultdict[str, list[tuple[Reader, FoundPage]]](list)
    for reader in readers.all:
        for page in reader.pages:
            by_key[page.key].append((reader, page))
    plan = defaultdict[Look, list[tuple[Reader, FoundPage]]](list)
    for turn, key in enumerate(sorted(by_key)):
        visits, both = by_key[key], pairs()[turn % len(pairs())]
        for at, visit in enumerate(visits if len(visits) > 1 else visits * 2):
            plan[both[at % 2]].append(visit)
    return plan


async def test_every_page_can_be_read_by_everybody_in_every_look(
    api: Api, world: World, readers: Readers, chromium: Chromium
) -> None:
    everything = [page for reader in readers.all for page in reader.pages]
    assert unreached(everything) == [], "no link leads there"
    axe, room = check_tools().axe_source, asyncio.Semaphore(READERS_AT_ONCE)
    wrong, seen = defaultdict[str, list[str]](list), list[FoundPage]()

    async def look_around(url: str, reader: Reader, look: Look, pages: Sequence[FoundPage]) -> None:
        async with room, seen_as(chromium, url, world, reader.person, look, axe) as page:
            for found in pages:
                await page.goto(url + found.address)
                await page.evaluate(OPEN_ALL)
                faults = await page.evaluate(AXE)
                faults += [f"policy: {each}" for each in await page.evaluate("window.violations")]
                for fault in faults:
                    wrong[fault].append(f"{reader.name} {found.address} {look}")
                seen.append(found)

    async with served(api) as url:
        for look, visits in looks_of(readers).items():
            async with asyncio.TaskGroup() as tasks:  # one look after the other: a person has one language
                for reader in readers.all:
                    pages = [found for who, found in visits if who is reader]
                    if pages:
                        tasks.create_task(look_around(url, reader, look, pages))
    assert {fault: (len(where), where[0]) for fault, where in wrong.items()} == {}
    assert len(seen) >= len(everything)


async def test_a_fault_is_found(api: Api, world: World, chromium: Chromium) -> None:
    """What the test above relies on: a picture without words and words without contrast are seen."""
    look, source = Look("light", "en", DESKTOP_SIZE), check_tools().axe_source
    async with served(api) as url, seen_as(chromium, url, world, None, look, source) as page:
        await page.goto(f"{url}/login")
        assert await page.evaluate(AXE) == []
        await page.evaluate(SPOIL)
        found = {fault.partition(" ")[0] for fault in await page.evaluate(AXE)}
        assert await page.evaluate("window.violations") == []
        await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=//evil.example/x>')")
        await page.wait_for_function("window.violations.length")
    assert found == {"image-alt", "color-contrast"}


def test_every_page_is_html_as_it_is_defined(every_page: Mapping[str, FoundPage], tmp_path: Path) -> None:
    pages, rules, report = tmp_path / "pages", tmp_path / "rules.json", tmp_path / "report.json"
    pages.mkdir()
    for name, page in every_page.items():
        (pages / f"{name}.html").write_text(page.html, encoding="utf-8")
    rules.write_text(json.dumps({"root": True, **HTML_RULES}))
    tools = check_tools()
    command = [
        str(tools.node),
        str(tools.html_validate),
        "--formatter",
        f"json={report}",
        "--config",
        str(rules),
        str(pages),
    ]
    answer = subprocess.run(command, capture_output=True, text=True)
    told: list[dict[str, Any]] = json.loads(report.read_text())
    wrong = defaultdict[str, list[str]](list)
    for file in told:
        for each in file["messages"]:
            wrong[f"{each['ruleId']}: {each['message']}"].append(
                f"{every_page[Path(file['filePath']).stem].address} line {each['line']}"
            )
    assert {fault: (len(where), where[0]) for fault, where in wrong.items()} == {}
    assert answer.returncode == 0, answer.stderr
