"""Deliveries: what subscribers still have to handle, what was parked and why, and running it again."""

from typing import get_args

from api.contract import operations as wire
from api.present import operations as present
from api.server.routes import operations as routes
from api.web.admin.admin_forms import AdminAction, DrawnForm
from api.web.admin.page_content import (
    AdminPage,
    Cell,
    ContentRow,
    PageContent,
    SearchField,
    Section,
    forms_for,
)
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.audit import delivery_list
from core.audit.delivery_list import DeliveryFilter
from core.uow import Uow

ADDRESS = "/administration/deliveries"
ROWS = 50
STATES: tuple[str, ...] = get_args(routes.DeliveryState)
REPLAY = AdminAction(
    "replay", "web.admin.replay", routes.replay, Permission.deliveries_replay, places=("id",)
)


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p, sent = visitor.phrases, visitor.request.query_params
    state = sent.get("state", "parked")
    wanted = DeliveryFilter(state if state in STATES else None, sent.get("cursor") or None, ROWS)
    found = present.deliveries(await delivery_list.list_deliveries(uow, actor, wanted))
    older = f"{ADDRESS}?state={wanted.state or ''}&cursor={found.next_cursor}" if found.next_cursor else ""
    section = Section(
        "web.admin.deliveries",
        (p.say("web.admin.about_deliveries"),),
        (
            "web.admin.event",
            "web.admin.subscriber",
            "web.column.state",
            "web.admin.attempts",
            "web.admin.why",
            "web.column.updated",
        ),
        [_delivery(visitor, actor, each) for each in found.items],
        older=older,
    )
    states = tuple((each, p.say(f"web.admin.delivery.{each}")) for each in STATES)
    return PageContent((section,), search=(SearchField("state", "web.column.state", state, states),))


def _delivery(visitor: Visitor, actor: Actor, delivery: wire.DeliveryOut) -> ContentRow:
    p, parked = visitor.phrases, delivery.state == "parked"
    tone = {"parked": "bad", "done": "good"}.get(delivery.state, "plain")
    cells = (
        Cell(delivery.event_type, code=True),
        Cell(delivery.subscriber),
        Cell(p.say(f"web.admin.delivery.{delivery.state}"), tone=tone),
        Cell(str(delivery.attempts), number=True),
        Cell(delivery.last_error or ""),
        Cell(p.moment(delivery.updated_at)),
    )
    replay = DrawnForm(REPLAY, ADDRESS, hidden={"id": str(delivery.id)})
    return ContentRow(cells, forms_for(actor, replay) if parked else ())


PAGE = AdminPage("deliveries", Permission.deliveries_read, _read, (REPLAY,))
