"""The read models of delegations: one's own, and who could be a deputy."""

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
    """The active delegations that this person has given and received; few enough for one page."""
    if actor.person_id is None:
        return Page((), None)
    return Page(tuple(await repo.delegations_of(uow, actor.person_id)), None)


@requires(Permission.delegations_make)
async def possible_deputies(uow: Uow, actor: Actor) -> Page[Candidate]:
    """Everybody who may decide and could therefore be this person's deputy."""
    everybody = await directory.deciders(uow.connection)
    return Page(tuple(one for one in everybody if one.person_id != actor.person_id), None)
