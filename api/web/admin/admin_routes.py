"""The administration's addresses: each page, the page of one thing, and the forms of both.

One rule: whoever lacks a right neither sees a page or form nor gets an answer from it; the refusal is recorded.

A refused form comes back on its page with what was typed, and so does a dangerous one until it is confirmed.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from api.contract.problems import Problem
from api.web import step_up
from api.web.admin import (
    admin_forms,
    checkpoint_page,
    delivery_page,
    flow_page,
    group_page,
    insight_page,
    organisation_page,
    people_pages,
    policy_page,
    rate_page,
    unit_page,
    vendor_pages,
)
from api.web.admin.admin_forms import AdminAction
from api.web.admin.page_content import AdminPage, PageContent, Section
from api.web.admin.policy_draft import ASK_ONCE, HEADS, ROLES, SPLIT_WHAT, SPLIT_WHO, why
from api.web.room import get, post, problem_of
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.guard import check_permission
from core.access.permissions import Permission
from core.kernel.errors import DomainError, NotFound, Unauthenticated
from core.uow import Uow
from core.web_sessions.errors import ConfirmationNeeded

PAGES: tuple[AdminPage, ...] = (
    organisation_page.PAGE,
    unit_page.PAGE,
    people_pages.PAGE,
    vendor_pages.PAGE,
    insight_page.PAGE,
    rate_page.PAGE,
    policy_page.PAGE,
    group_page.PAGE,
    delivery_page.PAGE,
    flow_page.PAGE,
    checkpoint_page.PAGE,
)
KINDS = {page.kind: page for page in PAGES}
POLICY_WORDS = {
    "roles": ROLES,
    "heads": HEADS,
    "ask_once": ASK_ONCE,
    "split_who": SPLIT_WHO,
    "split_what": SPLIT_WHAT,
    "why": why,
}
"""What can be chosen in the policy's form."""


async def first_page(visitor: Visitor) -> Response:
    """The first page that this reader may see."""
    for page in PAGES:
        if visitor.actor.may(page.right):
            return RedirectResponse(f"/administration/{page.kind}", 303)
    await _check_right(visitor, PAGES[0].right)
    raise NotFound(what="path")


async def show(visitor: Visitor) -> Response:
    return await _draw(visitor, _page(visitor))


async def act(visitor: Visitor) -> Response:
    """Do what a form says, and come back to its page."""
    page = _page(visitor)
    action = page.action(str(visitor.request.path_params["verb"]))
    if action is None:
        raise NotFound(what="path")
    await _check_right(visitor, action.right)
    try:
        if action.dangerous:
            await step_up.check(visitor)
        answer = await admin_forms.run(visitor, action)
    except Unauthenticated:
        raise
    except DomainError as error:
        problem = problem_of(visitor, error)
        confirm = isinstance(error, ConfirmationNeeded) or step_up.PASSWORD in visitor.typed
        return await _draw(visitor, page, problem=problem, refused=_key(visitor), confirm=confirm)
    if action.shows and page.show is not None:
        return await _draw(visitor, page, shown=page.show(visitor, bytes(answer.body)), action=action)
    return RedirectResponse(f"{_address(visitor)}?{urlencode({'done': 'yes'})}", 303)


async def change_policy(visitor: Visitor) -> Response:
    """The policy's form with a tier or a step more or less; nothing is stored, and nothing is tried."""
    page = KINDS["policy"]
    await _check_right(visitor, policy_page.SET.right)
    visitor.request.path_params["kind"] = page.kind
    return await _draw(visitor, page)


async def back(visitor: Visitor) -> Response:
    """Whoever reloads the address of a form comes to its page."""
    return RedirectResponse(_address(visitor), 303)


def _page(visitor: Visitor) -> AdminPage:
    page = KINDS.get(str(visitor.request.path_params["kind"]))
    one = "id" in visitor.request.path_params
    if page is None or (one and page.read_one is None):
        raise NotFound(what="path")
    return page


def _address(visitor: Visitor) -> str:
    path = visitor.request.path_params
    return f"/administration/{path['kind']}" + (f"/{path['id']}" if "id" in path else "")


def _key(visitor: Visitor) -> str:
    return visitor.typed.get("form", "")


async def _check_right(visitor: Visitor, right: Permission) -> None:
    if not visitor.actor.may(right):
        await visitor.read("audit", _refusal(right))


def _refusal(right: Permission) -> Callable[[Uow, Actor], Awaitable[None]]:
    async def work(uow: Uow, actor: Actor) -> None:
        check_permission(actor, right)

    return work


async def _draw(
    visitor: Visitor,
    page: AdminPage,
    *,
    problem: Problem | None = None,
    refused: str = "",
    confirm: bool = False,
    shown: Section | None = None,
    action: AdminAction | None = None,
) -> Response:
    await _check_right(visitor, page.right)
    read = page.read_one if "id" in visitor.request.path_params else page.read
    assert read is not None

    async def work(uow: Uow, actor: Actor) -> PageContent:
        return await read(visitor, uow, actor)

    content = await visitor.read("organisation", work)
    facts: dict[str, Any] = {
        "page": page,
        "content": content,
        "pages": [each for each in PAGES if visitor.actor.may(each.right)],
        "sections": (shown, *content.sections) if shown is not None else content.sections,
        "address": _address(visitor),
        "problem": problem,
        "refused": refused,
        "confirm": confirm,
        "password": step_up.PASSWORD,
        **POLICY_WORDS,
        "typed": visitor.typed if problem is not None or (action and action.whole) else {},
        "kept": action is not None and bool(action.whole),
        "wrong": _by_field(problem),
        "done": visitor.request.query_params.get("done") == "yes" and problem is None and shown is None,
    }
    return draw(visitor, "admin/page.html", problem.status if problem is not None else 200, **facts)


def _by_field(problem: Problem | None) -> dict[str, str]:
    """The sentence at each field, with the example that the route gives.

    ``/contact/name`` is the field ``contact.name``, and ``/rates/0/day`` of a form for one rate its ``day``.
    """
    found: dict[str, str] = {}
    for each in problem.errors if problem is not None else ():
        told = f"{each.message} ({each.example})" if each.example else each.message
        words = each.field.strip("/").split("/")
        found.setdefault(".".join(words), told)
        if len(words) == 3 and words[1] == "0":
            found.setdefault(words[2], told)
    return found


ROUTES = (
    get("/administration", first_page),
    get("/administration/{kind}", show),
    get("/administration/{kind}/{id}", show),
    post("/administration/policy/change", change_policy),
    post("/administration/{kind}/{verb}", act),
    post("/administration/{kind}/{id}/{verb}", act),
    get("/administration/{kind}/{id}/{verb}", back),
)
