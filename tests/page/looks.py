"""The ways in which people see pages, and a browser in which somebody sees them so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page
from sqlalchemy import text

from core.people.model import Person
from core.web_sessions import service
from core.web_sessions.commands import MakeTicket
from tests.support.world import World


@dataclass(frozen=True)
class Look:
    """One way to see a page."""

    theme: str
    locale: str
    size: tuple[int, int]


LISTEN_FOR_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
"""What the browser would report against the policy in the headers."""


@asynccontextmanager
async def seen_as(
    chromium: Chromium, url: str, world: World, person: Person | None, look: Look, script: str = ""
) -> AsyncIterator[Page]:
    """A page of a browser in which this person has logged in, and sees everything in this way."""
    context = await chromium.new_context(
        viewport={"width": look.size[0], "height": look.size[1]}, locale=look.locale, reduced_motion="reduce"
    )
    await context.add_init_script(LISTEN_FOR_VIOLATIONS)
    if script:
        await context.add_init_script(script)
    await context.add_cookies([{"name": "theme", "value": look.theme, "url": url}])
    if person is not None:
        await log_in(context, url, world, person, look.locale)
    yield await context.new_page()
    await context.close()


async def log_in(context: BrowserContext, url: str, world: World, person: Person, locale: str) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(
            text("UPDATE people SET locale = :l WHERE id = :i"), {"l": locale, "i": person.id}
        )
    ticket = await world.act(await world.person(person.id), service.make_ticket, MakeTicket("/home"))
    answer = await context.request.post(
        f"{url}/enter/{ticket.secret}", headers={"Sec-Fetch-Site": "same-origin"}, max_redirects=0
    )
    assert answer.status == 303
