"""Who looks at a page: the person of the browser's cookie, renewed by the session's secret when the token is old.

One rule: cookies are read here and nowhere else, and no page reads an Authorization header.

A form is only taken from a page of our own: ``Sec-Fetch-Site`` says so, or ``Origin`` where a browser sends no such
header; whatever says neither is refused.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeVar
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from api.contract.values import MAX_LINES, Listing
from api.server.deps.actor import correlation_of, trace_of
from api.server.deps.call import Call, Services
from api.server.edge import Operation
from api.server.settings import ApiSettings
from api.server.tokens import AccessTokens, actor_of
from api.text import locale_of
from api.web.phrasing import Phrasing
from core.access.actor import Actor, Channel
from core.kernel.errors import Refused, TooLarge, Unauthenticated
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from core.web_sessions import service as web_sessions
from core.web_sessions.commands import RenewSession
from core.web_sessions.model import OpenedSession

R = TypeVar("R")
FIELDS_PER_LINE, FIELDS_BESIDE = 10, 100
"""At least as many as a page has; a quote's has seven for each line."""
MAX_FIELDS = MAX_LINES * FIELDS_PER_LINE + FIELDS_BESIDE
THEMES = ("auto", "light", "dark")


@dataclass(eq=False)
class ForeignForm(Refused):
    """A form that no page of ours has sent."""

    code: ClassVar[str] = "foreign_form"


@dataclass
class Visitor:
    """One request of one browser, and what it gets back besides the page."""

    request: Request
    actor: Actor
    phrases: Phrasing
    services: Services
    cookies: dict[str, str | None] = field(default_factory=dict)
    """What is to be set; None deletes it."""
    typed: dict[str, str] = field(default_factory=dict)
    """What a form sent."""

    async def read(
        self, slice_name: str, work: Callable[[Uow, Actor], Awaitable[R]], *, snapshot: bool = False
    ) -> R:
        """Run queries as the person, all on one connection; the reader's language and zone come with them.

        ``snapshot``: all of them read the same state, however long they take.
        """
        found: list[R] = []

        async def with_reader(uow: Uow, actor: Actor) -> None:
            person = await people.person(uow.connection, actor.person_id) if actor.person_id else None
            if person is not None:
                self.phrases = Phrasing(locale_of(person.locale), person.zone, uow.now)
            found.append(await work(uow, actor))

        operation = replace(self._operation(slice_name), snapshot=snapshot)
        await self.services.edge.read(operation, with_reader, lambda _: Response())
        return found[0]

    async def report(self, listing: Listing[Any]) -> None:
        """The administrators are told of the rows that a page cannot show, as they are of an answer's."""
        if listing.unshown:
            await self.services.edge.report_unshown(self.actor, listing.unshown)

    async def run(self, slice_name: str, work: Callable[[Uow, Actor], Awaitable[R]]) -> R:
        """Run a command that no key protects."""
        found: list[R] = []

        async def kept(uow: Uow, actor: Actor) -> None:
            found[:] = [await work(uow, actor)]

        await self.services.edge.run(self._operation(slice_name), kept, lambda _: None)
        return found[0]

    def call(self, key: str | None, body: bytes) -> Call:
        """The same person as the JSON routes see a caller."""
        call = Call(self.actor, self.services, self.request, key, body)
        call.limit("write", self.services.writes)
        return call

    def _operation(self, slice_name: str) -> Operation:
        path, secret = self.request.url.path, str(self.request.path_params.get("secret", ""))
        name = f"{self.request.method} {path.replace(secret, '…') if secret else path}"  # it may come into the log
        return Operation(self.actor, name, slice_name, None, 200, None, b"")

    def let_in(self, opened: OpenedSession) -> None:
        """From now on this browser acts for this person."""
        self.cookies |= {
            _REFRESH: opened.secret,
            _TOKEN: self._tokens().for_person(opened.person, Channel.web),
        }

    def forget(self) -> None:
        """Whoever this browser acted for until now has no part in who comes in."""
        self.actor = stranger(self.request).actor

    def let_out(self) -> None:
        self.cookies |= {_REFRESH: None, _TOKEN: None}

    @property
    def secret(self) -> str:
        """The session's secret; empty without a session."""
        return self.request.cookies.get(cookie_name(self.request, _REFRESH), "")

    @property
    def match_secret(self) -> str:
        """The secret of the number that this browser shows; empty without one."""
        return self.request.cookies.get(cookie_name(self.request, MATCH), "")

    @property
    def code_ticket(self) -> str:
        """The ticket with which the code that this browser waits for counts; empty without one."""
        return self.request.cookies.get(cookie_name(self.request, CODE_TICKET), "")

    @property
    def begun_sign_in(self) -> str:
        """What this browser began at a platform; empty without it."""
        return self.request.cookies.get(cookie_name(self.request, SIGN_IN), "")

    @property
    def token_seconds(self) -> float:
        """How long this browser's token still counts."""
        token = self.cookies.get(_TOKEN) or self.request.cookies.get(cookie_name(self.request, _TOKEN), "")
        return self._tokens().seconds_left(token)

    @property
    def wants_part(self) -> bool:
        """The page's script asks for what stands in the page, without what stands around it."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def theme(self) -> str:
        wanted = self.cookies.get("theme") or self.request.cookies.get("theme", "")
        return wanted if wanted in THEMES else "auto"

    def dress(self, response: Response) -> Response:
        """Set what is to be set."""
        secure = is_secure(self.request)
        for name, value in self.cookies.items():
            told = (
                cookie_name(self.request, name)
                if name in (_TOKEN, _REFRESH, MATCH, SIGN_IN, CODE_TICKET)
                else name
            )
            life = web_sessions.SESSION_LIFE if value is not None else dt.timedelta(0)
            response.set_cookie(
                told,
                value or "",
                max_age=int(life.total_seconds()),
                path="/",
                secure=secure,
                httponly=True,
                samesite="lax",
            )
        return response

    def _tokens(self) -> AccessTokens:
        tokens: AccessTokens = self.request.app.state.tokens
        return tokens


_TOKEN, _REFRESH = "parley", "parley-session"
MATCH = "parley-match"
"""The secret of a number that this browser shows."""
CODE_TICKET = "parley-code"
"""With what the code counts that was sent for this browser."""
SIGN_IN = "parley-sign-in"
"""What this browser began at a platform that says who it is."""


def is_secure(request: Request) -> bool:
    """Whether browsers reach us by https; the address that the administrator named counts behind a proxy."""
    settings: ApiSettings = request.app.state.settings
    return request.url.scheme == "https" or settings.public_url.startswith("https:")


def cookie_name(request: Request, name: str) -> str:
    """``__Host-`` binds a cookie to this host and to https; browsers take it over https only."""
    return f"__Host-{name}" if is_secure(request) else name


def stranger(request: Request) -> Visitor:
    """Somebody who has not said who they are."""
    asked = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    actor = Actor.anonymous().with_call(Channel.web, None, correlation_of(request), trace_of(request))
    phrases = Phrasing(locale_of(asked), "UTC", request.app.state.services.edge.now)
    return Visitor(request, actor, phrases, request.app.state.services)


def seen(request: Request) -> Visitor:
    """Whoever the browser's token names, without a look at the database; enough to say in which language."""
    visitor = stranger(request)
    try:
        actor = actor_of(visitor._tokens().read(request.cookies.get(cookie_name(request, _TOKEN), "")))
    except Unauthenticated:
        return visitor
    visitor.actor = actor.with_call(Channel.web, None, correlation_of(request), trace_of(request))
    visitor.phrases = Phrasing(locale_of(actor.locale), "UTC", visitor.phrases.now)
    return visitor


async def known(request: Request) -> Visitor:
    """The person of the cookie; Unauthenticated when there is none, or the session has ended."""
    visitor = stranger(request)
    token = request.cookies.get(cookie_name(request, _TOKEN), "")
    try:
        actor = actor_of(visitor._tokens().read(token))
    except Unauthenticated:
        actor = await _renewed(visitor)
    request.state.locale = actor.locale
    visitor.actor = actor.with_call(Channel.web, None, correlation_of(request), trace_of(request))
    visitor.phrases = Phrasing(locale_of(actor.locale), "UTC", visitor.phrases.now)
    return visitor


async def renewed(request: Request) -> Visitor:
    """The same after the token was refused, because rights have changed."""
    visitor = stranger(request)
    visitor.actor = (await _renewed(visitor)).with_call(
        Channel.web, None, correlation_of(request), trace_of(request)
    )
    return visitor


async def _renewed(visitor: Visitor) -> Actor:
    """A new token for a session that goes on."""
    if not visitor.secret:
        raise Unauthenticated()
    command = RenewSession(visitor.secret)

    async def renew(uow: Uow, actor: Actor) -> Person:
        return await web_sessions.renew(uow, actor, command)

    person = await visitor.run("web_sessions", renew)
    visitor.cookies[_TOKEN] = visitor._tokens().for_person(person, Channel.web)
    return people.as_actor(person)


def check_origin(request: Request) -> None:
    """ForeignForm unless a page of ours, or the person in the address bar, has sent this."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        settings: ApiSettings = request.app.state.settings
        ours = {_origin(settings.public_url), _origin(str(request.base_url))}
        allowed = _origin(request.headers.get("origin", "")) in ours
    if not allowed:
        raise ForeignForm()


def _origin(url: str) -> str:
    """Scheme, host and port; nothing of it is not an origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else "?"


async def typed(request: Request) -> dict[str, str]:
    """The fields of a form; of a name that is there twice, the last. TooLarge for more than any page has."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise TooLarge(limit=str(MAX_FIELDS)) from error
