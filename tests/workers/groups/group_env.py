"""A group as its members see it, and a purchase that goes through all of its states beside it."""

import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.groups.commands import BindGroup, GroupChat
from core.groups.model import Group
from core.groups.service import bind_group
from core.groups.states import GroupKind, PlaceKind
from core.kernel.ids import OrderId
from core.orders.model import OrderDetails
from core.orders.queries import show as show_order
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from tests.workers.delivery.worker_env import TOKEN, WorkerEnv

BOT = int(TOKEN.partition(":")[0])
_members = itertools.count(8001)
_groups = itertools.count(1)


@dataclass
class GroupEnv:
    """A group and somebody in it."""

    worker_env: WorkerEnv
    id: int
    member: int
    group: Group

    async def topics(self) -> list[dict[str, Any]]:
        """The topics, oldest first."""
        found = await self.worker_env.sandbox.groups()
        here = next(each for each in found if each["id"] == self.id)
        return [here["topics"][number] for number in sorted(here["topics"], key=int)]

    async def title(self) -> str:
        """Of the one topic that there is."""
        (topic,) = await self.topics()
        return str(topic["name"])

    async def messages(self) -> list[dict[str, Any]]:
        """What was written into the group, service messages left out."""
        seen = await self.worker_env.sandbox.messages(self.member)
        return [each for each in seen if each["chat_id"] == self.id and not each["service"]]

    async def card(self) -> dict[str, Any]:
        """The one card that there is."""
        (card,) = await self.messages()
        return card


async def make_group_env(
    worker_env: WorkerEnv,
    *,
    kind: GroupKind = GroupKind.forum,
    place: PlaceKind = PlaceKind.department,
    **more: Any,
) -> GroupEnv:
    """A group with our bot in it, bound to the department or cost centre IT."""
    member, number = next(_members), next(_groups)
    group_id = -(1_000_000_000_000 + number if kind is GroupKind.forum else number)
    await worker_env.sandbox.set_person({"id": member, "first_name": "Member"})
    body = {"id": group_id, "title": "IT", "forum": kind is GroupKind.forum, "members": [member, BOT], **more}
    await worker_env.sandbox.set_group(body)
    command = BindGroup(GroupChat("telegram", str(group_id)), "IT", kind, place, "IT")
    bound = await worker_env.world.act(await worker_env.world.an_admin(), bind_group, command)
    return GroupEnv(worker_env, group_id, member, bound)


async def receive_all(worker_env: WorkerEnv, order_id: OrderId) -> OrderDetails:
    """Everything arrived."""
    order = await worker_env.world.act(await worker_env.world.an_officer(), show_order, order_id)
    lines = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in order.order.lines)
    command = ReceiveGoods(order_id, lines, "", None)
    return await worker_env.world.act(await worker_env.world.a_requester(), receipts.receive, command)
