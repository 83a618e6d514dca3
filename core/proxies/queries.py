"""Whom somebody may ask for."""

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.kernel.pagination import Page
from core.people.model import Candidate
from core.proxies import repo
from core.proxies.commands import FindColleagues
from core.uow import Uow


@requires(Permission.requests_create)
async def find(uow: Uow, actor: Actor, wanted: FindColleagues) -> Page[Candidate]:
    """Colleagues whose name has all these words, by name; few enough for one page."""
    everybody = actor.may(Permission.requests_enter)
    return Page(tuple(await repo.colleagues(uow, person_of(actor), wanted.text, everybody=everybody)), None)
