"""The read models of browser sessions: one's own."""

from collections.abc import Sequence

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.uow import Uow
from core.web_sessions import repo
from core.web_sessions.model import WebSession


@requires(Permission.me_read)
async def my_sessions(uow: Uow, actor: Actor) -> Sequence[WebSession]:
    """Where this person is logged in, the browser used last on top."""
    return await repo.sessions_of(uow.connection, person_of(actor), uow.now)
