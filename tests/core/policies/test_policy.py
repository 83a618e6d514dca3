"""Which tier applies, and what makes a policy readable."""

from decimal import Decimal

import pytest

from core.kernel.errors import Invalid
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.policies.policy import check_policy, newly_met, tiers_for
from tests.support.world import World


def tier(
    name: str, below: str | None, *, departments: tuple[str, ...] = (), categories: tuple[str, ...] = ()
) -> Tier:
    step = PolicyStep(name, (Approver(role="manager", person=None, head_of=None),))
    return Tier(name, None if below is None else Decimal(below), departments, categories, (step,))


TIERS = (tier("small", "500"), tier("medium", "5000"), tier("large", None))


@pytest.mark.parametrize(
    ("amount", "name"),
    [
        ("0", "small"),
        ("499.99", "small"),
        ("500", "medium"),
        ("4999.99", "medium"),
        ("5000", "large"),
        ("999999", "large"),
    ],
)
def test_an_amount_equal_to_a_limit_counts_as_over_it(amount: str, name: str) -> None:
    assert tiers_for(TIERS, Decimal(amount), "IT", "IT hardware")[0].name == name


def test_higher_tiers_stand_behind_the_one_that_applies() -> None:
    assert [each.name for each in tiers_for(TIERS, Decimal(10), "IT", "")] == ["small", "medium", "large"]


def test_an_amount_over_every_limit_falls_to_the_last_tier() -> None:
    assert tiers_for(TIERS[:2], Decimal(9000), "IT", "")[0].name == "medium"


def test_a_tier_for_a_department_is_not_for_others() -> None:
    rules = (tier("it only", None, departments=("IT",)), tier("rest", None))
    assert tiers_for(rules, Decimal(1), "IT", "")[0].name == "it only"
    assert tiers_for(rules, Decimal(1), "OPS", "")[0].name == "rest"


def test_a_tier_for_a_category_is_not_for_others() -> None:
    rules = (tier("furniture", None, categories=("Furniture",)), tier("rest", None))
    assert tiers_for(rules, Decimal(1), "IT", "Furniture")[0].name == "furniture"
    assert tiers_for(rules, Decimal(1), "IT", "Packaging")[0].name == "rest"


MANAGER, FINANCE = Approver("manager", None, None), Approver("finance", None, None)


@pytest.mark.parametrize(
    ("earlier", "needs"),
    [
        ((), [3, 1]),
        ((PolicyStep("one", (MANAGER,)),), [2, 1]),
        ((PolicyStep("one", (MANAGER,)), PolicyStep("two", (MANAGER,), needs=2)), [1, 1]),
        ((PolicyStep("three", (MANAGER,), needs=3), PolicyStep("money", (FINANCE,), needs=2)), []),
        ((PolicyStep("both", (FINANCE, MANAGER), needs=3),), [3, 1]),
    ],
)
def test_a_higher_tier_newly_asks_for_whom_it_needs_more(
    earlier: tuple[PolicyStep, ...], needs: list[int]
) -> None:
    steps = PolicyStep("managers", (MANAGER,), needs=3), PolicyStep("finance", (FINANCE,))
    assert [step.needs for step in newly_met(steps, earlier)] == needs


def test_limits_must_rise() -> None:
    with pytest.raises(Invalid) as refused:
        check_policy(SetPolicy("USD", (tier("a", "500"), tier("b", "500")), None))
    assert refused.value.errors[0].field == "/tiers/1/below"


def test_nothing_can_follow_a_tier_without_a_limit() -> None:
    with pytest.raises(Invalid):
        check_policy(SetPolicy("USD", (tier("a", None), tier("b", "500")), None))


def test_a_role_that_cannot_decide_is_refused_by_name() -> None:
    step = PolicyStep("one", (Approver(role="requester", person=None, head_of=None),))
    with pytest.raises(Invalid) as refused:
        check_policy(SetPolicy("USD", (Tier("a", None, (), (), (step,)),), None))
    assert refused.value.errors[0].field == "/tiers/0/steps/0/approvers/0/role"
    assert "manager" in (refused.value.errors[0].example or "")


async def test_a_policy_that_names_somebody_who_may_not_decide_is_refused_by_field(world: World) -> None:
    requester = await world.a_requester()
    step = PolicyStep("somebody", (Approver(None, requester.email, None),))
    policy = SetPolicy("USD", (Tier("all", None, (), (), (step,)),), None)
    admin = await world.an_admin()
    with pytest.raises(Invalid) as refused:
        await world.act(admin, policies.set_policy, policy)
    assert refused.value.errors[0].field == "/tiers/0/steps/0/approvers/0/person"
