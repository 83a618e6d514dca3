"""Groups that show requests: administrators bind them, bots report that they moved or were lost."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import groups as wire
from api.present import groups as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.groups import queries, service
from core.groups.commands import BindGroup, GroupChat, MoveGroup, SetGroupReachable

router = APIRouter()


@serve(router, e.list_groups, tag="chat")
async def list_groups(call: CallDep) -> Response:
    """Every bound group, and what groups can be bound to."""
    return await call.read_for_caller(queries.list_groups, present.groups)


@serve(router, e.bind_group, tag="chat")
async def bind_group(call: CallDep, body: wire.GroupIn) -> Response:
    """A group shows the requests of a department or cost centre from now on."""
    chat = GroupChat(body.platform, body.chat_id)
    command = BindGroup(chat, body.title, body.kind, body.place.kind, body.place.code)
    return await call.run(service.bind_group, command, present.group, 201)


@serve(router, e.unbind_group, tag="chat")
async def unbind_group(call: CallDep, id: UUID) -> Response:
    """Show no new request there; those that are shown already stay to their end."""
    return await call.run(service.unbind_group, id, lambda _: None)


@serve(router, e.move_group, tag="chat")
async def move_group(call: CallDep, body: wire.GroupMovedIn) -> Response:
    """The platform gave a group another id."""
    command = MoveGroup(GroupChat(body.platform, body.chat_id), body.moved_to, body.kept)
    return await call.run(service.move_group, command, lambda _: None)


@serve(router, e.set_group_reachable, tag="chat")
async def set_group_reachable(call: CallDep, body: wire.GroupReachIn) -> Response:
    """The bot was removed from a group, or is in it again."""
    command = SetGroupReachable(GroupChat(body.platform, body.chat_id), body.reachable)
    return await call.run(service.set_group_reachable, command, lambda _: None)
