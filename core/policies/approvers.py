"""Whom and what a policy names: checked when it is set, and found among today's people when somebody is asked."""

from collections.abc import Sequence
from uuid import UUID

from core.kernel.errors import invalid
from core.people import directory
from core.policies.commands import Approver, SetPolicy, Tier
from core.uow import Uow
from core.vendors import repo as vendors


async def check_names(uow: Uow, command: SetPolicy) -> None:
    """Refuse a policy that names what is unknown: nobody would ever be asked by such a rule."""
    departments = await directory.department_codes(uow.connection)
    categories = await vendors.categories(uow.connection)
    for index, tier in enumerate(command.tiers):
        for place, department in enumerate(tier.departments):
            if department not in departments:
                known = ", ".join(departments[:5]) or "IT"
                field = f"/tiers/{index}/departments/{place}"
                raise invalid(field, "department.unknown", f"{department} is no department", known)
        for place, category in enumerate(tier.categories):
            if categories and category not in categories:
                known = ", ".join(categories[:5])
                field = f"/tiers/{index}/categories/{place}"
                raise invalid(field, "category.unknown", f"{category} is no category", known)
        await _check_people(uow, index, tier)


async def _check_people(uow: Uow, index: int, tier: Tier) -> None:
    for number, step in enumerate(tier.steps):
        for place, approver in enumerate(step.approvers):
            if approver.person is None:
                continue
            if await directory.decider_by_email(uow.connection, approver.person) is None:
                raise invalid(
                    f"/tiers/{index}/steps/{number}/approvers/{place}/person",
                    "policy.person",
                    f"{approver.person} is unknown or may not decide",
                    "manager@northwind.example",
                )


async def people_of(uow: Uow, approvers: Sequence[Approver], cost_centre: str) -> list[UUID]:
    """Active people with the right to decide, in the policy's order."""
    people: list[UUID] = []
    for approver in approvers:
        people.extend(await _people_for(uow, approver, cost_centre))
    return people


async def _people_for(uow: Uow, approver: Approver, cost_centre: str) -> list[UUID]:
    connection = uow.connection
    if approver.role is not None:
        return [
            candidate.person_id for candidate in await directory.deciders_with_role(connection, approver.role)
        ]
    if approver.person is not None:
        candidate = await directory.decider_by_email(connection, approver.person)
    elif approver.head_of == "department":
        candidate = await directory.head_of_department(connection, cost_centre)
    else:
        candidate = await directory.head_of_cost_centre(connection, cost_centre)
    return [candidate.person_id] if candidate else []
