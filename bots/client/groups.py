"""Groups: bound and unbound for a person; moved and lost for the bot."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.groups import GroupIn, GroupMovedIn, GroupOut, GroupReachIn, GroupsOut
from bots.client.caller import ApiSlice


class GroupsApi(ApiSlice):
    """What an administrator may do with groups."""

    async def list(self) -> GroupsOut:
        """The bound groups, and what groups can be bound to."""
        return await self._caller.call(e.list_groups, None)

    async def bind(self, body: GroupIn, *, key: str) -> GroupOut:
        return await self._caller.call(e.bind_group, body, key=key)

    async def unbind(self, group_id: UUID, *, key: str) -> None:
        await self._caller.call(e.unbind_group, None, key=key, path={"id": group_id})


class BotGroupsApi(ApiSlice):
    """What a bot learns of groups from its platform."""

    async def report_migrated(self, body: GroupMovedIn, *, key: str) -> None:
        await self._caller.call(e.move_group, body, key=key)

    async def report_reachable(self, body: GroupReachIn, *, key: str) -> None:
        """Our bot was taken out of it, or is in it again."""
        await self._caller.call(e.set_group_reachable, body, key=key)
