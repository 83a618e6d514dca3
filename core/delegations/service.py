"""The use cases of delegations: delegate, end and expire.

One rule: a delegation gives no right that both people did not already have.

Giver and deputy may decide by their own roles, and whatever excludes either of them from a decision excludes
the deputy.
"""

from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.delegations import policy, repo
from core.delegations.commands import Delegate, EndDelegation
from core.delegations.errors import (
    AlreadyDelegated,
    CannotDecide,
    DeputyAway,
    NotYourDelegation,
    SelfDelegation,
)
from core.delegations.events import DelegationEnded, DelegationMade
from core.delegations.model import Delegation
from core.kernel.errors import NotFound
from core.kernel.ids import DelegationId, PersonId, new_id
from core.people import directory
from core.uow import Uow

LOCK_ID = UUID("00000000-0000-7000-8000-000000000002")
"""Delegations are made one after the other, so that two at the same moment cannot form a circle."""


@requires(Permission.delegations_make)
async def delegate(uow: Uow, actor: Actor, command: Delegate) -> Delegation:
    """Let somebody decide in this person's place until a moment and up to a limit.

    Raises SelfDelegation, NotYourDelegation, CannotDecide, DeputyAway or AlreadyDelegated.
    """
    giver = _giver(actor, command)
    if command.deputy == giver:
        raise SelfDelegation(who=actor.name)
    policy.check_until(command, uow.now)
    policy.check_limit(command.limit, (await directory.read_organisation(uow.connection)).base_currency)
    await uow.lock_purchase(LOCK_ID)
    made = Delegation(
        id=DelegationId(new_id()),
        giver=giver,
        giver_name=await _decider(uow, giver),
        deputy=command.deputy,
        deputy_name=await _decider(uow, command.deputy),
        made_at=uow.now,
        until=command.until,
        limit=command.limit,
        reason=command.reason,
        ended_at=None,
    )
    await _check_free(uow, made)
    await repo.add(uow, made, actor.label)
    await uow.record(
        DelegationMade(
            subject_id=made.id,
            subject_version=1,
            on_behalf_of=None if actor.is_person(giver) else giver,
            giver=giver,
            deputy=made.deputy,
            until=made.until,
            limit=made.limit.amount if made.limit else None,
            currency=made.limit.currency if made.limit else None,
            reason=made.reason,
        )
    )
    return made


@requires(Permission.delegations_make)
async def end(uow: Uow, actor: Actor, command: EndDelegation) -> None:
    """The giver or the deputy ends it; ending it twice is allowed."""
    found = await repo.load(uow, command.delegation_id)
    if not actor.may(Permission.people_manage) and actor.person_id not in (found.giver, found.deputy):
        raise NotYourDelegation(who=f"{found.giver_name}, {found.deputy_name}")
    await _end(uow, found, "person")


@requires(Permission.delegations_expire)
async def expire(uow: Uow, actor: Actor, delegation_id: DelegationId) -> None:
    """Record that it has expired. It stopped counting at that moment; now the cards are updated."""
    found = await repo.load(uow, delegation_id)
    if found.until <= uow.now:
        await _end(uow, found, "time")


async def _end(uow: Uow, found: Delegation, why: str) -> None:
    if await repo.end(uow, found.id):
        await uow.record(
            DelegationEnded(
                subject_id=found.id, subject_version=1, giver=found.giver, deputy=found.deputy, why=why
            )
        )


def _giver(actor: Actor, command: Delegate) -> PersonId:
    """Oneself; somebody else only for an administrator, because people fall ill without warning."""
    giver = command.giver or actor.person_id
    if giver is None:
        raise NotFound(what="person")
    if not actor.is_person(giver) and not actor.may(Permission.people_manage):
        raise NotYourDelegation(who="admin")
    return giver


async def _decider(uow: Uow, person_id: PersonId) -> str:
    """The name of somebody who may decide."""
    found = await directory.decider(uow.connection, person_id)
    if found is not None:
        return found.name
    names = await directory.names(uow.connection, [person_id])
    if person_id not in names:
        raise NotFound(what="person")
    raise CannotDecide(who=names[person_id])


async def _check_free(uow: Uow, made: Delegation) -> None:
    """One deputy at a time, who has no deputy of their own: so there is neither a second hop nor a circle."""
    before = await repo.open_of_giver(uow, made.giver)
    if before is not None and before.is_active_at(uow.now):
        raise AlreadyDelegated(who=before.deputy_name, until=before.until)
    if before is not None:
        await _end(uow, before, "time")
    of_deputy = await repo.open_of_giver(uow, made.deputy)
    if of_deputy is not None and of_deputy.is_active_at(uow.now):
        raise DeputyAway(who=made.deputy_name, until=of_deputy.until)
