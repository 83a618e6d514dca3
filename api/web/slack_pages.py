"""Sign in with Slack, where an administrator has set it up.

One rule: coming back from Slack opens nothing; the page says so and its button does, once.
"""

from starlette.responses import RedirectResponse, Response

from api.server.rate_limits import LOGIN
from api.server.settings import ApiSettings
from api.web import slack_identity
from api.web.devices import short_name
from api.web.doors import ENTRANCE, inside
from api.web.room import get, post, problem_of
from api.web.slack_identity import BACK, BegunSignIn
from api.web.templating import draw
from api.web.visitors import SIGN_IN, Visitor
from core.access.actor import Actor
from core.kernel.errors import NotFound
from core.uow import Uow
from core.web_sessions import service
from core.web_sessions.commands import OpenByChat
from core.web_sessions.errors import SignInFailed
from core.web_sessions.model import OpenedSession


def _settings(visitor: Visitor) -> ApiSettings:
    """The settings; NotFound where nobody has set it up."""
    settings: ApiSettings = visitor.request.app.state.settings
    if not slack_identity.is_on(settings):
        raise NotFound(what="path")
    return settings


async def begin(visitor: Visitor) -> Response:
    """To Slack, with what only this browser knows kept in a cookie."""
    settings = _settings(visitor)
    begun = BegunSignIn.new(inside(visitor.request.query_params.get("next", ENTRANCE)))
    visitor.cookies[SIGN_IN] = begun.cookie
    return RedirectResponse(slack_identity.address(settings, begun), 303)


async def back(visitor: Visitor) -> Response:
    """What Slack sent the browser back with, in a form; nothing is used up yet."""
    _settings(visitor)
    sent = visitor.request.query_params
    try:
        slack_identity.check_state(BegunSignIn.read(visitor.begun_sign_in), sent.get("state", ""))
        if not sent.get("code") or "error" in sent:
            raise SignInFailed()
    except SignInFailed as error:
        return draw(visitor, "sign_in.html", 409, code="", state="", problem=problem_of(visitor, error))
    answer = draw(visitor, "sign_in.html", code=sent["code"][:500], state=sent["state"], problem=None)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


async def enter(visitor: Visitor) -> Response:
    """The code is exchanged, once; the linked person comes in."""
    settings = _settings(visitor)
    visitor.forget()
    device = short_name(visitor.request.headers.get("user-agent", ""))
    host = visitor.request.client.host if visitor.request.client else "?"
    try:
        visitor.services.limits.check(f"slack:{host}:{visitor.begun_sign_in[:43]}", LOGIN)
        begun = BegunSignIn.read(visitor.begun_sign_in)
        slack_identity.check_state(begun, visitor.typed.get("state", ""))
        account = await slack_identity.account_of(settings, begun, visitor.typed.get("code", "")[:500])
        command = OpenByChat("slack", account, device)

        async def work(uow: Uow, actor: Actor) -> OpenedSession:
            return await service.open_by_chat(uow, actor, command)

        opened = await visitor.run("accounts", work)
    except SignInFailed as error:
        visitor.cookies[SIGN_IN] = None
        return draw(visitor, "sign_in.html", 409, code="", state="", problem=problem_of(visitor, error))
    visitor.let_in(opened)
    visitor.cookies[SIGN_IN] = None
    return RedirectResponse(inside(begun.wanted), 303)


ROUTES = (
    get("/login/slack", begin, public=True),
    get(BACK, back, public=True),
    post(BACK, enter, public=True),
)
