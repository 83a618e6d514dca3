"""In and out: log in by password or ticket, where one is logged in, how pages look, and the files that pages need.

One rule: a GET consumes nothing; a link scanner or a preview may open every address as often as it likes.
"""

from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.contract.problems import Problem
from api.present.documents import attachment
from api.server.rate_limits import host_of
from api.web.room import get, is_page, post, problem_of, same_for_all
from api.web.sign_in_providers import offered
from api.web.templating import assets, draw, kept_file
from api.web.visitors import THEMES, Visitor
from core.access.actor import Actor
from core.accounts.commands import Login
from core.accounts.errors import WrongLogin
from core.documents import service as documents
from core.documents.service import FetchDocument
from core.kernel.errors import DomainError, NotFound
from core.kernel.ids import DocumentId
from core.uow import Uow
from core.web_sessions import queries, service
from core.web_sessions.commands import CloseSession, EndSession, OpenByPassword, OpenByTicket
from core.web_sessions.errors import TicketSpent
from core.web_sessions.model import OpenedSession

ENTRANCE = "/home"


def inside(path: str) -> str:
    """The path if it is one of our pages, else the entrance: nobody is led elsewhere."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and is_page(path.partition("?")[0])
    return path if ours and path.isascii() and path.isprintable() else ENTRANCE


def _device(visitor: Visitor) -> str:
    named = visitor.request.headers.get("user-agent", "")
    return "".join(sign for sign in named if sign.isprintable())[:200] or "?"


async def entrance(visitor: Visitor) -> Response:
    return RedirectResponse(ENTRANCE, 303)


async def login_page(visitor: Visitor) -> Response:
    wanted = inside(visitor.request.query_params.get("next", ENTRANCE))
    if visitor.actor.person_id is not None:
        return RedirectResponse(wanted, 303)
    return login_form(visitor, "", wanted, None)


def login_form(visitor: Visitor, email: str, wanted: str, problem: Problem | None) -> Response:
    """Every way in that there is, with what was typed."""
    status, providers = (problem.status if problem else 200), offered(visitor.request.app.state.settings)
    return draw(
        visitor,
        "login.html",
        status,
        email=email,
        wanted=wanted,
        problem=problem,
        providers=providers,
    )


async def log_in(visitor: Visitor) -> Response:
    visitor.forget()
    email, wanted = visitor.typed.get("email", "").strip(), inside(visitor.typed.get("next", ENTRANCE))
    command = OpenByPassword(Login(email, visitor.typed.get("password", "")), _device(visitor))
    host = host_of(visitor.request.client)

    async def work(uow: Uow, actor: Actor) -> OpenedSession:
        return await service.open_by_password(uow, actor, command)

    try:
        await visitor.services.shared_limits.check_login(host, email)
        if not email or len(email) > 254 or len(command.login.password) > 200:
            raise WrongLogin()
        visitor.let_in(await visitor.run("accounts", work))
    except DomainError as error:
        return login_form(visitor, email, wanted, problem_of(visitor, error))
    await visitor.services.shared_limits.logged_in(host, email)
    return RedirectResponse(wanted, 303)


async def log_out(visitor: Visitor) -> Response:
    command = CloseSession(visitor.secret)

    async def work(uow: Uow, actor: Actor) -> None:
        await service.close(uow, actor, command)

    await visitor.run("accounts", work)
    visitor.let_out()
    return RedirectResponse("/login", 303)


async def ticket_page(visitor: Visitor) -> Response:
    """Whom the ticket would let in; it is as good afterwards as before."""
    visitor.forget()
    secret = str(visitor.request.path_params["ticket"])

    async def work(uow: Uow, actor: Actor) -> str:
        return (await service.preview_ticket(uow, actor, secret)).name

    try:
        name = await visitor.read("accounts", work)
    except TicketSpent as error:
        answer = draw(visitor, "enter.html", 409, name="", problem=problem_of(visitor, error))
    else:
        answer = draw(visitor, "enter.html", name=name, problem=None)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


async def use_ticket(visitor: Visitor) -> Response:
    visitor.forget()
    command = OpenByTicket(str(visitor.request.path_params["ticket"]), _device(visitor))

    async def work(uow: Uow, actor: Actor) -> OpenedSession:
        return await service.open_by_ticket(uow, actor, command)

    try:
        opened = await visitor.run("accounts", work)
    except TicketSpent as error:
        return draw(visitor, "enter.html", 409, name="", problem=problem_of(visitor, error))
    visitor.let_in(opened)
    return RedirectResponse(inside(opened.path), 303)


async def sessions_page(visitor: Visitor) -> Response:
    found = await visitor.read("accounts", queries.my_sessions)
    return draw(visitor, "sessions.html", sessions=found)


async def end_session(visitor: Visitor) -> Response:
    command = EndSession(_id(str(visitor.request.path_params["id"])))

    async def work(uow: Uow, actor: Actor) -> None:
        await service.end(uow, actor, command)

    await visitor.run("accounts", work)
    return RedirectResponse("/sessions", 303)


async def set_theme(visitor: Visitor) -> Response:
    wanted = visitor.typed.get("theme", "auto")
    visitor.cookies["theme"] = wanted if wanted in THEMES else "auto"
    return RedirectResponse(inside(visitor.typed.get("next", ENTRANCE)), 303)


async def file(visitor: Visitor) -> Response:
    """A document, by the same right as in the API; for saving only."""
    wanted = FetchDocument(DocumentId(_id(str(visitor.request.path_params["id"]))), visitor.services.store)
    call = visitor.call(None, b"")
    return await call.read(documents.fetch, wanted, attachment)


async def asset(visitor: Visitor) -> Response:
    """A file that pages name."""
    name = str(visitor.request.path_params["name"])
    known = assets().get(name)
    if known is None or known[0] != visitor.request.path_params["mark"]:
        raise NotFound(what="path")
    return kept_file(visitor, name, known[1])


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="path") from error


ROUTES = (
    get("/", entrance, public=True),
    get("/login", login_page, public=True),
    post("/login", log_in, public=True),
    post("/logout", log_out, public=True),
    get("/enter/{ticket}", ticket_page, public=True),
    post("/enter/{ticket}", use_ticket, public=True),
    get("/sessions", sessions_page),
    post("/sessions/{id}/end", end_session),
    post("/theme", set_theme, public=True),
    get("/files/{id}", file),
    same_for_all("/assets/{mark}/{name}", asset),
)
