"""The demo's group on each platform: who is in it, and the cost centre whose requests it shows.

One rule: on a real platform the demo's group is a stranger's, so there it is not bound.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select

from core.access.actor import Actor
from core.db.connection import Connection
from core.groups import repo
from core.groups import service as groups
from core.groups.commands import BindGroup, GroupChat
from core.groups.states import GroupKind, PlaceKind
from core.kernel.clock import FixedClock
from core.kernel.ids import PersonId
from core.people import repo as people_repo
from core.people.tables import people
from stack.demo import company
from stack.demo.demo_history import DemoHistory

KINDS = {"telegram": GroupKind.forum, "slack": GroupKind.channel}


def chat_of(platform: str) -> GroupChat:
    """The group as the bots name it."""
    group = company.GROUP
    return GroupChat(
        platform, f"{company.TEAM}:{group.channel}" if platform == "slack" else str(group.telegram)
    )


def registrations(bot: int, *, slack: bool) -> list[dict[str, object]]:
    """What the sandbox is told: the group with its members and our bot in it."""
    group = company.GROUP
    numbers = [each.telegram for each in company.PEOPLE if each.key in group.members]
    forum: dict[str, object] = {
        "id": group.telegram,
        "title": group.title,
        "forum": True,
        "members": [*numbers, bot],
    }
    members = [*(f"U{number}" for number in numbers), company.BOT_USER]
    channel: dict[str, object] = {
        "id": group.channel,
        "title": group.slack_name,
        "platform": "slack",
        "members": members,
    }
    return [forum, channel] if slack else [forum]


async def bind_groups(connection: Connection, played: Collection[str], now: dt.datetime) -> None:
    """Bind what the sandbox plays and is not bound yet; end the bindings on real platforms."""
    admin = await _administrator(connection)
    if admin is None:
        return
    history = DemoHistory(connection, FixedClock(now))
    bound = {(each.platform, each.chat_id): each for each in await repo.bound_groups(connection)}
    for platform, kind in KINDS.items():
        chat = chat_of(platform)
        known = bound.get((chat.platform, chat.chat_id))
        if known is not None and platform not in played:
            await history.run(admin, groups.unbind_group, known.id)
        if known is None and platform in played:
            title = company.GROUP.slack_name if platform == "slack" else company.GROUP.title
            command = BindGroup(chat, title, kind, PlaceKind.cost_centre, company.GROUP.cost_centre)
            await history.run(admin, groups.bind_group, command)


async def _administrator(connection: Connection) -> Actor | None:
    """The demo's administrator, who links groups; nobody in another company."""
    email = next(each.email for each in company.PEOPLE if "admin" in each.roles)
    found = await connection.scalar(select(people.c.id).where(people.c.email == email, people.c.active))
    return await people_repo.actor_of(connection, PersonId(found)) if found else None
