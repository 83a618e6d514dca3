"""Whether a request may be made for somebody else."""

from core.access.actor import Actor
from core.kernel.ids import PersonId
from core.people import repo as people
from core.proxies import policy, repo
from core.uow import Uow


async def check(uow: Uow, actor: Actor, on_behalf_of: PersonId) -> None:
    """Refuse people who cannot be asked for, and those of another cost centre."""
    person = await people.person(uow.connection, on_behalf_of)
    if person is None or not policy.may_be_asked_for(person):
        raise policy.unknown_colleague()
    centres = await repo.cost_centres_of(uow, [person.id, *([actor.person_id] if actor.person_id else [])])
    own = centres.get(actor.person_id) if actor.person_id else None
    policy.check_may_ask_for(actor, person, own, centres.get(person.id))
