"""The room of pages: which paths are pages, what every answer of theirs carries, and how a page refuses.

One rule: no answer of a page may be framed, cached or scripted from outside; pages are no part of the API's contract.
"""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.contract.problems import Problem
from api.contract.values import MAX_LINES
from api.server import errors
from api.server.edge import log
from api.text import fill_commands, refusal
from api.web import visitors
from api.web.templating import draw
from api.web.visitors import Visitor
from core.kernel.errors import DomainError, Unauthenticated

FIRST_WORDS = frozenset(
    {"", "login", "logout", "enter", "home", "purchases", "lists", "sessions", "theme", "files", "assets"}
    | {
        "administration",
        "audit-log",
        "changes",
        "confirm",
        "demand",
        "figures",
        "findings",
        "portal",
        "scripts",
    }
)
"""With what the path of a page begins; the API uses none of them."""
MAX_FORM_BYTES = MAX_LINES * 6_000
"""A quote with an alternative for every line, in letters of which each is six bytes in a form."""
TITLES = {
    403: "web.error.403",
    404: "web.error.404",
    405: "web.error.405",
    429: "web.error.429",
    500: "web.error.500",
    503: "web.error.503",
}
MAY_PASS = frozenset({429, 500, 503})
"""What is perhaps gone after a while."""
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
Page = Callable[[Visitor], Awaitable[Response]]


def is_page(path: str) -> bool:
    """Whether a path belongs to the room."""
    return path.split("/")[1] in FIRST_WORDS if path.startswith("/") else False


def is_looked_at(scope: Scope) -> bool:
    """Whether a person waits for a page: on a page's path, or in the address bar of a browser."""
    if is_page(scope["path"]):
        return True
    headers = Headers(scope=scope)
    return "text/html" in headers.get("accept", "") and "authorization" not in headers


class PageHeaders:
    """Adds the headers to whatever a page's path answers; what the framework refuses becomes a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_looked_at(scope):
            await self._app(scope, receive, send)
            return
        ours = is_page(scope["path"])
        refused_by: list[Message] = []

        async def as_page(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") == errors.MEDIA_TYPE:
                    refused_by.append(message)
                    return
                if ours:
                    _dress(headers)
            elif refused_by and not message.get("more_body", False):
                await page_of(Request(scope), refused_by[0], message["body"])(scope, receive, send)
                return
            await send(message)

        await self._app(scope, receive, as_page)


def _dress(headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "no-store")


def page_of(request: Request, start: Message, body: bytes) -> Response:
    """A refusal that was made for programs, as a page."""
    answer = _told_page(request, body)
    told = Headers(scope=start)
    answer.headers.update({name: told[name] for name in ("retry-after", "allow") if name in told})
    return answer


def _told_page(request: Request, body: bytes) -> Response:
    """The refusal in the language of whoever the cookie names, because the framework did not know them."""
    visitor, problem = visitors.seen(request), Problem.model_validate_json(body)
    detail = fill_commands(refusal(problem.code, problem.facts, visitor.phrases.locale))
    answer = _refusal_page(visitor, problem.model_copy(update={"detail": detail}))
    _dress(answer.headers)
    return answer


async def on_unforeseen(request: Request, error: Exception) -> Response:
    """What nobody foresaw: a page with the reference for people, the problem for programs."""
    answer = await errors.on_unexpected_error(request, error)
    return _told_page(request, bytes(answer.body)) if is_looked_at(request.scope) else answer


def get(path: str, page: Page, *, public: bool = False) -> Route:
    """A page that is looked at; looking changes nothing."""
    return Route(path, _endpoint(page, public=public), methods=["GET"])


def same_for_all(path: str, page: Page) -> Route:
    """A file that caches may keep and share: nobody's session is looked at, and no cookie comes with the answer."""

    async def endpoint(request: Request) -> Response:
        visitor = visitors.stranger(request)
        try:
            return await page(visitor)
        except DomainError as error:
            return refused(visitor, error)

    return Route(path, endpoint, methods=["GET"])


def post(path: str, page: Page, *, public: bool = False) -> Route:
    """A form; only pages of ours send it."""
    return Route(path, _endpoint(page, public=public, form=True), methods=["POST"])


def posts(routes: Sequence[BaseRoute]) -> list[str]:
    """The paths of all forms."""
    return [each.path for each in routes if isinstance(each, Route) and "POST" in (each.methods or ())]


def _endpoint(page: Page, *, public: bool, form: bool = False) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        visitor = visitors.stranger(request)
        try:
            if form:
                visitors.check_origin(request)
            visitor = await _visitor(request, public=public)
            if form:
                visitor.typed = await visitors.typed(request)
            try:
                answer = await page(visitor)
            except Unauthenticated:
                if public:
                    raise
                typed, visitor = visitor.typed, await visitors.renewed(request)
                visitor.typed = typed
                answer = await page(visitor)
        except Unauthenticated:
            return visitor.dress(_to_login(visitor, form=form))
        except DomainError as error:
            answer = refused(visitor, error)
        return visitor.dress(answer)

    return endpoint


async def _visitor(request: Request, *, public: bool) -> Visitor:
    if not public:
        return await visitors.known(request)
    try:
        return await visitors.known(request)
    except Unauthenticated:
        return visitors.stranger(request)


def _to_login(visitor: Visitor, *, form: bool) -> Response:
    visitor.let_out()
    url = visitor.request.url
    if url.path == "/changes":
        return Response(status_code=401)
    if url.path.startswith("/portal"):
        return RedirectResponse("/portal/new-link", 303)
    back = "/home" if form else url.path + (f"?{url.query}" if url.query else "")
    login = f"/login?next={quote(back, safe='')}"
    if visitor.wants_part:
        return Response(status_code=401, headers={"HX-Redirect": login})
    return RedirectResponse(login, 303)


def problem_of(visitor: Visitor, error: DomainError) -> Problem:
    """The refusal as the API tells it, in the reader's language."""
    return Problem.model_validate_json(bytes(errors.problem_response(error, visitor.phrases.locale).body))


def refused(visitor: Visitor, error: DomainError) -> Response:
    """A page that says why not, and where to go on."""
    problem = problem_of(visitor, error)
    log.info("page.refused", code=problem.code)
    answer = _refusal_page(visitor, problem)
    if problem.status == 429:
        answer.headers["Retry-After"] = str(problem.facts.get("retry_after", 60))
    if problem.status == 503:
        answer.headers["Retry-After"] = "1"
    return answer


def _refusal_page(visitor: Visitor, problem: Problem) -> Response:
    """What a reload may mend can be tried again; only looking is repeated, never a form."""
    return draw(
        visitor,
        "refused.html",
        problem.status,
        problem=problem,
        title=TITLES.get(problem.status, "web.refused"),
        again=problem.status in MAY_PASS and visitor.request.method == "GET",
    )
