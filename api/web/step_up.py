"""Before something dangerous: did the person prove, minutes ago, that it is still they who sit at this browser?

One rule: a confirmation belongs to one session; a cookie that was left open changes no roles.
"""

from api.server.rate_limits import LOGIN
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.uow import Uow
from core.web_sessions import queries, service
from core.web_sessions.commands import ConfirmByPassword
from core.web_sessions.errors import ConfirmationNeeded

PASSWORD = "confirm.password"
"""The field of a dangerous form in which the password may stand."""


async def is_confirmed(visitor: Visitor) -> bool:
    """Whether this browser's session was confirmed within the last ten minutes."""

    async def work(uow: Uow, actor: Actor) -> bool:
        return await queries.is_confirmed(uow, actor, visitor.secret)

    return await visitor.read("web_sessions", work)


async def check(visitor: Visitor) -> None:
    """ConfirmationNeeded unless it was confirmed, or the form brings the password with it."""
    if not await is_confirmed(visitor):
        if not visitor.typed.get(PASSWORD):
            raise ConfirmationNeeded()
        await confirm(visitor, visitor.typed[PASSWORD])
    visitor.actor = visitor.actor.proved(visitor.phrases.now)


async def confirm(visitor: Visitor, password: str) -> None:
    """Confirm this browser's session; WrongPassword for a wrong password, RateLimited after ten."""
    key, command = f"confirm:{visitor.actor.label}", ConfirmByPassword(visitor.secret, password[:200])
    await visitor.services.shared_limits.check(key, LOGIN)

    async def work(uow: Uow, actor: Actor) -> None:
        await service.confirm_by_password(uow, actor, command)

    await visitor.run("web_sessions", work)
    await visitor.services.shared_limits.reset(key)
