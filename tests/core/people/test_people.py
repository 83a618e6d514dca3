"""Accounts, their roles, departments and cost centres."""

import asyncio
from dataclasses import replace

import pytest

from core.access.roles import Role
from core.kernel.errors import Invalid, MissingPermission, NotFound
from core.kernel.ids import PersonId, new_id
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment, SetOrganisation
from core.people import directory, queries, repo, service
from core.people.commands import AddPerson, ChangeRoles, DisablePerson, SetPassword
from core.people.errors import EmailTaken
from core.people.model import Person
from tests.support.uow import SmallCompany

LIN = AddPerson("Lin Chen", "lin@northwind.example", (Role.requester,), "en", "UTC", None, None)


async def added(company: SmallCompany, command: AddPerson = LIN) -> Person:
    return await company.act(company.admin, service.add_person, command)


async def test_only_the_administrator_adds_people(company: SmallCompany) -> None:
    with pytest.raises(MissingPermission):
        await company.act(company.officer, service.add_person, LIN)
    person = await added(company)
    assert (person.name, person.epoch, person.roles) == ("Lin Chen", 1, frozenset({Role.requester}))
    assert await company.events() == ["person.added"]


async def test_two_people_cannot_have_one_address(company: SmallCompany) -> None:
    await added(company)
    with pytest.raises(EmailTaken):
        await added(company, replace(LIN, email="LIN@northwind.example"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "/name"),
        ({"name": "Lin\x00Chen"}, "/name"),
        ({"name": "n" * 301}, "/name"),
        ({"email": "lin"}, "/email"),
        ({"email": "lin@home"}, "/email"),
        ({"email": f"{'l' * 250}@x.example"}, "/email"),
        ({"roles": ()}, "/roles"),
        ({"roles": (Role.system_deadlines,)}, "/roles"),
        ({"roles": (Role.service_bot, Role.requester)}, "/roles"),
        ({"roles": (Role.vendor,)}, "/roles"),
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"password": "too short"}, "/password"),
        ({"password": "x" * 201}, "/password"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_by_field(
    company: SmallCompany, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await added(company, replace(LIN, **change))  # type: ignore[arg-type]
    assert refusal.value.errors[0].field == field
    assert await company.events() == []


async def test_whoever_sells_cannot_also_buy(company: SmallCompany) -> None:
    seller = await company.vendor_contact("Alder")
    assert seller.person_id is not None
    for roles in ((Role.requester,), (Role.vendor, Role.officer)):
        with pytest.raises(Invalid):
            await added(company, replace(LIN, vendor_id=seller.vendor_id, roles=roles))
        with pytest.raises(Invalid):
            await company.act(company.admin, service.change_roles, ChangeRoles(seller.person_id, roles))
    contact = await added(company, replace(LIN, vendor_id=seller.vendor_id, roles=(Role.vendor,)))
    assert contact.vendor_id == seller.vendor_id


async def test_change_of_roles_raises_the_epoch_and_says_what_was_before(company: SmallCompany) -> None:
    person = await added(company)
    changed = await company.act(
        company.admin, service.change_roles, ChangeRoles(person.id, (Role.manager, Role.requester))
    )
    assert changed.epoch == 2
    async with company.app.connect() as connection:
        actor = await repo.actor_of(connection, person.id)
        assert await repo.epochs(connection, [person.id]) == {person.id: 2}
    assert actor is not None
    assert actor.roles == {Role.manager, Role.requester}
    data = await company.scalar("SELECT data FROM audit_events WHERE type = 'person.role_changed'")
    assert data == {"before": ["requester"], "after": ["manager", "requester"]}


async def test_the_same_roles_again_change_nothing(company: SmallCompany) -> None:
    person = await added(company)
    again = await company.act(company.admin, service.change_roles, ChangeRoles(person.id, (Role.requester,)))
    assert again.epoch == 1
    assert await company.events() == ["person.added"]


async def test_two_changes_of_roles_at_once_never_mix(company: SmallCompany) -> None:
    person = await added(company)
    wanted = [(Role.manager,), (Role.finance,), (Role.officer,), (Role.auditor,)]
    await asyncio.gather(
        *(
            company.act(company.admin, service.change_roles, ChangeRoles(person.id, roles))
            for roles in wanted * 2
        )
    )
    async with company.app.connect() as connection:
        found = await repo.person(connection, person.id)
    assert found is not None
    assert len(found.roles) == 1


async def test_disabled_person_is_no_actor_any_more(company: SmallCompany) -> None:
    person = await added(company)
    for _ in range(2):
        disabled = await company.act(company.admin, service.disable_person, DisablePerson(person.id))
        assert (disabled.active, disabled.epoch) == (False, 2)
    async with company.app.connect() as connection:
        assert await repo.actor_of(connection, person.id) is None
        assert await repo.epochs(connection, [person.id]) == {}
    assert await company.events() == ["person.added", "person.disabled"]


async def test_unknown_person_is_not_found(company: SmallCompany) -> None:
    unknown = PersonId(new_id())
    for use, command in (
        (service.change_roles, ChangeRoles(unknown, (Role.manager,))),
        (service.disable_person, DisablePerson(unknown)),
        (service.set_password, SetPassword(unknown, "a long enough password")),
    ):
        with pytest.raises(NotFound):
            await company.act(company.admin, use, command)  # type: ignore[arg-type]


async def test_me_shows_cost_centres_to_staff_and_none_to_vendors(company: SmallCompany) -> None:
    seller = await company.vendor_contact("Alder")
    await company.act(company.admin, organisations.add_department, AddDepartment("IT", "Technology", None))
    await company.act(
        company.admin, organisations.add_cost_centre, AddCostCentre("NET", "Networks", "IT", None)
    )
    async with company.app.connect():
        mine = await company.act(company.requester, lambda uow, actor, _: queries.me(uow, actor), None)
        theirs = await company.act(seller, lambda uow, actor, _: queries.me(uow, actor), None)
    assert [centre.code for centre in mine.cost_centres] == ["NET"]
    assert mine.base_currency == "USD"
    assert theirs.cost_centres == ()
    assert theirs.person.vendor_name == "Alder"


async def test_cost_centre_needs_a_known_department_and_a_colleague_as_head(company: SmallCompany) -> None:
    seller = await company.vendor_contact("Alder")
    with pytest.raises(Invalid, match="department"):
        await company.act(
            company.admin, organisations.add_cost_centre, AddCostCentre("NET", "Networks", "IT", None)
        )
    with pytest.raises(Invalid, match="head"):
        await company.act(
            company.admin, organisations.add_department, AddDepartment("IT", "Technology", seller.person_id)
        )


async def test_heads_are_found_only_when_they_may_decide(company: SmallCompany) -> None:
    boss = await added(company, replace(LIN, roles=(Role.manager,)))
    await company.act(company.admin, organisations.add_department, AddDepartment("IT", "Technology", boss.id))
    helper = company.requester.person_id
    await company.act(
        company.admin, organisations.add_cost_centre, AddCostCentre("NET", "Networks", "IT", helper)
    )
    async with company.app.connect() as connection:
        assert await directory.head_of_cost_centre(connection, "NET") is None
        head = await directory.head_of_department(connection, "NET")
        assert head is not None
        assert head.name == "Lin Chen"
        assert await directory.decider_by_email(connection, "LIN@northwind.example") == head
        assert [item.name for item in await directory.deciders_with_role(connection, "manager")] == [
            "Lin Chen"
        ]
        assert await directory.deciders_with_role(connection, "requester") == []
    await company.act(company.admin, service.disable_person, DisablePerson(boss.id))
    async with company.app.connect() as connection:
        assert await directory.head_of_department(connection, "NET") is None


async def test_who_heads_a_cost_centre_stands_in_the_log(company: SmallCompany) -> None:
    head = company.admin.person_id
    await company.act(company.admin, organisations.add_department, AddDepartment("IT", "Technology", head))
    await company.act(
        company.admin, organisations.add_cost_centre, AddCostCentre("NET", "Networks", "IT", None)
    )
    await company.act(
        company.admin, organisations.add_cost_centre, AddCostCentre("NET", "Networks", "IT", head)
    )
    assert await company.events() == ["department.set", "centre.set", "centre.set"]
    subjects = "SELECT count(DISTINCT subject_id) FROM audit_events WHERE type = 'centre.set'"
    assert await company.scalar(subjects) == 1
    last = await company.scalar("SELECT data ->> 'head_id' FROM audit_events ORDER BY seq DESC LIMIT 1")
    assert last == str(head)


async def test_organisation_keeps_its_base_currency(company: SmallCompany) -> None:
    await company.act(
        company.admin,
        organisations.set_organisation,
        SetOrganisation("Northwind Trading", "USD", "de", "Europe/Berlin"),
    )
    async with company.app.connect() as connection:
        found = await directory.read_organisation(connection)
    assert (found.name, found.base_currency, found.zone) == ("Northwind Trading", "USD", "Europe/Berlin")
    for currency in ("EUR", "XXQ"):
        with pytest.raises(Invalid, match="base_currency"):
            await company.act(
                company.admin, organisations.set_organisation, SetOrganisation("Other", currency, "en", "UTC")
            )
