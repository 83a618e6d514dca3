"""Delegations: a colleague decides for somebody who is away, and gains no right that both did not have."""

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from api.contract.delegations import DelegationOut
from bots.cards.approval import decision_lines
from bots.cards.viewer import Viewer
from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.decisions import service as decisions_service
from core.decisions.commands import Decide
from core.decisions.errors import NotCandidate
from core.decisions.tables import approval_logs
from core.delegations import service as delegating
from core.delegations.commands import Delegate
from core.kernel.clock import SystemClock
from core.log.tables import audit_events
from core.people import service as people
from core.people.commands import ChangeRoles, DisablePerson
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, Tier
from core.purchases import repo as purchase_repo
from core.worklist import queries as worklist
from tests.support.api import Api, ProblemError
from tests.support.clocks import OffsetClock
from tests.support.schedule_ticks import runtime_at, schedule_ticks
from tests.support.world import ADMINISTRATOR, World
from workers import purchases


def named(*approvers: Person) -> PolicyStep:
    """A step for exactly these people."""
    return PolicyStep("named", tuple(Approver(None, person.email, None) for person in approvers))


async def only(world: World, *steps: PolicyStep) -> None:
    await world.a_policy((Tier("all", None, (), (), steps, 720),))


@dataclass(frozen=True)
class DelegationPair:
    """Mara decides, and is away; Ben could stand in."""

    mara: Person
    ben: Person


@pytest.fixture
async def delegation_pair(world: World) -> DelegationPair:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    await only(world, named(mara))
    return DelegationPair(mara, ben)


async def delegated(api: Api, giver: Person, deputy: Person, **more: Any) -> DelegationOut:
    until = SystemClock().now() + dt.timedelta(days=3)
    body = {"to": str(deputy.id), "until": until.isoformat(), **more}
    return await api.as_(giver).call(e.delegate, body)


async def refused(api: Api, giver: Person, deputy: Person, **more: Any) -> str:
    try:
        await delegated(api, giver, deputy, **more)
    except ProblemError as problem:
        return problem.code
    return "taken"


async def decide(api: Api, who: Person, approval: Approval, verb: str = "approve") -> str:
    body = {"approval_id": str(approval.id), "verb": verb, "expected_version": approval.version}
    try:
        return (await api.as_(who).call(e.decide, {**body, "comment": "It is fine."})).state.value
    except ProblemError as problem:
        return problem.code


async def verdicts(world: World, approval: Approval) -> list[tuple[UUID, UUID | None]]:
    log = approval_logs.c
    async with world.engine.connect() as connection:
        rows = await connection.execute(
            select(log.approver, log.on_behalf_of).where(log.approval_id == approval.id).order_by(log.id)
        )
        return [(row.approver, row.on_behalf_of) for row in rows]


async def asked(world: World, approval: Approval) -> set[UUID]:
    """Who should hold a card with buttons now."""
    async with runtime_at(world) as runtime, world.engine.begin() as connection:
        uow = runtime.uow(connection, Actor.system(Role.system_cards))
        purchase = await purchase_repo.load(uow, approval.request_id)
        assert purchase is not None
        tasks = purchases.card_assignments(purchase, await worklist.of_purchase(uow, approval.request_id))
        return {task.person_id for task in tasks if task.subject_id == approval.id}


async def test_a_deputy_decides_and_everybody_can_see_for_whom(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    await delegated(api, delegation_pair.mara, delegation_pair.ben)
    approval = (await world.an_open_approval()).approval
    assert await asked(world, approval) == {delegation_pair.mara.id, delegation_pair.ben.id}
    ben = api.as_(delegation_pair.ben)
    [waiting] = (await ben.call(e.list_approvals, query={"mine": True})).items
    assert (waiting.id, waiting.may_decide) == (approval.id, True)
    assert [(d.person_id, d.for_id) for d in waiting.steps[0].deputies] == [
        (delegation_pair.ben.id, delegation_pair.mara.id)
    ]

    assert await decide(api, delegation_pair.ben, approval) == "approved"

    assert await verdicts(world, approval) == [(delegation_pair.ben.id, delegation_pair.mara.id)]
    shown = await ben.call(e.show_approval, path={"id": approval.id})
    viewer = Viewer.of(await ben.call(e.me))
    assert f"{delegation_pair.ben.name} for {delegation_pair.mara.name}" in decision_lines(shown, viewer)[0]
    timeline = (await ben.call(e.timeline, path={"id": approval.request_id})).items
    [told] = [item for item in timeline if item.action == "approval.decided"]
    assert (told.actor_name, told.on_behalf_of_name) == (delegation_pair.ben.name, delegation_pair.mara.name)
    async with world.engine.connect() as connection:
        event = audit_events.c
        behalf = await connection.scalar(select(event.on_behalf_of).where(event.type == "approval.approved"))
    assert behalf == delegation_pair.mara.id


async def test_whoever_stands_in_is_shown_what_waits_already_and_then_no_longer(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    approval = (await world.an_open_approval()).approval
    assert await asked(world, approval) == {delegation_pair.mara.id}
    assert await decide(api, delegation_pair.ben, approval) == "approvals.not_candidate"
    made = await delegated(api, delegation_pair.mara, delegation_pair.ben)
    assert await asked(world, approval) == {delegation_pair.mara.id, delegation_pair.ben.id}
    await api.as_(delegation_pair.mara).call(e.end_delegation, path={"id": made.id})
    assert await asked(world, approval) == {delegation_pair.mara.id}
    assert await decide(api, delegation_pair.ben, approval) == "approvals.not_candidate"
    assert (await world.events_of(approval.id)).count("approval.deputised") == 2
    assert await world.events_of(made.id) == ["delegation.made", "delegation.ended"]
    assert await decide(api, delegation_pair.mara, approval) == "approved"
    assert await verdicts(world, approval) == [(delegation_pair.mara.id, None)]


async def test_a_delegation_ends_by_itself_and_once(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    made = await delegated(api, delegation_pair.mara, delegation_pair.ben)
    approval = (await world.an_open_approval()).approval
    async with schedule_ticks(world) as tick:
        await tick(days=1)
        assert await asked(world, approval) == {delegation_pair.mara.id, delegation_pair.ben.id}
        await asyncio.gather(*(tick(days=3, seconds=1) for _ in range(3)))
        await tick(days=4)
    assert await asked(world, approval) == {delegation_pair.mara.id}
    assert (await world.events_of(made.id)).count("delegation.ended") == 1
    assert (await api.as_(delegation_pair.ben).call(e.list_delegations)).items == ()


async def test_before_the_clock_notes_it_the_time_counts_already(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    await delegated(api, delegation_pair.mara, delegation_pair.ben)
    approval = (await world.an_open_approval()).approval
    world.clock = OffsetClock(dt.timedelta(days=3, seconds=1))
    late = Decide(approval.id, Verdict.approve, approval.version, "")
    with pytest.raises(NotCandidate):
        await world.act(delegation_pair.ben, decisions_service.decide, late)
    again = Delegate(delegation_pair.ben.id, None, world.now + dt.timedelta(days=1), None, "")
    await world.act(delegation_pair.mara, delegating.delegate, again)
    await world.act(delegation_pair.ben, decisions_service.decide, late)


async def test_neither_person_may_be_part_of_the_purchase(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    await delegated(api, delegation_pair.mara, delegation_pair.ben)
    by_deputy = (await world.an_open_approval(requested_by=delegation_pair.ben)).approval
    assert await asked(world, by_deputy) == {delegation_pair.mara.id}
    assert await decide(api, delegation_pair.ben, by_deputy) == "approvals.own_request"

    await only(world, named(delegation_pair.mara, await world.a_manager()))
    by_giver = (await world.an_open_approval(requested_by=delegation_pair.mara)).approval
    assert await decide(api, delegation_pair.ben, by_giver) == "approvals.not_candidate"
    assert await decide(api, delegation_pair.mara, by_giver) == "approvals.own_request"
    assert await verdicts(world, by_giver) == []


@pytest.mark.parametrize(
    ("amount", "outcome"), [("3540.00", "approved"), ("3539.99", "approvals.not_candidate")]
)
async def test_a_limit_holds_to_the_cent(
    api: Api, world: World, delegation_pair: DelegationPair, amount: str, outcome: str
) -> None:
    await delegated(
        api, delegation_pair.mara, delegation_pair.ben, limit={"amount": amount, "currency": "USD"}
    )
    approval = (await world.an_open_approval(price="1180")).approval
    may = outcome == "approved"
    assert (delegation_pair.ben.id in await asked(world, approval)) == may
    mine = (await api.as_(delegation_pair.ben).call(e.list_approvals, query={"mine": True})).items
    assert len(mine) == may
    assert await decide(api, delegation_pair.ben, approval) == outcome


async def test_nothing_follows_a_second_hop_and_nobody_stands_in_a_circle(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    third = await world.a_person(Role.manager)
    assert await refused(api, delegation_pair.mara, delegation_pair.mara) == "delegations.oneself"
    await delegated(api, delegation_pair.mara, delegation_pair.ben)
    assert await refused(api, delegation_pair.ben, delegation_pair.mara) == "delegations.away"
    assert await refused(api, third, delegation_pair.mara) == "delegations.away"
    assert await refused(api, delegation_pair.mara, third) == "delegations.exists"
    await delegated(api, delegation_pair.ben, third)
    approval = (await world.an_open_approval()).approval
    assert await asked(world, approval) == {delegation_pair.mara.id, delegation_pair.ben.id}
    assert await decide(api, third, approval) == "approvals.not_candidate"


async def test_only_people_who_decide_hand_over_and_take_over(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    requester, admin = await world.a_requester(), await world.an_admin()
    assert await refused(api, delegation_pair.mara, requester) == "delegations.cannot_decide"
    assert await refused(api, requester, delegation_pair.ben) == "forbidden"
    assert (
        await refused(api, delegation_pair.ben, admin, **{"from": str(delegation_pair.mara.id)})
        == "delegations.not_yours"
    )
    assert (
        await refused(api, admin, delegation_pair.ben, **{"from": str(requester.id)})
        == "delegations.cannot_decide"
    )
    made = await delegated(api, admin, delegation_pair.ben, **{"from": str(delegation_pair.mara.id)})
    assert (made.from_.person_id, made.to.person_id) == (delegation_pair.mara.id, delegation_pair.ben.id)
    stranger = await world.a_person(Role.finance)
    with pytest.raises(ProblemError, match="not_yours"):
        await api.as_(stranger).call(e.end_delegation, path={"id": made.id})
    for person in (delegation_pair.mara, delegation_pair.ben):
        [mine] = (await api.as_(person).call(e.list_delegations)).items
        assert mine.id == made.id
    await api.as_(delegation_pair.ben).call(e.end_delegation, path={"id": made.id})
    await api.as_(delegation_pair.ben).call(e.end_delegation, path={"id": made.id})


async def test_who_loses_the_right_no_longer_decides_for_anybody(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    await delegated(api, delegation_pair.mara, delegation_pair.ben)
    approval = (await world.an_open_approval()).approval
    await world.act(
        ADMINISTRATOR, people.change_roles, ChangeRoles(delegation_pair.mara.id, (Role.requester,))
    )
    assert await decide(api, delegation_pair.ben, approval) == "approvals.not_candidate"
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(delegation_pair.mara.id, (Role.manager,)))
    assert delegation_pair.ben.id in await asked(world, approval)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(delegation_pair.ben.id))
    assert await asked(world, approval) == {delegation_pair.mara.id}


async def test_whoever_is_asked_anyway_decides_as_themselves_and_once(api: Api, world: World) -> None:
    mara, ben, fay = [await world.a_person(role) for role in (Role.manager, Role.manager, Role.finance)]
    await delegated(api, mara, ben)
    await only(world, named(mara, ben), named(fay))
    both = (await world.an_open_approval()).approval
    assert await decide(api, ben, both) == "pending"
    assert await decide(api, ben, both) == "approvals.decided"
    assert await verdicts(world, both) == [(ben.id, None)]

    await only(world, named(mara), named(ben))
    later = (await world.an_open_approval()).approval
    assert await asked(world, later) == {mara.id}
    assert await decide(api, ben, later) == "approvals.not_candidate"

    await delegated(api, fay, ben)
    await only(world, named(mara), named(fay))
    twice = (await world.an_open_approval()).approval
    assert await decide(api, ben, twice) == "pending"
    assert await asked(world, twice) == {fay.id}
    assert await decide(api, ben, twice) == "approvals.decided"


async def test_giver_and_deputy_at_the_same_moment_make_one_decision(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    await delegated(api, delegation_pair.mara, delegation_pair.ben)
    for _ in range(5):
        approval = (await world.an_open_approval()).approval
        presses = [decide(api, who, approval) for who in (delegation_pair.mara, delegation_pair.ben) * 4]
        outcomes = await asyncio.gather(*presses)
        assert sorted(outcomes) == ["approvals.decided"] * 7 + ["approved"]
        [(approver, behalf)] = await verdicts(world, approval)
        assert (approver, behalf) in {
            (delegation_pair.mara.id, None),
            (delegation_pair.ben.id, delegation_pair.mara.id),
        }


async def test_delegations_made_at_the_same_moment_make_no_circle_and_no_second_deputy(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    third = await world.a_person(Role.manager)
    pairs = [
        (delegation_pair.mara, delegation_pair.ben),
        (delegation_pair.ben, delegation_pair.mara),
        (delegation_pair.mara, third),
        (third, delegation_pair.mara),
    ]
    outcomes = await asyncio.gather(*(refused(api, *pair) for pair in pairs))
    made = [pair for pair, outcome in zip(pairs, outcomes, strict=True) if outcome == "taken"]
    assert made
    assert len({giver.id for giver, _ in made}) == len(made)
    assert not any((deputy, giver) in made for giver, deputy in made)


async def test_a_limit_is_in_the_organisations_currency_and_the_time_lies_ahead(
    api: Api, world: World, delegation_pair: DelegationPair
) -> None:
    for more in (
        {"limit": {"amount": "10", "currency": "EUR"}},
        {"until": "2020-01-01T00:00:00Z"},
        {"until": "2120-01-01T00:00:00Z"},
        {"until": "2120-01-01"},
    ):
        assert await refused(api, delegation_pair.mara, delegation_pair.ben, **more) not in (
            "taken",
            "unexpected",
        ), more
    colleagues = (await api.as_(delegation_pair.mara).call(e.list_colleagues)).items
    assert delegation_pair.ben.id in {one.person_id for one in colleagues}
    assert delegation_pair.mara.id not in {one.person_id for one in colleagues}
