"""Pages of figures: each question, for whom, what its charts and files say, and that every number leads to its rows."""

import csv
import io
import re
import threading

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from api.present import pictures
from core.access.permissions import Permission
from core.access.roles import ROLE_PERMISSIONS, Role
from core.analytics.model import Matter
from core.analytics.sections import SECTIONS
from tests.support.api import Api, ProblemError
from tests.support.measuring import measured
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import browser_of
from tests.web.test_pages import CSP, STAFF, check_marks

FOREIGN = "Vendor <b>&\"'"


def path_of(matter: Matter) -> str:
    return f"/figures/{matter.value}"


async def test_every_question_answers_every_role_as_its_right_says(api: Api, world: World) -> None:
    await world.an_order()
    _, contact = await world.a_vendor()
    surprises = []
    people = {role: await world.the(role) for role in STAFF} | {Role.vendor: contact}
    for role, person in people.items():
        expected = 200 if Permission.dashboard_read in ROLE_PERMISSIONS[role] else 403
        async with browser_of(api, world, person) as browser:
            paths = [path_of(matter) for matter in Matter] + ["/figures", "/figures/waits?weeks=0"]
            paths += ["/figures/spend/rows?section=months&key=2026-11", "/figures/spend/vendors.csv"]
            for path in paths:
                wanted = 422 if path.endswith("weeks=0") and expected == 200 else expected
                found = (await browser.client.get(path)).status_code
                if found != wanted:
                    surprises.append((role, path, found))
    assert surprises == []


@pytest.mark.parametrize("locale", ["de", "ar"])
async def test_pages_are_well_formed_and_say_each_chart_in_words(
    api: Api, world: World, database: Database, locale: str
) -> None:
    await world.an_order(acknowledged=True)
    await measured(world, database)
    person = await world.a_person(Role.finance)
    async with world.engine.begin() as connection:
        await connection.execute(
            text("UPDATE people SET locale = :l WHERE id = :i"), {"l": locale, "i": person.id}
        )
    async with browser_of(api, world, person) as browser:
        for matter in Matter:
            page = await browser.get(path_of(matter))
            assert (page.status, page.wrong) == (200, []), matter
            assert page.headers["content-security-policy"] == CSP
            check_marks(page.reader.tags, path_of(matter))
            charts = [given for tag, given in page.reader.tags if tag == "svg"]
            tables = [tag for tag, _ in page.reader.tags if tag == "table"]
            assert len(charts) == len(tables), matter
            for given in charts:
                assert given["role"] == "img"
                assert set(str(given["aria-labelledby"]).split()) <= set(page.reader.ids)
    assert charts


async def test_a_file_has_exactly_the_numbers_of_its_chart_and_of_the_api(
    api: Api, world: World, database: Database
) -> None:
    await world.an_order()
    await world.an_order(price="400.50")
    await measured(world, database)
    finance = await world.a_finance()
    answer = await api.as_(finance).call(e.analytics_spend)
    async with browser_of(api, world, finance) as browser:
        for section in answer.sections:
            found = await browser.client.get(f"/figures/spend/{section.name}.csv")
            rows = list(csv.DictReader(io.StringIO(found.text.removeprefix("\ufeff"))))
            assert [(row["key"], row["n"], row["value"]) for row in rows] == [
                (each.key, str(each.n), str(each.value)) for each in section.rows
            ]
            assert all(row["since"] == answer.since.isoformat() for row in rows)
        assert (await browser.client.get("/figures/spend/nothing.csv")).status_code == 404


async def test_every_number_leads_to_the_purchases_that_it_counts(
    api: Api, world: World, database: Database
) -> None:
    orders = [await world.an_order() for _ in range(2)]
    await measured(world, database)
    async with browser_of(api, world, await world.a_manager()) as browser:
        page = await browser.client.get("/figures/spend")
        links = re.findall(r'href="(/figures/spend/rows[^"]+)"', page.text)
        assert len(links) == 2 + 4, "two vendors; and a month, a category, a cost centre and a currency"
        numbers = set()
        for link in links:
            opened = (await browser.client.get(link.replace("&amp;", "&"))).text
            numbers |= set(re.findall(r'href="/purchases/(REQ-\d+)"', opened))
        assert numbers == {order.request_number for order in orders}


async def test_a_wrong_window_names_its_field_and_keeps_what_was_typed(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.a_manager()) as browser:
        page = await browser.get("/figures/time?weeks=many&until=2026-11-01")
        assert page.status == 422
        fields = {
            given["name"]: given for tag, given in page.reader.tags if tag == "input" and "name" in given
        }
        assert (fields["weeks"]["value"], fields["weeks"]["aria-invalid"]) == ("many", "true")
        assert fields["until"]["value"] == "2026-11-01"
        for day in ("9999-12-31", "0001-01-01"):
            page = await browser.get(f"/figures/time?until={day}")
            assert page.status == 422
            assert ("input", day) in [(tag, given.get("value")) for tag, given in page.reader.tags]
        assert (await browser.get("/figures/time?until=2100-12-31&weeks=104")).status == 200
        for section, key in (("stages", "nothing"), ("weeks", "soon"), ("months", "2026-13")):
            matter = {"stages": "waits", "weeks": "time", "months": "spend"}[section]
            page = await browser.get(f"/figures/{matter}/rows?section={section}&key={key}")
            assert page.status == 404, section
    with pytest.raises(ProblemError) as refused:
        await api.as_(await world.a_manager()).call(e.analytics_time, query={"weeks": "many"})
    assert refused.value.fields == ["/weeks"]


async def test_a_purchase_that_is_nowhere_is_said_and_names_are_inert(
    api: Api, world: World, database: Database
) -> None:
    vendor, contact = await world.a_vendor()
    async with world.engine.begin() as connection:
        await connection.execute(
            text("UPDATE vendors SET name = :name WHERE id = :id"), {"name": FOREIGN, "id": vendor.id}
        )
    await world.an_order(vendor=vendor, contact=contact)
    await measured(world, database)
    async with browser_of(api, world, await world.a_manager()) as browser:
        page = await browser.get("/figures/time?number=req-999999")
        assert "REQ-999999 is in no stage" in page.words
        spend = await browser.client.get("/figures/spend")
        assert "<b>&" not in spend.text
        assert "Vendor &lt;b&gt;" in spend.text


async def test_a_picture_is_the_sections_chart(api: Api, world: World) -> None:
    await world.an_order()
    manager = api.as_(await world.a_manager())
    for matter, specs in SECTIONS.items():
        for spec in specs:
            found = await manager.send(
                "GET", f"/analytics/picture?question={matter.value}&section={spec.name}"
            )
            assert found.content.startswith(b"\x89PNG"), spec.name
    assert (await manager.send("GET", "/analytics/picture?section=nothing")).status_code == 404


async def test_a_picture_is_drawn_beside_the_event_loop(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def png(chart: object) -> bytes:
        threads.append(threading.current_thread())
        return b"PNG"

    monkeypatch.setattr(pictures, "png", png)
    found = await api.as_(await world.a_manager()).send("GET", "/analytics/picture")
    assert found.content == b"PNG"
    assert threads != [threading.current_thread()]
