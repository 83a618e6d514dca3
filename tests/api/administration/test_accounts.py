"""Accounts by API: added, edited, given roles, disabled, enabled, and a password set by a one-time link."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from core.access.roles import Role
from tests.support.api import Api, ProblemError
from tests.support.world import World

NEW_PASSWORD = "four words to remember"


async def added(admin: Api, **changes: Any) -> Any:
    body = {"name": "Rosa Keller", "email": "rosa@northwind.example", "roles": ["requester"], **changes}
    return await admin.call(e.add_person, body)


async def the_log(world: World) -> str:
    """Everything that the log contains, as one text."""
    async with world.engine.connect() as connection:
        return str(await connection.scalar(text("SELECT string_agg(data::text, ' ') FROM audit_events")))


async def test_a_person_is_added_edited_and_found(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    rosa = await added(admin, locale="de", zone="Europe/Berlin")
    assert (rosa.roles, rosa.locale, rosa.zone, rosa.active) == (("requester",), "de", "Europe/Berlin", True)
    changed = await admin.call(
        e.edit_person,
        {"name": "Rosa Keller-Lind", "email": "Rosa.Lind@northwind.example"},
        path={"id": rosa.id},
    )
    assert (changed.name, changed.email) == ("Rosa Keller-Lind", "rosa.lind@northwind.example")
    assert (changed.locale, changed.zone) == ("de", "Europe/Berlin")
    without = await admin.call(e.edit_person, {"email": None, "name": None}, path={"id": rosa.id})
    assert (without.email, without.name) == (None, "Rosa Keller-Lind")
    assert await admin.call(e.show_person, path={"id": rosa.id}) == without
    assert await world.events_of(rosa.id) == ["person.added", "person.edited", "person.edited"]
    assert "Keller" not in await the_log(world)


async def test_new_people_and_contacts_live_where_the_organisation_is(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    named = (await admin.call(e.show_organisation)).model_dump(mode="json")
    await admin.call(e.set_organisation, {**named, "zone": "Europe/Berlin"})
    assert (await added(admin)).zone == "Europe/Berlin"
    assert (await added(admin, email="rio@northwind.example", zone="America/Rio_Branco")).zone == (
        "America/Rio_Branco"
    )
    _, contact = await world.a_vendor()
    assert contact.zone == "Europe/Berlin"


async def test_an_address_that_is_taken_is_refused_when_added_and_when_edited(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    rosa = await added(admin)
    with pytest.raises(ProblemError, match=r"409 people\.email_taken"):
        await added(admin, email="ROSA@northwind.example")
    other = await added(admin, email="lin@northwind.example")
    with pytest.raises(ProblemError, match=r"409 people\.email_taken"):
        await admin.call(e.edit_person, {"email": rosa.email}, path={"id": other.id})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "rosa"}, "/email"),
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"locale": "tlh"}, "/locale"),
        ({"roles": []}, "/roles"),
        ({"roles": ["vendor"]}, "/roles/0"),
        ({"roles": ["system:deadlines"]}, "/roles/0"),
        ({"name": " "}, "/name"),
    ],
)
async def test_a_wrong_value_names_its_field_and_shows_an_example(
    api: Api, world: World, change: dict[str, Any], field: str
) -> None:
    admin = api.as_(await world.an_admin())
    with pytest.raises(ProblemError) as refused:
        await added(admin, **change)
    assert refused.value.status == 422
    assert refused.value.fields == [field]
    assert refused.value.problem.errors[0].example


async def test_other_roles_and_a_disabled_account_end_every_token(api: Api, world: World) -> None:
    admin, person = api.as_(await world.an_admin()), await world.a_person(Role.requester)
    before = api.as_(person)
    await admin.call(e.change_roles, {"roles": ["requester", "manager"]}, path={"id": person.id})
    with pytest.raises(ProblemError, match="401"):
        await before.call(e.me)
    again = api.as_(await world.person(person.id))
    assert "manager" in (await again.call(e.me)).roles
    off = await admin.call(e.disable_person, path={"id": person.id})
    assert not off.active
    with pytest.raises(ProblemError, match="401"):
        await again.call(e.me)
    listed = await admin.call(e.list_people, query={"active": "false"})
    assert person.id in {item.id for item in listed.items}
    on = await admin.call(e.enable_person, path={"id": person.id})
    assert (on.active, set(on.roles)) == (True, {"requester", "manager"})
    with pytest.raises(ProblemError, match="401"):
        await again.call(e.me)
    assert (await api.as_(await world.person(person.id)).call(e.me)).id == person.id
    assert await world.events_of(person.id) == [
        "person.added",
        "person.role_changed",
        "person.disabled",
        "person.enabled",
    ]


async def test_the_last_administrator_keeps_the_role_and_the_account(api: Api, world: World) -> None:
    first = await world.an_admin()
    admin = api.as_(first)
    with pytest.raises(ProblemError, match=r"409 people\.last_administrator"):
        await admin.call(e.disable_person, path={"id": first.id})
    with pytest.raises(ProblemError, match=r"409 people\.last_administrator"):
        await admin.call(e.change_roles, {"roles": ["requester"]}, path={"id": first.id})
    second = await world.a_person(Role.admin)
    await api.as_(second).call(e.disable_person, path={"id": first.id})
    with pytest.raises(ProblemError, match=r"409 people\.last_administrator"):
        await api.as_(second).call(e.disable_person, path={"id": second.id})


async def test_a_password_is_set_once_by_the_newest_link(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    rosa = await added(admin)
    older = await admin.call(e.make_password_link, path={"id": rosa.id})
    newest = await admin.call(e.make_password_link, path={"id": rosa.id})
    assert newest.expires_at - world.now < dt.timedelta(hours=24, seconds=5)
    with pytest.raises(ProblemError, match=r"404 links\.unknown"):
        await api.call(e.set_password, {"code": older.code, "password": NEW_PASSWORD})
    with pytest.raises(ProblemError) as short:
        await api.call(e.set_password, {"code": newest.code, "password": "short"})
    assert short.value.fields == ["/password"]
    await api.call(e.set_password, {"code": newest.code, "password": NEW_PASSWORD})
    with pytest.raises(ProblemError, match=r"409 links\.used"):
        await api.call(e.set_password, {"code": newest.code, "password": "another good password"})
    tokens = await api.call(e.login, {"email": rosa.email, "password": NEW_PASSWORD})
    assert (await api.with_token(tokens.access_token).call(e.me)).id == rosa.id
    logged = await the_log(world)
    assert newest.code not in logged
    assert NEW_PASSWORD not in logged
    assert (await world.events_of(rosa.id))[-1] == "person.password_set"


async def test_only_the_hash_of_a_password_link_is_stored_and_it_links_no_chat(
    api: Api, world: World
) -> None:
    admin, person = api.as_(await world.an_admin()), await world.a_requester()
    link = await admin.call(e.make_password_link, path={"id": person.id})
    async with world.engine.connect() as connection:
        stored = await connection.scalar(text("SELECT string_agg(k::text, ' ') FROM link_codes k"))
    assert link.code not in str(stored)
    use = {"code": link.code, "platform": "telegram", "external_id": "4711", "display_name": "Eve"}
    with pytest.raises(ProblemError, match=r"404 links\.unknown"):
        await api.as_bot().call(e.preview_link, use)
    with pytest.raises(ProblemError, match=r"404 links\.unknown"):
        await api.as_bot().call(e.confirm_link, use)
    chat_link = await api.as_(person).call(e.make_link, {})
    with pytest.raises(ProblemError, match=r"404 links\.unknown"):
        await api.call(e.set_password, {"code": chat_link.code, "password": NEW_PASSWORD})


async def test_a_password_link_ends_with_its_day_and_with_the_account(api: Api, world: World) -> None:
    admin, person = api.as_(await world.an_admin()), await world.a_person(Role.requester)
    link = await admin.call(e.make_password_link, path={"id": person.id})
    await admin.call(e.disable_person, path={"id": person.id})
    with pytest.raises(ProblemError, match=r"404 links\.unknown"):
        await api.call(e.set_password, {"code": link.code, "password": NEW_PASSWORD})
    with pytest.raises(ProblemError, match="404"):
        await admin.call(e.make_password_link, path={"id": person.id})
    await admin.call(e.enable_person, path={"id": person.id})
    late = await admin.call(e.make_password_link, path={"id": person.id})
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE link_codes SET expires_at = now() - interval '1 second'"))
    with pytest.raises(ProblemError, match=r"409 links\.expired"):
        await api.call(e.set_password, {"code": late.code, "password": NEW_PASSWORD})
