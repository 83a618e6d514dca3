"""What can be read of delegations: one's own, and who could stand in."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.delegations import repo
from core.delegations.model import Delegation
from core.kernel.pagination import Page
from core.people import directory
from core.people.model import Candidate
from core.uow import Uow


@requires(Permission.delegations_make)
async def my_delegations(uow: Uow, actor: Actor) -> Page[Delegation]:
    """What this person has given and received, as long as it counts; few enough for one page."""
    if actor.person_id is None:
        return Page((), None)
    return Page(tuple(await repo.delegations_of(uow, actor.person_id)), None)


@requires(Permission.delegations_make)
async def possible_deputies(uow: Uow, actor: Actor) -> Page[Candidate]:
    """Everybody who may decide and so could stand in for this person."""
    everybody = await directory.deciders(uow.connection)
    return Page(tuple(one for one in everybody if one.person_id != actor.person_id), None)
