"""Who looks at the portal: a vendor's contact, by the link that they were given or by this browser's own session.

One rule: a link opens its RFQ or order for looking; before the first change from a browser its contact types a code.

The code goes to the chat or address that was known before. What somebody wanted to do waits in the page that asks for
the code, so nothing is typed twice.
"""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from api.server.deps.actor import correlation_of, trace_of
from api.text import SUPPORTED
from api.text.locales import babel_locale
from api.web import visitors
from api.web.room import Page
from api.web.templating import draw
from api.web.visitors import CODE_TICKET, Visitor
from core.access.actor import Actor, Channel
from core.kernel.errors import NotFound, Unauthenticated
from core.kernel.one_time import new_secret
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow
from core.vendor_links import service
from core.vendor_links.commands import UseCode, WantCode
from core.vendor_links.model import LinkSubject, OpenedLink, WantedCode
from core.web_sessions.model import OpenedSession

LANGUAGES = tuple((code, babel_locale(code).language_name or code) for code in SUPPORTED)
"""Each with its name as its own readers write it."""
REFERRER = "strict-origin"
"""Tells nobody a link, and lets a browser say in a form's ``Origin`` that the form is ours."""
CARRIED = frozenset({"link", "code", "ticket", "again", "lang"})
"""Fields of the door itself; all others wait for whatever they were typed for."""


@dataclass(frozen=True)
class Guest:
    """``link``: the secret by which the page was opened; empty when this browser may act for its contact."""

    link: str = ""

    def url(self, path: str) -> str:
        """Where a file is fetched from: by the link, or by the session."""
        return f"/portal/link/{self.link}{path}" if self.link else path


def as_contact(visitor: Visitor, person: Person) -> None:
    """From here on the visitor reads and acts as this contact, inside their vendor's fence."""
    actor = people.as_actor(person)
    visitor.actor = actor.with_call(
        Channel.web, None, correlation_of(visitor.request), trace_of(visitor.request)
    )


async def opened(request: Request, secret: str) -> OpenedLink:
    """Whose link this is; NotFound for one that opens nothing. Looking uses nothing up."""

    async def work(uow: Uow, actor: Actor) -> OpenedLink:
        return await service.open_link(uow, actor, secret)

    return await visitors.stranger(request).read("vendor_links", work)


async def by_link(visitor: Visitor, secret: str) -> tuple[Guest, LinkSubject]:
    """The visitor as the link's contact, for looking."""
    link = await opened(visitor.request, secret)
    own = visitor.actor.is_person(link.person.id)
    if not own:
        as_contact(visitor, link.person)
    return Guest("" if own else secret), link.about


def by_session(visitor: Visitor) -> Guest:
    """The visitor by this browser's session; whoever is no vendor's contact finds nothing here."""
    if visitor.actor.person_id is None:
        raise Unauthenticated()
    if not visitor.actor.is_vendor:
        raise NotFound(what="path")
    return Guest()


def keeping(page: Page) -> Page:
    """A form whose fields stay in the answer when the browser's session has ended meanwhile."""

    async def kept(visitor: Visitor) -> Response:
        try:
            return await page(visitor)
        except Unauthenticated:
            typed = visitor.typed
        try:
            again = await visitors.renewed(visitor.request)
            again.typed = typed
            answer = await page(again)
            visitor.cookies |= again.cookies
        except Unauthenticated:
            visitor.let_out()
            waiting = {name: value for name, value in typed.items() if name not in CARRIED}
            return drawn(visitor, None, "portal/ended.html", 401, waiting=waiting)
        return answer

    return kept


async def asks_for_code(visitor: Visitor) -> Response | None:
    """None when this browser may act for the contact; else the page that asks for the code."""
    secret = visitor.typed.get("link", "")
    if not secret:
        by_session(visitor)
        return None
    link = await opened(visitor.request, secret)
    if visitor.actor.is_person(link.person.id):
        return None
    tried, not_until = "code" in visitor.typed, None
    if tried:
        session = await _session(visitor, secret)
        if session is not None:
            as_contact(visitor, session.person)
            visitor.let_in(session)
            return None
        ticket = visitor.typed.get("ticket", "")
    else:
        running = "" if visitor.typed.get("again") else visitor.code_ticket
        wanted = await _want_code(visitor.request, WantCode(secret, new_secret(), running))
        ticket, not_until = wanted.ticket, wanted.not_until
        visitor.cookies[CODE_TICKET] = ticket
    as_contact(visitor, link.person)
    waiting = {name: value for name, value in visitor.typed.items() if name not in CARRIED}
    return drawn(
        visitor,
        Guest(secret),
        "portal/code.html",
        422 if tried else 200,
        waiting=waiting,
        ticket=ticket,
        wrong=tried,
        not_until=not_until,
    )


async def _session(visitor: Visitor, secret: str) -> OpenedSession | None:
    digits = "".join(str(int(each)) for each in visitor.typed.get("code", "") if each.isdecimal())
    command = UseCode(secret, visitor.typed.get("ticket", ""), digits, _browser(visitor))

    async def work(uow: Uow, actor: Actor) -> OpenedSession | None:
        return await service.use_code(uow, actor, command)

    return await visitors.stranger(visitor.request).run("vendor_links", work)


def _browser(visitor: Visitor) -> str:
    """What the browser calls itself, for the list of the contact's sessions."""
    named = visitor.request.headers.get("user-agent", "")
    return "".join(sign for sign in named if sign.isprintable()) or "?"


async def _want_code(request: Request, command: WantCode) -> WantedCode:
    async def work(uow: Uow, actor: Actor) -> WantedCode:
        return await service.want_code(uow, actor, command)

    return await visitors.stranger(request).run("vendor_links", work)


def in_wanted_language(visitor: Visitor) -> None:
    """The language that the page's address or form names, else the contact's own."""
    wanted = visitor.request.query_params.get("lang") or visitor.typed.get("lang", "")
    if wanted in SUPPORTED:
        visitor.phrases = replace(visitor.phrases, locale=wanted)


def drawn(
    visitor: Visitor, guest: Guest | None, template: str, status: int = 200, /, **facts: object
) -> Response:
    """A page of the portal; its address, which may be a link, is told to nobody."""
    in_wanted_language(visitor)
    wanted = visitor.request.query_params.get("lang") or visitor.typed.get("lang", "")
    answer = draw(
        visitor,
        template,
        status,
        guest=guest or Guest(),
        inside=guest is not None and not guest.link,
        languages=LANGUAGES,
        lang=wanted if wanted in SUPPORTED else "",
        **{"keeps": "", **facts},
    )
    answer.headers["Referrer-Policy"] = REFERRER
    return answer
