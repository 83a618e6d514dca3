"""A number on the page, the same number pressed in the chat: coming in that way, and confirming who sits there.

One rule: looking at the page consumes nothing; when the number was pressed it offers a button, and the button lets in.

The page asks anew every few seconds by itself, without script. What it says is the same for every address.
"""

from starlette.responses import RedirectResponse, Response

from api.server.rate_limits import LOGIN, OF_HOST, host_of
from api.web import step_up
from api.web.devices import short_name
from api.web.doors import ENTRANCE, inside, login_form
from api.web.room import get, post, problem_of
from api.web.templating import draw
from api.web.visitors import MATCH, Visitor
from core.access.actor import Actor
from core.kernel.errors import DomainError, Unauthenticated
from core.uow import Uow
from core.web_sessions import queries, service
from core.web_sessions.commands import AskConfirmation, AskLogin, ConfirmByMatch, OpenByMatch
from core.web_sessions.errors import MatchClosed
from core.web_sessions.model import MatchSeen, MatchState, NewMatch, OpenedSession

SECONDS = 3
"""Between two looks of the page that waits."""


async def ask(visitor: Visitor) -> Response:
    """The named person's chats are asked, and this browser shows which number is right."""
    visitor.forget()
    email, wanted = visitor.typed.get("email", "").strip()[:254], inside(visitor.typed.get("next", ENTRANCE))
    host = host_of(visitor.request.client)
    device = short_name(visitor.request.headers.get("user-agent", ""))
    command = AskLogin(email, device, wanted[:300])

    async def work(uow: Uow, actor: Actor) -> NewMatch:
        return await service.ask_login(uow, actor, command)

    try:
        await visitor.services.shared_limits.check(f"number:{host}", OF_HOST)
        await visitor.services.shared_limits.check(f"number:{email.lower()}:{host}", LOGIN)
        made = await visitor.run("accounts", work)
    except DomainError as error:
        return login_form(visitor, email, wanted, problem_of(visitor, error))
    visitor.cookies[MATCH] = made.secret
    return RedirectResponse("/login/number", 303)


async def number(visitor: Visitor) -> Response:
    return await _draw(visitor, "/login")


async def enter(visitor: Visitor) -> Response:
    """The number was pressed: this browser acts for its person from now on."""
    visitor.forget()
    command = OpenByMatch(visitor.match_secret)

    async def work(uow: Uow, actor: Actor) -> OpenedSession:
        return await service.open_by_match(uow, actor, command)

    try:
        opened = await visitor.run("accounts", work)
    except MatchClosed:
        return await _draw(visitor, "/login", 409)
    visitor.let_in(opened)
    visitor.cookies[MATCH] = None
    return RedirectResponse(inside(opened.path), 303)


async def confirm_page(visitor: Visitor) -> Response:
    """Whether it is confirmed, and the two ways to do it."""
    return await _confirm(visitor, None)


async def confirm_by_password(visitor: Visitor) -> Response:
    try:
        await step_up.confirm(visitor, visitor.typed.get("password", ""))
    except Unauthenticated:
        raise
    except DomainError as error:
        return await _confirm(visitor, error)
    return RedirectResponse(inside(visitor.typed.get("next", "/confirm")), 303)


async def ask_confirmation(visitor: Visitor) -> Response:
    """One's own chats are asked."""
    await visitor.services.shared_limits.check(f"number:{visitor.actor.label}", LOGIN)
    command = AskConfirmation(visitor.secret)

    async def work(uow: Uow, actor: Actor) -> NewMatch:
        return await service.ask_confirmation(uow, actor, command)

    visitor.cookies[MATCH] = (await visitor.run("web_sessions", work)).secret
    return RedirectResponse("/confirm/number", 303)


async def confirm_number(visitor: Visitor) -> Response:
    return await _draw(visitor, "/confirm")


async def confirm_by_number(visitor: Visitor) -> Response:
    command = ConfirmByMatch(visitor.match_secret, visitor.secret)

    async def work(uow: Uow, actor: Actor) -> None:
        await service.confirm_by_match(uow, actor, command)

    try:
        await visitor.run("web_sessions", work)
    except MatchClosed:
        return await _draw(visitor, "/confirm", 409)
    visitor.cookies[MATCH] = None
    return RedirectResponse("/confirm", 303)


async def _draw(visitor: Visitor, place: str, status: int = 200) -> Response:
    """The number while it waits, the button when it was pressed, and how to begin again when it is over."""
    secret = visitor.match_secret

    async def work(uow: Uow, actor: Actor) -> MatchSeen:
        return await queries.see_match(uow, actor, secret)

    try:
        seen = await visitor.read("accounts", work)
    except MatchClosed:
        seen = MatchSeen(0, MatchState.over)
    return draw(visitor, "number.html", status, seen=seen, place=place, seconds=SECONDS)


async def _confirm(visitor: Visitor, error: DomainError | None) -> Response:
    problem = problem_of(visitor, error) if error is not None else None
    wanted = visitor.typed.get("next") or visitor.request.query_params.get("next", "/confirm")
    return draw(
        visitor,
        "confirm.html",
        problem.status if problem is not None else 200,
        confirmed=await step_up.is_confirmed(visitor),
        wanted=inside(wanted),
        problem=problem,
    )


ROUTES = (
    get("/login/number", number, public=True),
    post("/login/number", ask, public=True),
    post("/login/continue", enter, public=True),
    get("/login/continue", number, public=True),
    get("/confirm", confirm_page),
    post("/confirm", confirm_by_password),
    get("/confirm/number", confirm_number),
    post("/confirm/number", ask_confirmation),
    post("/confirm/continue", confirm_by_number),
    get("/confirm/continue", confirm_number),
)
