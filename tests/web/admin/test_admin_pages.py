"""Every page of the administration × every role, and what its forms do, refuse and keep."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote
from uuid import UUID

from api.contract import endpoints as e
from api.web.admin.admin_routes import PAGES
from core.access.roles import ROLE_PERMISSIONS, Role
from core.organisation import service as organisation
from core.organisation.commands import AddDepartment
from core.people import service as people
from core.people.commands import AddPerson
from core.people.model import Person
from core.people.queries import ShowPerson, show_person
from tests.api.administration.test_chat_links import link_chat
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import ADMINISTRATOR, PASSWORD, World
from tests.web.browser import Browser, Visit, a_browser, browser_of
from tests.web.test_audit_pages import seal_all
from tests.web.test_pages import INJECTIONS

ROLES = (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor, Role.vendor)
UNKNOWN = str(UUID(int=7))


@asynccontextmanager
async def confirmed(api: Api, world: World, *roles: Role) -> AsyncIterator[tuple[Browser, Person]]:
    """Somebody who came in with their password, so that it is confirmed who sits there."""
    person = await world.a_person(*(roles or (Role.admin,)), password=PASSWORD)
    async with a_browser(api) as browser:
        sent = {"email": person.email or "", "password": PASSWORD}
        assert (await browser.post("/login", sent)).status_code == 303
        yield browser, person


async def _press(browser: Browser, path: str, *, upload: bool) -> int:
    """Send a form with nothing of sense in it; the status of the answer."""
    if upload:
        file = {"file": ("rates.csv", b"currency,day,rate\n", "text/csv")}
        headers = {"Sec-Fetch-Site": "same-origin"}
        return (await browser.client.post(path, files=file, headers=headers)).status_code
    return (await browser.post(path, {"id": UNKNOWN, "code": "NONE", "hold": "rfq"})).status_code


async def test_every_page_and_form_is_for_whom_the_rights_say(api: Api, world: World) -> None:
    surprises, cells = [], 0
    vendor, contact = await world.a_vendor()
    someone = await world.a_requester()
    ids = {"people": str(someone.id), "vendors": str(vendor.id)}
    for role in ROLES:
        person = contact if role is Role.vendor else await world.the(role)
        held = ROLE_PERMISSIONS[role]
        async with browser_of(api, world, person) as browser:
            for page in PAGES:
                one = [f"/administration/{page.kind}/{ids[page.kind]}"] if page.read_one else []
                for path in (f"/administration/{page.kind}", *one):
                    answer = await browser.client.get(path)
                    cells += 1
                    if answer.status_code != (200 if page.right in held else 403):
                        surprises.append((role.value, path, answer.status_code))
                for action in page.actions:
                    place = f"/{UNKNOWN}" if page.read_one and "id" in action.places else ""
                    path = f"/administration/{page.kind}{place}/{action.verb}"
                    status = await _press(browser, path, upload=action.upload)
                    cells += 1
                    mayhap = (403, 404) if action.dangerous else (200, 303, 404, 409, 422)
                    if status not in (mayhap if action.right in held else (403,)):
                        surprises.append((role.value, path, status))
    assert surprises == []
    assert cells == len(ROLES) * (13 + sum(len(page.actions) for page in PAGES))


async def test_what_is_offered_is_what_the_reader_may(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.a_manager()) as browser:
        for kind in ("organisation", "units", "rates", "policy", "vendors"):
            page = await browser.get(f"/administration/{kind}")
            assert page.wrong == []
            assert [
                form
                for form in page.reader.forms
                if "/administration" in form.action and form.method == "post"
            ] == []
        home = await browser.get("/administration")
        assert "/administration/people" not in home.html
    async with browser_of(api, world, await world.a_requester()) as browser:
        assert "/administration" not in (await browser.get("/home")).html
        assert (await browser.get("/administration")).status == 403


async def test_the_organisation_is_saved_and_a_wrong_value_is_named_and_kept(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.an_admin()) as browser:
        form = (await browser.get("/administration/organisation")).form("/organisation/save")
        assert form.fields["name"] == "Northwind"
        wrong = await browser.send(form, zone="Europe/Nowhere", name="Southwind")
        assert wrong.status == 422
        assert wrong.wrong == []
        again = wrong.form("/organisation/save").fields
        assert (again["zone"], again["name"]) == ("Europe/Nowhere", "Southwind")
        assert "aria-invalid" in wrong.html
        saved = await browser.send(form, zone="Europe/Berlin", name="Southwind")
        assert "It is saved." in saved.words
        assert saved.form("/organisation/save").fields["zone"] == "Europe/Berlin"
        kept = await browser.send(saved.form("/organisation/categories"), names="Paper\n\nIT hardware\n")
        assert "Paper, IT hardware" in kept.words or "IT hardware, Paper" in kept.words


async def test_units_are_added_edited_and_turned_off(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.an_admin()) as browser:
        page = await browser.get("/administration/units")
        page = await browser.send(page.form("/add-department"), code="OPS", name="Operations")
        assert "Operations" in page.words
        page = await browser.send(page.form("/add-centre"), code="OPS-1", name="Workshop", department="OPS")
        edit = next(each for each in page.forms("/edit-centre") if each.fields["code"] == "OPS-1")
        page = await browser.send(edit, name="Big workshop", department="OPS")
        assert "Big workshop" in page.words
        off = next(each for each in page.forms("/deactivate-centre") if each.fields["code"] == "OPS-1")
        page = await browser.send(off)
        assert "inactive" in page.words
        assert [each for each in page.forms("/activate-centre") if each.fields["code"] == "OPS-1"]
        wrong = await browser.send(edit, name="", department="OPS")
        assert wrong.status == 422


async def test_somebody_is_invited_edited_given_roles_and_a_password(api: Api, world: World) -> None:
    async with confirmed(api, world) as (browser, _):
        page = await browser.get("/administration/people")
        typed = {"name": "Rosa Keller", "email": "rosa@example.com", "zone": "UTC", "roles.requester": "true"}
        page = await browser.send(page.form("/people/invite"), **typed)
        assert "Rosa Keller" in page.words
        link = next(
            href
            for tag, given in page.reader.tags
            if tag == "a" and (href := given.get("href") or "").startswith("/administration/people/")
        )
        one = await browser.get(link)
        assert one.wrong == []
        one = await browser.send(one.form("/edit"), name="Rosa K", email="")
        assert "Rosa K" in one.words
        one = await browser.send(one.form("/roles"), **{"roles.officer": "true"})
        assert "procurement officer" in one.words
        made = await browser.send(one.form("/password-link"))
        assert made.status == 200
        assert "Copy this now" in made.words
        assert len(made.forms("/password-link")) == 1
        one = await browser.send(one.form("/disable"))
        assert one.forms("/enable")
        one = await browser.send(one.form("/cost-centre"), cost_centre="IT")
        assert "It is saved." in one.words
        again = await browser.send(one.form("/cost-centre"))
        assert again.form("/cost-centre").fields["cost_centre"] == "IT", (
            "sent as it stands it changes nothing"
        )


async def test_somebody_is_erased_once_their_name_was_typed(
    api: Api, world: World, database: Database
) -> None:
    person = await world.a_person(Role.requester)
    await database.hand.execute("UPDATE people SET name = 'Rosa Quintana-Ruiz' WHERE id = $1", person.id)
    here = f"/administration/people/{person.id}"
    async with browser_of(api, world, await world.an_admin()) as browser:
        asked = await browser.send((await browser.get(here)).form("/erase"), name="Rosa Quintana-Ruiz")
        assert "confirm.password" in asked.form("/erase").fields, "a left browser erases nobody"
    async with confirmed(api, world) as (browser, _):
        page = await browser.get(here)
        assert page.wrong == []
        assert "What stays" in page.words
        form = page.form("/erase")
        wrong = await browser.send(form, name="Rosa Quintana")
        assert (wrong.status, "is not the name of this person" in wrong.words) == (422, True)
        assert (await world.person(person.id)).active
        done = await browser.send(form, name=" rosa  quintana-ruiz ", nonce="another")
        assert done.wrong == []
        assert (await world.person(person.id)).name == f"erased-{person.id.hex[-8:]}"
        assert "This person was erased" in done.words
        assert "Quintana" not in done.html
        assert [done.forms(f"/{verb}") for verb in ("erase", "edit", "enable", "roles")] == [[]] * 4
        await seal_all(world, database)
        log = await browser.get(f"/audit-log?subject={person.id}&action=person.erased")
        assert "GDPR" in log.words
        again = await browser.send(form, name="Rosa Quintana-Ruiz", nonce="once more")
        assert (again.status, again.wrong) == (200, []), "a second press harms nobody"
    async with browser_of(api, world, await world.an_officer()) as browser:
        assert (await browser.send(form)).status == 403


async def test_a_linked_chat_is_ended_on_its_persons_page(api: Api, world: World) -> None:
    person = await world.a_person(Role.requester)
    await link_chat(api, person, "telegram", "81", "Rosa <b>on</b> the telephone")
    async with browser_of(api, world, await world.an_admin()) as browser:
        page = await browser.get(f"/administration/people/{person.id}")
        assert page.wrong == []
        assert "Rosa <b>on</b> the telephone" in page.words
        form = page.form("/unlink")
        assert (await browser.send(form, link="7")).status == 404
        after = await browser.send(form)
        assert "It is saved." in after.words
        assert after.forms("/unlink") == []
        assert (await browser.send(form, nonce="later")).status == 404
    async with browser_of(api, world, await world.an_officer()) as browser:
        assert (await browser.send(form)).status == 403
    assert (await world.person(person.id)).epoch == person.epoch + 1


async def test_a_vendor_is_edited_held_and_its_contacts_invited(api: Api, world: World) -> None:
    vendor, _ = await world.a_vendor()
    async with confirmed(api, world) as (browser, _):
        here = f"/administration/vendors/{vendor.id}"
        page = await browser.get(here)
        edit = page.form("/edit")
        page = await browser.send(edit, name="Alder Ltd")
        assert "Alder Ltd" in page.words
        stale = await browser.send(edit, name="Other Ltd", nonce="another")
        assert stale.status == 409
        assert stale.form("/edit").fields["name"] == "Other Ltd"
        short = await browser.send(page.form("/hold"), kind="order", reason="x")
        assert short.status == 422
        page = await browser.send(page.form("/hold"), kind="order", reason="late deliveries")
        assert "late deliveries" in page.words
        page = await browser.send(page.form("/release"))
        assert "late deliveries" not in page.words
        page = await browser.send(page.form("/approve"), until="2099-01-01")
        page = await browser.send(page.form("/add-contact"), name="Vera", email="vera@example.com")
        assert "Vera" in page.words
        made = await browser.send(page.form("/link"))
        assert "Copy this now" in made.words
        listed = await browser.get("/administration/vendors?q=alder")
        new = {"name": "Beech", "category": "Paper", "currency": "EUR", "country": "DE", "contact.name": "Bo"}
        wrong = await browser.send(listed.form("/create"), **new, **{"contact.email": "no address"})
        assert wrong.status == 422
        assert wrong.form("/create").fields["contact.name"] == "Bo"
        assert (
            "Beech"
            in (
                await browser.send(listed.form("/create"), **new, **{"contact.email": "bo@example.com"})
            ).words
        )


async def test_rates_are_added_singly_and_from_a_file(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.a_finance()) as browser:
        page = await browser.get("/administration/rates")
        done = await browser.send(page.form("/rates/add"), currency="eur", day="2026-11-20", rate="1.11")
        assert "Rates stored: 1. Rows refused: 0." in done.words
        bad = await browser.send(
            page.form("/rates/add"), currency="EUR", day="2026-11-21", rate="a lot", nonce="2"
        )
        assert bad.status == 422
        assert bad.form("/rates/add").fields["rate"] == "a lot"
        assert "1.09" in bad.words
        table = b"currency,day,rate\nGBP,2026-11-20,1.30\nGBP,sometime,1\n"
        answer = await browser.client.post(
            "/administration/rates/file",
            files={"file": ("rates.csv", table, "text/csv")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert "Rates stored: 1. Rows refused: 1." in answer.text
        found = await browser.get("/administration/rates?currency=gbp")
        assert "1.3" in found.words
        assert "1.11" not in found.words


async def test_a_policy_is_tried_kept_and_only_set_when_confirmed(api: Api, world: World) -> None:
    quoted = await world.a_request()
    async with browser_of(api, world, await world.an_admin()) as browser:
        form = (await browser.get("/administration/policy")).form("/policy/set")
        policy = json.loads(form.fields["policy"])
        policy["tiers"] = policy["tiers"][-1:]
        text = json.dumps(policy)
        tried = await browser.post("/administration/policy/try", {**form.fields, "policy": text})
        assert tried.status_code == 200
        assert "Nobody could approve: 0." in tried.text
        broken = await browser.post("/administration/policy/try", {**form.fields, "policy": "{"})
        assert broken.status_code == 422
        refused = await browser.send(form, policy=text)
        assert refused.status == 403
        assert refused.form("/policy/set").fields["policy"].strip() == text
        assert "confirm.password" in refused.form("/policy/set").fields
    assert quoted is not None
    async with confirmed(api, world) as (browser, _):
        form = (await browser.get("/administration/policy")).form("/policy/set")
        assert "It is saved." in (await browser.send(form, policy=text)).words
        assert (await browser.send(form, policy=text)).status in (200, 409)


async def test_what_is_dangerous_asks_for_the_password_and_takes_no_other(api: Api, world: World) -> None:
    person = await world.a_person(Role.admin, password=PASSWORD)
    other = await world.a_person(Role.requester)
    async with browser_of(api, world, person) as browser:
        form = (await browser.get(f"/administration/people/{other.id}")).form("/roles")
        assert form.fields.pop("roles.requester") == "true"
        asked = await browser.send(form, **{"roles.officer": "true"})
        assert asked.status == 403
        again = asked.form("/roles")
        assert "roles.officer" in again.fields
        wrong = await browser.send(again, **{"confirm.password": "wrong"})
        assert wrong.status == 403
        assert "That is not your password." in wrong.words
        assert "confirm.password" in wrong.form("/roles").fields
        done = await browser.send(again, **{"confirm.password": PASSWORD})
        assert "procurement officer" in done.words
        assert (await browser.get("/lists/people.csv")).status == 200
    account = await world.act(ADMINISTRATOR, show_person, ShowPerson(other.id))
    assert account.roles == {Role.officer}
    async with browser_of(api, world, person) as browser:
        closed = await browser.get("/lists/people.csv")
        assert closed.status == 403
        assert "/confirm?next=" in closed.html


async def test_what_people_write_is_only_words(api: Api, world: World) -> None:
    assert len(INJECTIONS) == 60
    for number, text in enumerate(INJECTIONS):
        named = text[:200]
        await world.act(ADMINISTRATOR, organisation.add_department, AddDepartment(f"D{number}", named, None))
    command = AddPerson(INJECTIONS[17], None, (Role.requester,), "en", "UTC", None, None)
    person = await world.act(ADMINISTRATOR, people.add_person, command)
    async with browser_of(api, world, await world.an_admin()) as browser:
        units = await browser.get("/administration/units")
        assert all(" ".join(text[:200].split()) in units.words for text in INJECTIONS)
        pages = [
            units,
            await browser.get("/administration/people"),
            await browser.get(f"/administration/people/{person.id}"),
            *[
                await browser.send(units.form("/add-department"), code=text, name="")
                for text in INJECTIONS[::7]
            ],
        ]
        for text in INJECTIONS[::7]:
            for path in ("/administration/people?q=", "/audit-log?person="):
                answer = await browser.client.get(path + quote(text))
                pages.append(Visit(answer))
    for page in pages:
        assert page.wrong == []
        assert not [tag for tag, _ in page.reader.tags if tag in ("svg", "b", "blockquote")]
        scripts = [given for tag, given in page.reader.tags if tag == "script"]
        assert all(str(given.get("src")).startswith(("/assets/", "/scripts/")) for given in scripts)
        assert not [given for _, given in page.reader.tags if {"onerror", "onmouseover"} & set(given)]


async def test_chats_deliveries_flows_and_checkpoints_are_shown(api: Api, world: World) -> None:
    await world.a_request()
    async with browser_of(api, world, await world.an_admin()) as browser:
        chats = await browser.get("/administration/chats")
        typed = {
            "platform": "telegram",
            "chat_id": "-100123",
            "title": "IT",
            "kind": "group",
            "place": "cost_centre/IT",
        }
        bound = await browser.send(chats.form("/chats/bind"), **typed)
        assert "the bot is in it" in bound.words
        assert "the bot is in it" not in (await browser.send(bound.form("/unbind"))).words
        for kind in (
            "deliveries?state=",
            "deliveries?state=due",
            "deliveries?state=never",
            "flows",
            "checkpoints",
        ):
            page = await browser.get(f"/administration/{kind}")
            assert (page.status, page.wrong) == (200, []), kind
    assert e.list_groups.name
