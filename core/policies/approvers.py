"""Whom a policy names: checked when it is set, and found among today's people when somebody is asked."""

from collections.abc import Sequence
from uuid import UUID

from core.kernel.errors import invalid
from core.people import directory
from core.policies.commands import Approver, SetPolicy
from core.uow import Uow


async def check_people(uow: Uow, command: SetPolicy) -> None:
    """Refuse a policy that names somebody who is unknown or may not decide."""
    for index, tier in enumerate(command.tiers):
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
