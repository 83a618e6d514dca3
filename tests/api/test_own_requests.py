"""Nobody decides about what they asked for, by any route, administrators included."""

from collections.abc import Awaitable, Callable

import pytest

from api.contract import endpoints as e
from core.access.roles import Role
from core.approvals.model import Approval
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from tests.support.api import Api, ProblemError
from tests.support.world import World

Route = Callable[[World], Awaitable[tuple[Person, Approval]]]


async def a_manager_who_asked(world: World) -> tuple[Person, Approval]:
    manager = await world.a_person(Role.manager)
    return manager, (await world.an_open_approval(requested_by=manager)).approval


async def an_administrator_who_asked(world: World) -> tuple[Person, Approval]:
    admin = await world.an_admin()
    return admin, (await world.an_open_approval(requested_by=admin)).approval


async def an_officer_who_asked(world: World) -> tuple[Person, Approval]:
    officer = await world.an_officer()
    return officer, (await world.an_open_approval(requested_by=officer)).approval


async def someone_with_every_role(world: World) -> tuple[Person, Approval]:
    everything = await world.a_person(Role.requester, Role.officer, Role.manager, Role.finance, Role.admin)
    return everything, (await world.an_open_approval(requested_by=everything)).approval


async def a_requester_made_manager_meanwhile(world: World) -> tuple[Person, Approval]:
    person = await world.a_person(Role.requester)
    approval = (await world.an_open_approval(requested_by=person)).approval
    roles = ChangeRoles(person.id, (Role.requester, Role.manager))
    await world.act(await world.an_admin(), people.change_roles, roles)
    return await world.person(person.id), approval


async def a_manager_who_proposed_the_quote(world: World) -> tuple[Person, Approval]:
    proposer = await world.a_person(Role.officer, Role.manager)
    (one, first), (other, second) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[one, other])
    await world.a_quote(rfq, first, "1100")
    dearer = await world.a_quote(rfq, second, "1150")
    await world.act(proposer, awards.propose, ProposeQuote(rfq.rfq.id, dearer.quote.id, "sooner", None))
    return proposer, (await world.open_approval_of(dearer.quote.id)).approval


async def a_manager_who_made_the_vendor(world: World) -> tuple[Person, Approval]:
    maker = await world.a_person(Role.officer, Role.manager)
    contact = NewContact("Cora", "cora@vendor.example", "en")
    vendor = await world.act(
        maker, vendors.create_vendor, CreateVendor("Own Vendor", "IT hardware", "USD", "DE", contact)
    )
    seller = await world.person(vendor.contacts[0].person_id)
    return maker, (await world.an_open_approval(vendor=vendor, contact=seller)).approval


ROUTES: tuple[Route, ...] = (
    a_manager_who_asked,
    an_administrator_who_asked,
    an_officer_who_asked,
    someone_with_every_role,
    a_requester_made_manager_meanwhile,
    a_manager_who_proposed_the_quote,
    a_manager_who_made_the_vendor,
)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.__name__)
@pytest.mark.parametrize("verb", ["approve", "reject"])
async def test_nobody_decides_about_their_own(api: Api, world: World, route: Route, verb: str) -> None:
    person, approval = await route(world)
    body = {"approval_id": str(approval.id), "verb": verb, "expected_version": approval.version}
    with pytest.raises(ProblemError) as refused:
        await api.as_(person).call(e.decide, body | {"comment": "my own"})
    assert (refused.value.problem.status, refused.value.code) == (403, "approvals.own_request")
    shown = await api.as_(await world.an_auditor()).call(e.show_approval, path={"id": approval.id})
    assert shown.state.value == "pending"
    assert "approval.refused" in await world.events_of(approval.id)
