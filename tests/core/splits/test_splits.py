"""Amounts of requests that may be one that was split are summed when the tier is chosen."""

import datetime as dt

import pytest

from core.access.roles import Role
from core.approval_facts import queries as facts
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.clock import FixedClock
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy, SplitRule
from tests.support.world import ADMINISTRATOR, POLICY, World

EITHER = SplitRule(14)


async def with_rule(world: World, rule: SplitRule) -> None:
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 0, rule))


async def asked(world: World, by: Person | None = None) -> Approval:
    """An approval of 3,540 dollars: alone of the medium tier, together with another one of the large tier."""
    return (await world.an_open_approval(requested_by=by)).approval


def steps(approval: Approval) -> list[str]:
    return [step.name for step in approval.steps]


async def test_two_requests_in_a_fortnight_are_summed_and_named(world: World) -> None:
    await with_rule(world, EITHER)
    first = await asked(world)
    second = await asked(world)
    assert steps(first) == ["manager"]
    assert steps(second) == ["manager", "finance"]
    assert second.siblings == (first.request_id,)
    shown = await world.act(await world.a_manager(), facts.show, second.id)
    [other] = shown.facts.summed
    assert (other.id, other.amount, other.currency) == (first.request_id, first.amount, "USD")


async def test_without_the_rule_nothing_is_summed(world: World) -> None:
    await with_rule(world, SplitRule(0))
    await asked(world)
    second = await asked(world)
    assert (steps(second), second.siblings) == (["manager"], ())


async def test_after_the_window_nothing_is_summed(world: World) -> None:
    await with_rule(world, EITHER)
    world.clock = FixedClock(world.now)
    await asked(world)
    world.clock.advance(dt.timedelta(days=14, seconds=1))
    assert steps(await asked(world)) == ["manager"]


async def test_what_was_rejected_is_not_summed(world: World) -> None:
    await with_rule(world, EITHER)
    first = await asked(world)
    manager = await world.person(first.steps[0].candidates[0])
    await world.act(manager, decisions.decide, Decide(first.id, Verdict.reject, first.version, "too dear"))
    assert steps(await asked(world)) == ["manager"]


@pytest.mark.parametrize(
    ("who", "what", "summed"),
    [
        (SplitWho.person, SplitWhat.category, False),
        (SplitWho.cost_centre, SplitWhat.category, True),
        (SplitWho.cost_centre, SplitWhat.vendor, False),
        (SplitWho.either, SplitWhat.either, True),
    ],
)
async def test_another_person_of_the_cost_centre_and_another_vendor_of_the_category(
    world: World, who: SplitWho, what: SplitWhat, summed: bool
) -> None:
    await with_rule(world, SplitRule(14, who, what))
    await asked(world)
    second = await asked(world, await world.a_person(Role.requester))
    assert bool(second.siblings) is summed
