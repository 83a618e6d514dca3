"""Records whether a chat account can be written to: it blocked the bot, or it came back.

One rule: only a change is recorded as an event, so repeated reports of the same state record nothing.
"""

from sqlalchemy import func, select, update

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts.commands import SetChatReachable
from core.accounts.events import ChatReachable, ChatUnreachable
from core.accounts.tables import chat_identities
from core.uow import Uow

_C = chat_identities.c


@requires(Permission.chat_reach)
async def set_chat_reachable(uow: Uow, actor: Actor, command: SetChatReachable) -> bool:
    """Record whether a chat can be written to; true when that changed something."""
    person_id = await uow.connection.scalar(
        update(chat_identities)
        .where(
            _C.platform == command.platform,
            _C.external_id == command.external_id,
            _C.unlinked_at.is_(None),
            _C.reachable.is_not(command.reachable),
        )
        .values(reachable=command.reachable)
        .returning(_C.person_id)
    )
    if person_id is None:
        return False
    if command.reachable:
        await uow.record(ChatReachable(subject_id=person_id, subject_version=1, platform=command.platform))
        return True
    left = await uow.connection.scalar(
        select(func.count()).where(_C.person_id == person_id, _C.unlinked_at.is_(None), _C.reachable)
    )
    await uow.record(
        ChatUnreachable(subject_id=person_id, subject_version=1, platform=command.platform, left=left or 0)
    )
    return True


async def mark_workspace_reachable(uow: Uow, platform: str, team_id: str) -> None:
    """The app is back in a workspace, so everybody there who did not block it can be written to again."""
    people = await uow.connection.scalars(
        select(_C.person_id)
        .where(
            _C.platform == platform,
            _C.external_id.startswith(f"{team_id}:", autoescape=True),
            _C.unlinked_at.is_(None),
            _C.reachable,
        )
        .order_by(_C.person_id)
    )
    for person_id in people:
        await uow.record(ChatReachable(subject_id=person_id, subject_version=1, platform=platform))
