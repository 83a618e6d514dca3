"""Whatever an administrator or officer changes in the file is an event that says who changed what, exactly once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from api.contract import endpoints as e
from api.contract.endpoints import Endpoint
from core.access.roles import Role
from core.log.tables import audit_events
from core.people.model import Person
from tests.support.api import Api
from tests.support.world import World

Told = list[tuple[str, str, Mapping[str, Any]]]
MANAGER = {"name": "all", "steps": [{"name": "one", "approvers": [{"role": "manager"}]}]}
ORGANISATION = {"name": "Northwind Ltd", "base_currency": "USD", "locale": "de", "zone": "Europe/Berlin"}


class Log:
    """The log since it was read last."""

    def __init__(self, api: Api, world: World) -> None:
        self.api, self.world, self.seq = api, world, 0

    async def told(self) -> Told:
        """By whom, which type, and what it says; those of access are left out."""
        event = audit_events.c
        newer = select(event.seq, event.actor, event.type, event.data).where(event.seq > self.seq)
        async with self.world.engine.connect() as connection:
            found = (await connection.execute(newer.order_by(event.seq))).all()
        self.seq = found[-1].seq if found else self.seq
        return [(row.actor, row.type, row.data) for row in found]

    async def one(
        self,
        who: Person,
        endpoint: Endpoint[Any, Any],
        body: Mapping[str, Any] | None,
        path: Mapping[str, object],
        expected: str,
        says: Mapping[str, Any],
    ) -> None:
        """This call leaves this one event, by this person, with these facts at least."""
        await self.told()
        await self.api.as_(who).call(endpoint, body, path=path)
        told = await self.told()
        assert [(actor, kind) for actor, kind, _ in told] == [(str(who.id), expected)]
        data = told[0][2]
        assert {name: data.get(name) for name in says} == TypeAdapter(dict[str, Any]).dump_python(
            dict(says), mode="json"
        )


async def test_the_organisation_its_departments_and_cost_centres(api: Api, world: World) -> None:
    log, admin, head = Log(api, world), await world.an_admin(), await world.a_manager()
    colleague = await world.a_person(Role.requester)
    ops, net = {"code": "OPS"}, {"code": "NET"}
    led = {"name": "Operations", "head_id": str(head.id)}
    centre = {"name": "Networks", "department": "OPS"}
    await log.one(admin, e.set_organisation, ORGANISATION, {}, "organisation.set", ORGANISATION)
    await log.one(admin, e.set_department, led, ops, "department.set", ops | led)
    await log.one(admin, e.set_cost_centre, centre, net, "centre.set", net | centre)
    await log.one(admin, e.deactivate_cost_centre, None, net, "centre.deactivated", net)
    await log.one(admin, e.activate_cost_centre, None, net, "centre.activated", net)
    person, belongs = {"id": colleague.id}, {"cost_centre": "NET"}
    await log.one(admin, e.assign_cost_centre, belongs, person, "person.cost_centre_assigned", belongs)


async def test_the_vendor_file(api: Api, world: World) -> None:
    log, admin, officer = Log(api, world), await world.an_admin(), await world.an_officer()
    vendor, _ = await world.a_vendor()
    this: dict[str, object] = {"id": vendor.id}
    names = {"names": ["Furniture", "IT hardware"]}
    await log.one(admin, e.set_categories, names, {}, "categories.set", names)
    until = {"until": str(world.today)}
    await log.one(admin, e.approve_vendor, until, this, "vendor.approved", until)
    hold = {"kind": "order", "reason": "credit limit", "until": str(world.today)}
    await log.one(officer, e.hold_vendor, hold, this, "vendor.held", hold)
    kind: dict[str, object] = {"kind": "order"}
    await log.one(officer, e.release_vendor, None, this | kind, "vendor.released", kind)
    changed = {"changed": ["country"]}
    await log.one(officer, e.edit_vendor, {"country": "US"}, this, "vendor.edited", changed)
    await log.told()
    contact = {"name": "Vera Two", "email": "vera.two@vendor.example"}
    after = await api.as_(officer).call(e.add_contact, contact, path=this)
    told = {kind: (actor, data) for actor, kind, data in await log.told()}
    added = str(after.contacts[1].person_id)
    assert told.keys() == {"person.added", "vendor.contact_added"}
    assert told["vendor.contact_added"] == (str(officer.id), {"contact_id": added})
    assert UUID(str(told["person.added"][1]["vendor_id"])) == vendor.id
    assert "vera" not in str(told).lower(), "no event has a name or an address"


async def test_the_policies(api: Api, world: World) -> None:
    log, admin = Log(api, world), await world.an_admin()
    receiving = {"colleagues": True, "percent": "10", "tolerances": []}
    await log.one(admin, e.set_receiving_policy, receiving, {}, "policy.receiving_set", receiving)
    await log.told()
    await api.as_(admin).call(e.set_policy, {"currency": "EUR", "tiers": [MANAGER], "undo_seconds": 30})
    [(actor, kind, data)] = await log.told()
    assert (actor, kind) == (str(admin.id), "policy.set")
    assert (data["currency"], data["undo_seconds"]) == ("EUR", 30)
    assert [each["name"] for each in data["tiers"]] == ["all"]


async def test_a_dry_run_and_a_refused_change_leave_none(api: Api, world: World) -> None:
    log, admin = Log(api, world), api.as_(await world.an_admin())
    await log.told()
    await admin.call(e.simulate_policy, {"currency": "USD", "tiers": [MANAGER]})
    refused = await admin.send("PUT", "/departments/OPS", {"name": ""})
    assert refused.status_code == 422
    assert await log.told() == []
