"""No page tells a figure of a method without its n and window, to nobody whom it does not concern, or switched off.

One rule: the pages are those that each person's links lead to, so a new page is looked at without a change here.
"""

import re
from collections.abc import Iterable, Mapping
from html import unescape

import pytest

from api.contract import endpoints as e
from core.access.roles import Role
from core.findings import service as findings
from core.insights.commands import SwitchInsight
from core.insights.service import switch_insight
from core.insights.states import Feature
from core.kernel.ids import QuoteId
from core.people.model import Person
from tests.api.sourcing import Sourcing, sourcing
from tests.api.test_standings import bounded
from tests.api.test_vendor_scores import compared
from tests.core.findings.cases import SYSTEM
from tests.page.company import Company
from tests.page.page_walk import reachable
from tests.support.api import Api
from tests.support.bought import asked, bought
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import browser_of

__all__ = ["sourcing"]
STAFF = (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor)
BLOCK = re.compile(
    r"</?(?:p|li|td|th|tr|dd|dt|div|section|article|h\d|summary|details|ul|ol|dl|table|form|label|option|main)\b[^>]*>"
)
A_SCORE = re.compile(r"of 100\b(?! within)|\b\d+/100\b")
"""Of 100 days within is a column of the figures about time, which no method has worked out."""
A_COUNT = re.compile(r"\bn = \d+|: \d+[.;]")
A_DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}|\b[A-Z][a-z]{2} \d{1,2}, \d{4}|\b\d{4}-\d\d-\d\d")
TRACES: Mapping[Feature, tuple[str, ...]] = {
    Feature.vendor_score: ("lines delivered or due since", "where a warning was set"),
    Feature.findings: ("Looked unusual", 'href="/findings'),
    Feature.demand: ("9 times out of 10", 'href="/demand'),
    Feature.who_to_ask: ("like this since", " similar since"),
}
"""What a page says while a feature is on. What somebody saw before stays in the purchase's own record."""


class Measured:
    """A company of which everything is worked out: two vendors that quoted, of whom one has a score and a warning."""

    def __init__(self, api: Api, world: World, sourcing: Sourcing, numbers: Iterable[str]) -> None:
        self.api, self.world = api, world
        self.scored, self.rival = sourcing.vendors
        self.contact, self.rivals_contact = sourcing.contacts
        purchases = [f"/purchases/{number}" for number in numbers]
        self.addresses = (*purchases, f"/administration/vendors/{self.scored.id}")

    async def pages(self, person: Person) -> dict[str, str]:
        """What links lead this person to, by address."""
        also = () if person.vendor_id else self.addresses
        async with browser_of(self.api, self.world, person) as browser:
            found = await reachable(browser, "/home", also=also)
        return {each.address: each.html for each in found}


@pytest.fixture
async def measured(api: Api, world: World, sourcing: Sourcing, database: Database) -> Measured:
    await Company(world).need_again()
    await bought(world, "Laptop 14 inch", await world.a_vendor())
    waiting = await asked(world, "laptop 14 inch")
    rfq, comparison = await compared(sourcing, database, lines=24)
    await bounded(api, world, {"warn": 99})
    quote_id = QuoteId(comparison.quotes[0].quote_id)
    proposed = {"quote_id": str(quote_id), "reason": "The cheapest of both."}
    await sourcing.officer.call(e.propose_quote, proposed, path={"id": rfq.id})
    approval = (await world.open_approval_of(quote_id)).approval
    await world.act(SYSTEM, findings.check_approval, approval.id)
    return Measured(api, world, sourcing, (comparison.request_number, waiting.request.number))


def fragments(html: str) -> list[str]:
    """The words of each block, without markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)
    return [" ".join(unescape(re.sub("<[^>]+>", " ", each)).split()) for each in BLOCK.split(body)]


def bare(fragment: str) -> bool:
    """Whether it tells a score without how many facts it rests on, or without their days."""
    return bool(A_SCORE.search(fragment)) and not (A_COUNT.search(fragment) and A_DAY.search(fragment))


async def test_no_page_of_any_role_tells_a_score_without_n_and_window(measured: Measured) -> None:
    seen = set()
    people = [await measured.world.the(role) for role in STAFF]
    for person in (*people, measured.contact, measured.rivals_contact):
        for address, html in (await measured.pages(person)).items():
            told = [each for each in fragments(html) if A_SCORE.search(each)]
            assert [each for each in told if bare(each)] == [], (person.name, address)
            seen |= {re.sub(r"[0-9a-f-]{36}|\d+", "*", address)} if told else set()
    assert {"/purchases/REQ-*", "/administration/vendors/*", "/administration/insights", "/portal"} <= seen


async def test_requesters_read_no_score_and_a_vendor_only_its_own(measured: Measured) -> None:
    for html in (await measured.pages(await measured.world.a_requester())).values():
        assert not [each for each in fragments(html) if A_SCORE.search(each)]
        assert "Looked unusual" not in html
    own = [each for html in (await measured.pages(measured.contact)).values() for each in fragments(html)]
    assert [each for each in own if A_SCORE.search(each)]
    for html in (await measured.pages(measured.rivals_contact)).values():
        assert measured.scored.name not in html
        assert not [each for each in fragments(html) if A_SCORE.search(each)]


async def test_switched_off_a_feature_leaves_no_trace_on_any_page(measured: Measured) -> None:
    world, admin = measured.world, await measured.world.an_admin()
    readers = (await world.an_officer(), await world.a_finance(), measured.contact)
    seen = {person.id: await measured.pages(person) for person in readers}
    for feature, traces in TRACES.items():
        told = {person.id: with_trace(seen[person.id], traces) for person in readers}
        assert any(told.values()), f"of {feature} nothing is told anyway"
        await world.act(admin, switch_insight, SwitchInsight(feature, enabled=False))
        for person in readers:
            async with browser_of(measured.api, world, person) as browser:
                again = {each: (await browser.get(each)).html for each in told[person.id]}
            assert with_trace(again, traces) == [], feature


def with_trace(pages: Mapping[str, str], traces: Iterable[str]) -> list[str]:
    """The addresses of the pages that tell something by a feature."""
    return [address for address, html in pages.items() if any(trace in html for trace in traces)]


def test_a_score_without_one_of_them_would_be_found() -> None:
    whole = "Alder: score 78 of 100 (71 – 84); lines delivered or due since May 12, 2025: 40."
    assert not bare(whole)
    assert bare(whole.replace(": 40.", ""))
    assert bare(whole.replace("since May 12, 2025", "long ago"))
