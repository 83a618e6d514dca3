"""A policy is tried on the last 200 of thousands of purchases, for a bounded number of statements."""

import pytest

from core.access.roles import Role
from core.db.engine import Engine
from core.kernel.clock import FixedClock
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.simulations import queries as simulations
from core.simulations.queries import SimulatePolicy
from tests.plans.conftest import PURCHASES
from tests.plans.test_plans import NOW, person
from tests.support.plans import watch
from tests.support.uow import begin

ADMIN = person(5, Role.admin)


def policy(*departments: str) -> SetPolicy:
    head = PolicyStep("Head", (Approver(Role.manager, None, None),))
    return SetPolicy("USD", (Tier("all", None, departments, (), (head,)),), None)


@pytest.mark.parametrize("last", [20, 200])
async def test_as_many_of_the_newest_purchases_are_tried_as_was_asked_for(filled: Engine, last: int) -> None:
    async with begin(filled, ADMIN, FixedClock(NOW)) as uow:
        tried = await simulations.simulate(uow, ADMIN, SimulatePolicy(policy(), last))
    numbers = [int(each.request_number.removeprefix("REQ-")) for each in tried.purchases]
    assert len(numbers) == last
    assert numbers == sorted(numbers, reverse=True)
    assert max(numbers) > 100 + PURCHASES - 20
    assert {each.problem for each in tried.purchases} == {None}


async def test_of_two_hundred_all_that_no_tier_covers_are_named(filled: Engine) -> None:
    async with begin(filled, ADMIN, FixedClock(NOW)) as uow:
        tried = await simulations.simulate(uow, ADMIN, SimulatePolicy(policy("D1")))
    named = {each.request_number for each in tried.purchases if each.problem == "no_tier"}
    outside = {each.request_number for each in tried.purchases if department(each.cost_centre) != "D1"}
    assert len(tried.purchases) == 200
    assert named == outside
    assert 0 < len(named) < 200


async def test_two_hundred_take_no_statement_for_each_of_them(filled: Engine) -> None:
    """What is looked up is remembered: heads and departments of 24 cost centres, not of 200 purchases."""
    async with begin(filled, ADMIN, FixedClock(NOW)) as uow:
        watched = watch(uow)
        await simulations.simulate(uow, ADMIN, SimulatePolicy(policy()))
    assert len(watched.statements) < 60


def department(cost_centre: str) -> str:
    """As ``many_rows`` assigns them."""
    return f"D{int(cost_centre.removeprefix('CC')) % 8 + 1}"
