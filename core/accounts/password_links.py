"""A password is set by its owner alone, with a one-time link that an administrator made.

One rule: the code is shown once to the administrator, stored as a hash, used once, and only the newest one counts.
"""

import datetime as dt

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts import links, repo
from core.accounts.commands import MakePasswordLink, UsePasswordLink
from core.accounts.errors import LinkUnknown, LinkUsed
from core.accounts.model import NewLink
from core.people import repo as people
from core.people.policy import check_password
from core.people.service import new_password
from core.uow import Uow

PURPOSE = "password"
PASSWORD_LINK_LIFE = dt.timedelta(hours=24)


@requires(Permission.passwords_link)
async def make_password_link(uow: Uow, actor: Actor, command: MakePasswordLink) -> NewLink:
    """Make a link for an active person; the ones made before can no longer be used."""
    await people.lock_person(uow.connection, command.person_id)
    await repo.revoke_unused(uow.connection, command.person_id, PURPOSE, uow.now)
    return await links.issue_link(uow, actor, command.person_id, PURPOSE, PASSWORD_LINK_LIFE)


async def use_password_link(uow: Uow, actor: Actor, command: UsePasswordLink) -> None:
    """Set the password of the link's person and use the link up; sessions of the old password end."""
    check_password(command.password)
    link = await links.usable_link(uow, command.code, PURPOSE)
    person = await people.lock_person(uow.connection, link.person_id)
    if person is None or not person.active:
        raise LinkUnknown()
    if not await repo.consume_link(uow.connection, link.id, uow.now):
        raise LinkUsed()
    await new_password(uow, person, command.password, link.id)
