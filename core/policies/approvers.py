"""Checks whom a policy names: people who are known and may decide."""

from core.kernel.errors import invalid
from core.people import directory
from core.policies.commands import SetPolicy
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
