"""One purchase from request to receipts, with everything that its reader may do.

One rule: the purchase is read once, and a refused form comes back with what was typed and the sentence at its field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.contract.actions import Actionable
from api.contract.approvals import ApprovalOut
from api.contract.awards import ComparisonOut
from api.contract.comments import CommentOut
from api.contract.insights import ShownHintOut
from api.contract.orders import OrderOut, ReceiptOut
from api.contract.problems import Problem
from api.contract.requests import RequestOut, TimelineItem
from api.contract.rfqs import RfqOut
from api.present import approvals, comments, orders, receipts, requests, rfqs
from api.present import insights as present_insights
from api.present.split_awards import with_splits
from api.web import action_forms, decision_facts, shown_hints
from api.web.live import log_mark, stream_from
from api.web.recommended import Recommended, questions, recommended, told
from api.web.room import get, post, problem_of
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.approval_facts import queries as approval_facts
from core.approval_facts.model import ApprovalWithFacts
from core.approvals.events import ApprovalOpened
from core.approvals.states import ApprovalState
from core.documents import repo as documents
from core.insights.model import ShownHint
from core.insights.policy import score_hints
from core.insights.queries import hints_shown
from core.insights.service import note_shown
from core.insights.states import HintPlace
from core.kernel.errors import DomainError, Unauthenticated
from core.kernel.ids import RequestId
from core.kernel.pagination import Page
from core.purchases import queries, request_queries
from core.purchases.queries import PurchaseSeen
from core.receipts.model import ReceiptDetails
from core.timelines import repo as timelines
from core.timelines.model import ProvenEvents, TimelineEntry
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WhereNow

MOST_EVENTS = 200
DONE = frozenset({verb.value for _, verb in action_forms.ACTIONS} | {"comment"})
"""What a page may say was done; it comes in the address, so nothing else is said."""


@dataclass(frozen=True)
class PurchaseOnPage:
    """The contract's models of one purchase, as its reader sees them."""

    request: RequestOut
    rfqs: tuple[RfqOut, ...]
    comparison: ComparisonOut | None
    rates_missing: bool
    approvals: tuple[ApprovalOut, ...]
    orders: tuple[OrderOut, ...]
    receipts: Mapping[UUID, tuple[ReceiptOut, ...]]
    comments: tuple[CommentOut, ...]
    timeline: tuple[TimelineItem, ...]
    older: int | None
    """Before which position the rest of the timeline is; None: there is none."""
    proven: ProvenEvents
    where: tuple[WhereNow, ...]
    tiers: Mapping[UUID, str]
    """By approval: the policy's tier that it was opened by, as the log says."""
    recommended: Recommended
    hints: tuple[ShownHintOut, ...]
    """What people saw before they decided; for those who may read scores."""


@dataclass(frozen=True)
class _Beside:
    """What is read beside the purchase itself."""

    where: tuple[WhereNow, ...]
    proven: ProvenEvents
    receipts: Mapping[UUID, tuple[ReceiptDetails, ...]]
    pending: Sequence[ApprovalWithFacts]
    events: Sequence[TimelineEntry]
    """One more than the page shows, to know whether there are older ones."""
    tiers: Mapping[UUID, str]
    recommended: Recommended
    hints: Sequence[ShownHint]


def _shown(seen: PurchaseSeen, beside: _Beside) -> PurchaseOnPage:
    newest = beside.events[-MOST_EVENTS:]
    decided = {each.details.approval.id: approvals.approval_with_facts(each) for each in beside.pending}
    return PurchaseOnPage(
        request=requests.request(seen.request),
        rfqs=tuple(rfqs.rfq_view(each) for each in seen.rfqs),
        comparison=with_splits(seen.comparison) if seen.comparison is not None else None,
        rates_missing=seen.rates_missing,
        approvals=tuple(decided.get(each.approval.id) or approvals.approval(each) for each in seen.approvals),
        orders=tuple(orders.order(each) for each in seen.orders),
        receipts={order: receipts.receipts(found).items for order, found in beside.receipts.items()},
        comments=comments.comments(Page(seen.comments, None)).items,
        timeline=requests.timeline(tuple(newest)).items[::-1],
        older=newest[0].position if len(newest) < len(beside.events) else None,
        proven=beside.proven,
        where=beside.where,
        tiers=beside.tiers,
        recommended=beside.recommended,
        hints=present_insights.hints(beside.hints).hints,
    )


async def show(visitor: Visitor) -> Response:
    """By number; by its id, which other lists know, it leads there."""
    try:
        request_id = RequestId(UUID(str(visitor.request.path_params["number"])))
    except ValueError:
        pass
    else:
        return await _by_id(visitor, request_id)
    return await _draw(visitor, 200, None, "")


async def _by_id(visitor: Visitor, request_id: RequestId) -> Response:
    async def work(uow: Uow, actor: Actor) -> str:
        return (await request_queries.show(uow, actor, request_id)).request.number

    return RedirectResponse(f"/purchases/{await visitor.read('requests', work)}", 303)


async def do(visitor: Visitor) -> Response:
    """Do what a form says, and come back; refused, the page shows the form again as it was typed.

    A vendor's contact has no such page: they come from the first page, and read why not.
    """
    path = visitor.request.path_params
    kind, verb, number = str(path["kind"]), str(path["verb"]), str(path["number"])
    try:
        await action_forms.run(visitor, kind, verb)
    except Unauthenticated:
        raise
    except DomainError as error:
        if visitor.actor.is_vendor:
            raise
        problem = problem_of(visitor, error)
        subject = visitor.typed.get("quote") or visitor.typed.get("subject", "")
        return await _draw(visitor, problem.status, problem, f"{kind}-{verb}-{subject}")
    done = urlencode({"done": verb, "number": number})
    if visitor.typed.get("back") == "home":
        return RedirectResponse(f"/home?{done}", 303)
    return RedirectResponse(f"/purchases/{quote(number)}?{urlencode({'done': verb})}", 303)


async def _draw(visitor: Visitor, status: int, problem: Problem | None, refused: str) -> Response:
    number = str(visitor.request.path_params["number"])
    asked = visitor.request.query_params.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 18 else None

    async def work(uow: Uow, actor: Actor) -> PurchaseOnPage:
        seen = await queries.show(uow, actor, number)
        request_id = seen.request.request.id
        where = (await worklist.where_now(uow, actor, [request_id])).get(request_id, ())
        open_now = [each.approval for each in seen.approvals if each.approval.state is ApprovalState.pending]
        pending = await approval_facts.with_facts(uow, actor, open_now) if open_now else ()
        proven = await timelines.proven(uow, request_id)
        events = await timelines.of_purchase(uow, request_id, before=before, limit=MOST_EVENTS + 1)
        tiers = await _tiers(uow, seen, events)
        receipts = await _with_files(uow, actor, seen)
        earlier = await recommended(uow, actor, seen.request.request)
        hints = await _hints(uow, actor, seen)
        return _shown(seen, _Beside(where, proven, receipts, pending, events, tiers, earlier, hints))

    mark = await log_mark(visitor)
    purchase = await visitor.read("requests", work)
    done = visitor.request.query_params.get("done", "")
    bought, to_ask = told(visitor.phrases, purchase.recommended)
    return draw(
        visitor,
        "purchase.html",
        status,
        stream=stream_from(mark, purchase.request.id),
        it=purchase,
        forms=_forms(visitor, purchase),
        facts={each.id: decision_facts.told(visitor.phrases, each) for each in purchase.approvals},
        bought=bought,
        questions=questions(visitor.phrases, purchase.recommended),
        to_ask=to_ask,
        most_lines=decision_facts.MOST_LINES,
        hints=shown_hints.told(visitor.phrases, purchase.hints, _vendors(purchase)),
        problem=problem,
        refused=refused,
        typed=visitor.typed if problem is not None else {},
        wrong=_by_field(problem),
        done=done if done in DONE and problem is None else "",
    )


async def _hints(uow: Uow, actor: Actor, seen: PurchaseSeen) -> Sequence[ShownHint]:
    """What others saw before; and that this reader sees the scores beside the quotes now."""
    request_id = seen.request.request.id
    if seen.comparison is not None:
        scores = seen.comparison.comparison.around.scores
        note_shown(uow, score_hints(scores, HintPlace.comparison, request_id), actor.person_id)
    if not actor.may(Permission.insights_read):
        return ()
    return await hints_shown(uow, actor, request_id)


def _vendors(purchase: PurchaseOnPage) -> Mapping[str, str]:
    quotes = purchase.comparison.quotes if purchase.comparison is not None else ()
    return {str(each.vendor_id): each.vendor_name for each in quotes}


async def _tiers(uow: Uow, seen: PurchaseSeen, events: Sequence[TimelineEntry]) -> Mapping[UUID, str]:
    """From the events that the page shows; asked for where an approval was opened before them."""
    found = {each.subject_id: str(each.data["tier"]) for each in events if each.type == ApprovalOpened.type}
    if found.keys() >= {each.approval.id for each in seen.approvals}:
        return found
    return await timelines.tiers(uow, seen.request.request.id)


async def _with_files(
    uow: Uow, actor: Actor, seen: PurchaseSeen
) -> Mapping[UUID, tuple[ReceiptDetails, ...]]:
    """The receipts with their photos and papers."""
    ids = [each.receipt.id for found in seen.receipts.values() for each in found]
    files = await documents.attached_to(uow, actor, ids) if ids else {}
    return {
        order: tuple(replace(each, documents=tuple(files.get(each.receipt.id, ()))) for each in found)
        for order, found in seen.receipts.items()
    }


def _by_field(problem: Problem | None) -> dict[str, str]:
    """The sentence at each field: ``/lines/0/accepted`` is the field ``lines.0.accepted``."""
    if problem is None:
        return {}
    return {each.field.strip("/").replace("/", "."): each.message for each in problem.errors}


def _forms(visitor: Visitor, purchase: PurchaseOnPage) -> dict[str, Any]:
    """What may be done, part by part."""
    request, comparison = purchase.request, purchase.comparison
    rfq = comparison.rfq_id if comparison is not None else None
    things: list[tuple[str, Actionable]] = [("request", request)]
    things += [("rfq", each) for each in purchase.rfqs]
    things += [("order", each) for each in purchase.orders]
    return {
        "request": action_forms.offered("request", request, request.id, request.version),
        "rfqs": {each.id: action_forms.offered("rfq", each, each.id, each.version) for each in purchase.rfqs},
        "quotes": action_forms.proposals(rfq, comparison.rfq_version, comparison.quotes)
        if rfq is not None and comparison is not None
        else {},
        "by_line": action_forms.by_line(rfq, comparison.rfq_version, comparison)
        if rfq is not None and comparison is not None
        else None,
        "approvals": {
            each.id: action_forms.offered("approval", each, each.id, each.version)
            for each in purchase.approvals
        },
        "orders": {
            each.id: action_forms.offered("order", each, each.id, each.version) for each in purchase.orders
        },
        "chat": any(action_forms.in_the_chat(kind, thing) for kind, thing in things),
        "links": visitor.actor.may(Permission.vendors_link),
        "comment": action_forms.OfferedAction("request", "comment", action_forms.COMMENT, request.id, None)
        if visitor.actor.may(Permission.requests_comment)
        else None,
    }


async def back(visitor: Visitor) -> Response:
    """Whoever reloads the address of a form that was refused comes to the purchase."""
    return RedirectResponse(f"/purchases/{quote(str(visitor.request.path_params['number']))}", 303)


ROUTES = (
    get("/purchases/{number}", show),
    post("/purchases/{number}/{kind}/{verb}", do),
    get("/purchases/{number}/{kind}/{verb}", back),
)
