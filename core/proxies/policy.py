"""Pure rules of asking for somebody else: who may be asked for, and by whom."""

from core.access.actor import Actor
from core.access.permissions import Permission
from core.access.roles import roles_with
from core.kernel.errors import Invalid, invalid
from core.people.model import Person
from core.people.repo import as_actor
from core.proxies.errors import NotColleague


def may_be_asked_for(person: Person | None) -> bool:
    """An active colleague who could ask; never a vendor's contact."""
    return (
        person is not None
        and person.active
        and person.vendor_id is None
        and as_actor(person).may(Permission.requests_create)
    )


def unknown_colleague() -> Invalid:
    """The same for unknown and disabled people and for vendors' contacts."""
    return invalid(
        "/on_behalf_of", "colleague.unknown", "is no active colleague", "GET /procurement/colleagues"
    )


def check_may_ask_for(actor: Actor, person: Person, own_centre: str | None, centre: str | None) -> None:
    """Colleagues of the same cost centre ask for each other, an officer or administrator for everybody."""
    if actor.may(Permission.requests_enter) or (centre is not None and centre == own_centre):
        return
    who = ", ".join(role.value for role in roles_with(Permission.requests_enter))
    raise NotColleague(person=person.name, who=who)
