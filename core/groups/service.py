"""Groups that show requests: administrators bind them, the platform moves them, the bot is removed from them.

One rule: a binding decides which requests get a topic from now on.

Requests that already have a topic are shown there to their end, whatever the group is bound to by then.
"""

from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.groups import repo
from core.groups.commands import BindGroup, MoveGroup, SetGroupReachable
from core.groups.events import GroupBound, GroupFound, GroupLost, GroupMoved, GroupUnbound
from core.groups.model import Group
from core.kernel.errors import NotFound, invalid
from core.uow import Uow


@requires(Permission.groups_bind)
async def bind_group(uow: Uow, actor: Actor, command: BindGroup) -> Group:
    """From now on this group shows the requests of a department or cost centre."""
    known = await repo.all_places(uow.connection)
    if not any((place.kind, place.code) == (command.place, command.code) for place in known):
        example = next((place.code for place in known if place.kind is command.place), None)
        raise invalid(
            "/place/code", "place.unknown", f"there is no {command.place} {command.code[:40]!r}", example
        )
    if actor.person_id is None:
        raise NotFound(what="person")
    group_id = await repo.bind_group(uow.connection, command, actor.person_id, uow.now)
    await uow.record(
        GroupBound(
            subject_id=group_id,
            subject_version=1,
            platform=command.chat.platform,
            kind=command.kind.value,
            place=command.place.value,
            code=command.code,
        )
    )
    return await _read_group(uow, group_id)


@requires(Permission.groups_bind)
async def unbind_group(uow: Uow, actor: Actor, group_id: UUID) -> None:
    """No new request is shown there; a second call is NotFound."""
    group = await repo.unbind_group(uow.connection, group_id, uow.now)
    if group is None:
        raise NotFound(what="group")
    await uow.record(GroupUnbound(subject_id=group_id, subject_version=1, platform=group.platform))


@requires(Permission.groups_note)
async def move_group(uow: Uow, actor: Actor, command: MoveGroup) -> None:
    """The platform gave the group another id; everything moves along. A second call changes nothing."""
    for group_id in await repo.move_chat(uow.connection, command, uow.now):
        await uow.record(
            GroupMoved(
                subject_id=group_id,
                subject_version=1,
                platform=command.chat.platform,
                before=command.chat.chat_id,
                after=command.moved_to,
            )
        )


@requires(Permission.groups_note)
async def set_group_reachable(uow: Uow, actor: Actor, command: SetGroupReachable) -> None:
    """The bot was removed from a group or is in it again; only a change is recorded as an event."""
    for group in await repo.set_reachable(uow.connection, command.chat, reachable=command.reachable):
        if command.reachable:
            await uow.record(GroupFound(subject_id=group.id, subject_version=1, platform=group.platform))
        else:
            await uow.record(
                GroupLost(subject_id=group.id, subject_version=1, platform=group.platform, title=group.title)
            )


async def _read_group(uow: Uow, group_id: UUID) -> Group:
    group = await repo.group_by_id(uow.connection, group_id)
    if group is None:
        raise NotFound(what="group")
    return group
