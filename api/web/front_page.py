"""The first page: what waits for me, what I can decide right here, what moved, what closes soon, and the month's money.

One rule: a vendor's contact gets the same page of their own work, read inside the fence.
"""

from dataclasses import dataclass

from starlette.responses import Response

from api.contract.approvals import ApprovalOut
from api.contract.digest import DigestOut, TaskOut, WaitingOut
from api.contract.orders import OrderOut
from api.contract.rfqs import RfqOut
from api.present import approvals as present_approvals
from api.present import digest as present_digest
from api.present import orders as present_orders
from api.present import rfqs as present_rfqs
from api.web import action_forms, decision_facts
from api.web.live import log_mark, stream_from
from api.web.purchase_page import DONE
from api.web.room import get
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.analytics import queries as analytics
from core.analytics.model import MonthsSpent
from core.approvals.model import ApprovalFilter
from core.db.pages import PageQuery
from core.decisions import queries as decisions
from core.findings import queries as findings
from core.invitations import queries as rfqs
from core.kernel.actions import ActionVerb
from core.notifications import digest_content
from core.orders import queries as orders
from core.orders.model import OrderFilter
from core.rfqs.model import RfqFilter
from core.uow import Uow
from core.worklist import queries as worklist

FEW = PageQuery(limit=10)


@dataclass(frozen=True)
class FrontPage:
    digest: DigestOut
    decisions: tuple[ApprovalOut, ...]
    undoable: tuple[ApprovalOut, ...]
    spent: MonthsSpent | None
    rfqs: tuple[RfqOut, ...]
    orders: tuple[OrderOut, ...]
    findings: int | None = None
    """How many wait to be looked at by whoever reviews them; None for everybody else, and while they are off."""

    @property
    def also_waiting(self) -> list[WaitingOut]:
        """What waits beside that which can be decided above."""
        above = {each.request_id for each in self.decisions}
        return [
            each
            for each in self.digest.waiting
            if each.task is not TaskOut.decide or each.request_id not in above
        ]


async def front_page(visitor: Visitor) -> Response:
    number = visitor.request.query_params.get("number", "")[:40]

    async def work(uow: Uow, actor: Actor) -> FrontPage:
        return await _read(uow, actor, number)

    mark = await log_mark(visitor)
    page = await visitor.read("approvals", work)
    done = visitor.request.query_params.get("done", "")
    return draw(
        visitor,
        "home.html",
        stream=stream_from(mark),
        it=page,
        forms={
            each.id: action_forms.offered("approval", each, each.id, each.version)
            for each in (*page.decisions, *page.undoable)
        }
        | {each.id: action_forms.offered("order", each, each.id, each.version) for each in page.orders},
        facts={each.id: decision_facts.told(visitor.phrases, each) for each in page.decisions},
        most_lines=decision_facts.MOST_LINES,
        done=done if done in DONE else "",
        number=number if number.replace("-", "").isalnum() else "",
        problem=None,
        refused="",
        typed={},
        wrong={},
    )


async def _read(uow: Uow, actor: Actor, number: str) -> FrontPage:
    digest = present_digest.digest(await digest_content.read_content(uow, actor))
    if actor.is_vendor:
        asked = present_rfqs.rfqs(await rfqs.listing(uow, actor, RfqFilter(page=FEW)))
        ordered = present_orders.orders(await orders.listing(uow, actor, OrderFilter(page=FEW)))
        return FrontPage(digest, (), (), None, asked.items, ordered.items)
    wanted = ApprovalFilter(page=FEW)
    found = present_approvals.approvals_with_facts(await worklist.to_decide(uow, actor, wanted)).items
    undoable: tuple[ApprovalOut, ...] = ()
    if number:
        decided = await decisions.listing(uow, actor, ApprovalFilter(page=FEW, number=number))
        shown = present_approvals.approvals(decided).items
        undoable = tuple(each for each in shown if each.offers(ActionVerb.undo))
    spent = await analytics.months(uow, actor) if actor.may(Permission.dashboard_read) else None
    waiting = await findings.count_waiting(uow, actor) if actor.may(Permission.insights_read) else None
    return FrontPage(digest, found, undoable, spent, (), (), waiting)


ROUTES = (get("/home", front_page),)
