"""The approval policy: unknown names are refused when it is set, and a dry run shows what it would have done."""

from typing import Any

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from core.access.roles import Role
from tests.support.api import Api
from tests.support.world import World


def policy(*tiers: dict[str, Any], currency: str = "USD") -> dict[str, Any]:
    return {"currency": currency, "tiers": list(tiers)}


def tier(name: str, *approvers: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"name": name, "steps": [{"name": name, "approvers": [each]} for each in approvers], **more}


MANAGER = {"role": "manager"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (tier("a", MANAGER, departments=["IT", "NOPE"]), "/tiers/0/departments/1"),
        (tier("a", {"person": "nobody@northwind.example"}), "/tiers/0/steps/0/approvers/0/person"),
        (tier("a", {"role": "janitor"}), "/tiers/0/steps/0/approvers/0/role"),
        (tier("a", {"role": "auditor"}), "/tiers/0/steps/0/approvers/0/role"),
        (tier("a", {"head_of": "company"}), "/tiers/0/steps/0/approvers/0/head_of"),
    ],
)
async def test_a_policy_that_names_what_is_unknown_is_refused_when_it_is_set_and_when_it_is_tried(
    api: Api, world: World, wrong: dict[str, Any], field: str
) -> None:
    admin = api.as_(await world.an_admin())
    before = (await admin.call(e.show_policy)).version
    for method, path in (("PUT", "/approval-policies"), ("POST", "/approval-policies/simulate")):
        answer = await admin.send(method, path, policy(wrong))
        refused = answer.json()["errors"]
        assert answer.status_code == 422
        assert [error["field"] for error in refused] == [field]
        assert refused[0]["example"]
    assert (await admin.call(e.show_policy)).version == before


async def test_a_dry_run_shows_who_would_have_been_asked_and_writes_nothing(api: Api, world: World) -> None:
    finance = await world.a_finance()
    approval = await world.an_open_approval(price="100")
    admin = api.as_(await world.an_admin())
    before = await counts(world)
    tried = await admin.call(e.simulate_policy, policy(tier("all", {"role": "finance"})))
    assert await counts(world) == before
    assert (tried.purchases, tried.differing, tried.stuck) == (1, 1, 0)
    item = tried.items[0]
    assert (item.approval_id, item.tier, item.problem) == (approval.approval.id, "all", None)
    assert [one.person_id for one in item.steps[0].candidates] == [finance.id]
    same = await admin.call(e.show_policy)
    body = same.model_dump(mode="json", include={"currency", "tiers"})
    again = await admin.call(e.simulate_policy, body)
    assert (again.differing, again.stuck) == (0, 0)


async def test_a_dry_run_finds_what_nobody_could_approve(api: Api, world: World) -> None:
    await world.an_open_approval(price="100")
    alone = await world.a_person(Role.finance)
    admin = api.as_(await world.an_admin())
    await admin.call(e.disable_person, path={"id": alone.id})
    nobody = policy(tier("small", {"role": "officer"}, below="100"), tier("large", {"head_of": "department"}))
    assert (await admin.call(e.simulate_policy, nobody)).stuck == 0
    await admin.call(e.set_department, {"name": "IT", "head_id": None}, path={"code": "IT"})
    tried = await admin.call(e.simulate_policy, nobody)
    assert (tried.stuck, tried.items[0].problem) == (1, "nobody")
    await admin.call(e.set_department, {"name": "Operations"}, path={"code": "OPS"})
    other = policy(tier("ops", MANAGER, departments=["OPS"]))
    assert (await admin.call(e.simulate_policy, other)).items[0].problem == "no_tier"
    without = policy(tier("all", MANAGER), currency="CHF")
    assert (await admin.call(e.simulate_policy, without)).items[0].problem == "no_rate"


async def test_a_dry_run_looks_at_the_newest_approval_of_each_of_the_last_purchases(
    api: Api, world: World
) -> None:
    made = [await world.an_open_approval(price=price) for price in ("100", "200", "300")]
    admin = api.as_(await world.an_admin())
    tried = await admin.call(e.simulate_policy, {**policy(tier("all", MANAGER)), "last": 2})
    newest = [each.approval.id for each in reversed(made)]
    assert [item.approval_id for item in tried.items] == newest[:2]


async def counts(world: World) -> str:
    async with world.engine.connect() as connection:
        found = await connection.scalar(
            text(
                "SELECT concat_ws(' ', (SELECT count(*) FROM audit_events), (SELECT count(*) FROM approvals),"
                " (SELECT count(*) FROM approval_policies), (SELECT count(*) FROM deliveries))"
            )
        )
    return str(found)
