"""Demand as pages: found from the figures, every number leads to its lines, a draft on a press, nothing while off."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.access.permissions import Permission
from core.access.roles import ROLE_PERMISSIONS, Role
from core.insights import service as insights
from core.insights.commands import SwitchInsight
from core.insights.states import Feature
from core.requests.states import RequestState
from tests.api.test_demand import TONER
from tests.core.demand.made_needs import an_order, forecast, month_back, needs
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import Visit, browser_of
from tests.web.test_pages import CSP, STAFF, check_marks

NAME = 'Toner <b>26A</b> &"'


async def a_forecast(world: World, database: Database) -> None:
    vendor, _ = await world.a_vendor()
    made = await needs(database, world, NAME, TONER)
    for number, need in enumerate(made[-6:]):
        await an_order(database, need, vendor.id, month_back(world, 6 - number), days=9)
    await needs(database, world, "Steady paper A4", [5] * 30)
    await forecast(world)


def links(page: Visit, beginning: str) -> list[str]:
    return [
        str(given["href"])
        for tag, given in page.reader.tags
        if str(given.get("href", "")).startswith(beginning)
    ]


async def test_an_officer_comes_from_the_figures_to_the_lines_behind_a_month(
    api: Api, world: World, database: Database
) -> None:
    await a_forecast(world, database)
    async with browser_of(api, world, await world.an_officer()) as browser:
        assert "/demand" in links(await browser.get("/figures"), "/demand")
        page = await browser.get("/demand")
        assert (page.status, page.wrong) == (200, [])
        assert NAME in page.words
        assert "no better than repeating the last period" in page.words
        shown = await browser.get(links(page, "/demand/")[0])
        assert (shown.status, shown.wrong) == (200, [])
        assert "months with demand: 15" in shown.words
        assert "order when no more than" in shown.words
        behind = await browser.get(links(shown, "/demand/")[1])
        assert (behind.status, behind.wrong) == (200, [])
        assert len(links(behind, "/purchases/")) >= 1
        assert NAME in behind.words


async def test_a_press_makes_a_draft_that_its_person_can_submit(
    api: Api, world: World, database: Database
) -> None:
    await a_forecast(world, database)
    officer = await world.an_officer()
    count = "SELECT count(*) FROM procurement_requests WHERE state = 'draft'"
    async with browser_of(api, world, officer) as browser:
        shown = await browser.get(links(await browser.get("/demand"), "/demand/")[0])
        assert await database.hand.fetchval(count) == 0, "a look asks for nothing"
        form = shown.form("/draft")
        assert form.fields["needed_by"] == (world.today + dt.timedelta(days=9)).isoformat()
        wrong = await browser.send(form, quantity="many")
        assert wrong.status == 422
        assert wrong.wrong == []
        assert await database.hand.fetchval(count) == 0
        made = await browser.send(form, quantity="7", cost_centre="IT")
        assert NAME in made.words
        assert made.form("/request/submit")
    row = await database.hand.fetchrow(
        "SELECT r.state, r.requested_by, l.description, l.quantity, l.unit, l.estimated_unit_price"
        " FROM procurement_requests r JOIN request_lines l ON l.request_id = r.id WHERE r.state = 'draft'"
    )
    assert tuple(row) == (RequestState.draft.value, officer.id, NAME, Decimal(7), "pcs", Decimal(20))


async def test_every_role_sees_what_its_right_says(api: Api, world: World, database: Database) -> None:
    await a_forecast(world, database)
    _, contact = await world.a_vendor()
    for role, person in ({role: await world.the(role) for role in STAFF} | {Role.vendor: contact}).items():
        may = Permission.insights_read in ROLE_PERMISSIONS[role]
        async with browser_of(api, world, person) as browser:
            page = await browser.get("/demand")
            assert page.status == (200 if may else 403), role
            if may:
                shown = await browser.get(links(page, "/demand/")[0])
                drafts = Permission.requests_create in ROLE_PERMISSIONS[role]
                assert bool(shown.forms("/draft")) == drafts, role


@pytest.mark.parametrize("locale", ["en", "de", "es", "ru", "ar"])
async def test_pages_are_well_formed_in_every_language(
    api: Api, world: World, database: Database, locale: str
) -> None:
    await a_forecast(world, database)
    person = await world.a_person(Role.finance)
    async with world.engine.begin() as connection:
        await connection.execute(
            text("UPDATE people SET locale = :l WHERE id = :i"), {"l": locale, "i": person.id}
        )
    async with browser_of(api, world, person) as browser:
        page = await browser.get("/demand")
        for each in (page, await browser.get(links(page, "/demand/")[0])):
            assert (each.status, each.wrong) == (200, [])
            assert each.headers["content-security-policy"] == CSP
            check_marks(each.reader.tags, "/demand")


async def test_switched_off_there_is_no_page_and_no_link(api: Api, world: World, database: Database) -> None:
    await a_forecast(world, database)
    async with browser_of(api, world, await world.an_officer()) as browser:
        item = links(await browser.get("/demand"), "/demand/")[0]
        off = SwitchInsight(Feature.demand, enabled=False)
        await world.act(await world.an_admin(), insights.switch_insight, off)
        assert links(await browser.get("/figures"), "/demand") == []
        assert (await browser.get("/demand")).status == 404
        assert (await browser.get(item)).status == 404
