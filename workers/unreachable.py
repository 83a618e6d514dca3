"""A chat that refuses for good: the person blocked the bot, or the chat is gone.

One rule: nothing more is sent there until the person comes back; their cards are then brought up to date.
"""

from uuid import UUID

import structlog

from core.accounts.commands import SetChatReachable
from core.accounts.reach import set_chat_reachable
from core.uow import Uow

log = structlog.get_logger()


async def mark_unreachable(uow: Uow, platform: str, chat_id: str, person_id: UUID) -> None:
    """Part of the caller's transaction."""
    await set_chat_reachable(uow, uow.actor, SetChatReachable(platform, chat_id, reachable=False))
    log.warning("chat.unreachable", platform=platform, person=str(person_id))
