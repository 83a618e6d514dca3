"""Coming in because a chat platform says who it is: by its own login page, or by a login button in its chat.

One rule: coming back from a platform opens nothing; the page says so and its button does, once.
"""

from collections.abc import Mapping
from functools import partial

from starlette.responses import RedirectResponse, Response

from api.server.rate_limits import OF_HOST, host_of
from api.server.settings import ApiSettings
from api.web import openid, telegram_login
from api.web.devices import short_name
from api.web.doors import ENTRANCE, inside
from api.web.openid import BegunSignIn, KnownPlatforms, Provider
from api.web.room import get, post, problem_of
from api.web.sign_in_providers import PLATFORMS, back_path, provider
from api.web.telegram_login import PressedLogin
from api.web.templating import draw
from api.web.visitors import SIGN_IN, Visitor
from core.access.actor import Actor
from core.kernel.errors import NotFound
from core.uow import Uow
from core.web_sessions import service
from core.web_sessions.commands import OpenByChat
from core.web_sessions.errors import SignInFailed
from core.web_sessions.model import OpenedSession
from core.web_sessions.queries import preview_chat


def _settings(visitor: Visitor) -> ApiSettings:
    settings: ApiSettings = visitor.request.app.state.settings
    return settings


def _known(visitor: Visitor) -> KnownPlatforms:
    known: KnownPlatforms = visitor.request.app.state.known_platforms
    return known


def _provider(visitor: Visitor, platform: str) -> Provider:
    """The platform; NotFound where nobody has set it up."""
    found = provider(_settings(visitor), platform)
    if found is None:
        raise NotFound(what="path")
    return found


async def begin(platform: str, visitor: Visitor) -> Response:
    """To the platform, with what only this browser knows kept in a cookie."""
    found = _provider(visitor, platform)
    begun = BegunSignIn.new(platform, inside(visitor.request.query_params.get("next", ENTRANCE)))
    try:
        await _limit(visitor, platform, "begin")
        address = await openid.address(_known(visitor), found, begun)
    except SignInFailed as error:
        return _failed(visitor, found, error)
    visitor.cookies[SIGN_IN] = begun.cookie
    return RedirectResponse(address, 303)


async def back(platform: str, visitor: Visitor) -> Response:
    """What the platform sent the browser back with, in a form; nothing is used up yet."""
    found, sent = _provider(visitor, platform), visitor.request.query_params
    try:
        begun = BegunSignIn.read(found, visitor.begun_sign_in)
        openid.check_state(found, begun, sent.get("state", ""))
        if not sent.get("code") or "error" in sent:
            raise found.failed()
    except SignInFailed as error:
        return _failed(visitor, found, error)
    facts = {"code": sent["code"][:500], "state": sent["state"], "problem": None}
    answer = draw(visitor, "sign_in.html", provider=found, action=back_path(platform), **facts)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


async def enter(platform: str, visitor: Visitor) -> Response:
    """The code is exchanged, once; the linked person comes in."""
    found = _provider(visitor, platform)
    visitor.forget()
    try:
        await _limit(visitor, platform, "enter")
        begun = BegunSignIn.read(found, visitor.begun_sign_in)
        openid.check_state(found, begun, visitor.typed.get("state", ""))
        code = visitor.typed.get("code", "")[:500]
        account = await openid.account_of(_known(visitor), found, begun, code, visitor.phrases.now)
        visitor.let_in(await _opened(visitor, OpenByChat(platform, account, _device(visitor))))
    except SignInFailed as error:
        visitor.cookies[SIGN_IN] = None
        return _failed(visitor, found, error)
    visitor.cookies[SIGN_IN] = None
    return RedirectResponse(inside(begun.wanted), 303)


async def pressed_page(visitor: Visitor) -> Response:
    """Whom the press of a login button would let in; it is as good afterwards as before."""
    visitor.forget()
    sent = visitor.request.query_params
    wanted = inside(sent.get("next", ENTRANCE))
    if not telegram_login.is_sent(sent):
        return RedirectResponse(f"/login?{visitor.request.url.query}" if "next" in sent else "/login", 303)
    try:
        press = _pressed(visitor, sent)

        async def work(uow: Uow, actor: Actor) -> str:
            found = await preview_chat(uow, actor, "telegram", press.account, press.proof)
            return found.name

        name = await visitor.read("accounts", work)
    except SignInFailed as error:
        return _spent(visitor, error)
    shown = {name: sent[name] for name in (*telegram_login.HASHED, "hash") if name in sent}
    answer = draw(visitor, "enter.html", name=name, problem=None, fields={**shown, "next": wanted})
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


async def use_press(visitor: Visitor) -> Response:
    """The press is used up; whoever pressed comes in."""
    visitor.forget()
    try:
        await _limit(visitor, "telegram", "press")
        press = _pressed(visitor, visitor.typed)
        command = OpenByChat("telegram", press.account, _device(visitor), press.proof)
        visitor.let_in(await _opened(visitor, command))
    except SignInFailed as error:
        return _spent(visitor, error)
    return RedirectResponse(inside(visitor.typed.get("next", ENTRANCE)), 303)


def _pressed(visitor: Visitor, sent: Mapping[str, str]) -> PressedLogin:
    """What Telegram says; NotFound where nobody has set it up."""
    key = _settings(visitor).telegram_login_key
    if key is None:
        raise NotFound(what="path")
    return telegram_login.pressed(key, sent, visitor.phrases.now)


async def _opened(visitor: Visitor, command: OpenByChat) -> OpenedSession:
    async def work(uow: Uow, actor: Actor) -> OpenedSession:
        return await service.open_by_chat(uow, actor, command)

    return await visitor.run("accounts", work)


async def _limit(visitor: Visitor, platform: str, what: str) -> None:
    """By nothing that the caller chooses: a cookie of theirs would be a new limit each time."""
    host = host_of(visitor.request.client)
    await visitor.services.shared_limits.check(f"{platform}:{host}:{what}", OF_HOST)


def _device(visitor: Visitor) -> str:
    return short_name(visitor.request.headers.get("user-agent", ""))


def _failed(visitor: Visitor, found: Provider, error: SignInFailed) -> Response:
    return draw(visitor, "sign_in.html", 409, provider=found, problem=problem_of(visitor, error))


def _spent(visitor: Visitor, error: SignInFailed) -> Response:
    return draw(visitor, "enter.html", 409, name="", problem=problem_of(visitor, error))


ROUTES = (
    *(get(f"/login/{each}", partial(begin, each), public=True) for each in PLATFORMS),
    *(get(back_path(each), partial(back, each), public=True) for each in PLATFORMS),
    *(post(back_path(each), partial(enter, each), public=True) for each in PLATFORMS),
    get(telegram_login.PATH, pressed_page, public=True),
    post(telegram_login.PATH, use_press, public=True),
)
