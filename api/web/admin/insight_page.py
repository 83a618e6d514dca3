"""What is worked out from history: which features are on, and how vendors score."""

from uuid import UUID

from starlette.responses import Response

from api.contract import insights as wire
from api.contract import standings as standing_wire
from api.contract.values import InputModel, Reason
from api.present import insights as present
from api.present import standings as present_standings
from api.present import vendor_scores as present_scores
from api.server.deps.call import Call
from api.server.routes import insights as routes
from api.server.routes import standings as standing_routes
from api.text import vendor_scores as words
from api.web.admin.admin_forms import AdminAction, AdminField, DrawnForm
from api.web.admin.page_content import AdminPage, Cell, ContentRow, PageContent, Section, forms_for
from api.web.phrasing import Phrasing
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.insights import queries
from core.kernel.errors import NotFound
from core.standings import service as standings
from core.uow import Uow
from core.vendor_scores import queries as scores

ADDRESS = "/administration/insights"


async def _switch(call: Call, feature: str, *, enabled: bool) -> Response:
    return await routes.switch(call, feature=feature, body=wire.InsightSwitchIn(enabled=enabled))


async def _on(call: Call, *, feature: str) -> Response:
    return await _switch(call, feature, enabled=True)


async def _off(call: Call, *, feature: str) -> Response:
    return await _switch(call, feature, enabled=False)


class _OverrideReason(InputModel):
    """What is typed; what it is about goes with the form."""

    reason: Reason


async def _override(call: Call, *, id: UUID, kind: str, body: _OverrideReason) -> Response:
    kinds = {each.value: each for each in standing_wire.StandingKind}
    if kind not in kinds:
        raise NotFound(what="hold")
    sent = standing_wire.OverrideStandingIn(kind=kinds[kind], reason=body.reason)
    return await standing_routes.override(call, id=id, body=sent)


ON = AdminAction("on", "web.admin.switch_on", _on, Permission.insights_switch, places=("feature",))
OFF = AdminAction("off", "web.admin.switch_off", _off, Permission.insights_switch, places=("feature",))

BOUNDS = AdminAction(
    "bounds",
    "web.admin.standing_bounds",
    standing_routes.set_bounds,
    Permission.insights_switch,
    tuple(
        AdminField(kind.value, f"web.admin.standing.{kind.value}", "number", required=False, clears=True)
        for kind in standing_wire.StandingKind
    ),
    standing_wire.StandingBoundsIn,
)
OVERRIDE = AdminAction(
    "override",
    "web.admin.standing_override",
    _override,
    Permission.vendors_hold,
    (AdminField("reason", "fields.reason", "area"),),
    _OverrideReason,
    ("id", "kind"),
)


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    switches = present.switches(await queries.show_switches(uow, actor)).switches
    sections = [
        Section(
            "web.admin.insights",
            (p.say("web.admin.insights_decide_nothing"),),
            columns=("web.admin.feature", "web.column.state"),
            rows=[_feature(p, actor, each) for each in switches],
        )
    ]
    found = present_scores.page(await scores.listing(uow, actor)).items
    if found:
        rows = [
            ContentRow(
                (
                    Cell(each.vendor_name, f"/administration/vendors/{each.vendor_id}"),
                    Cell(words.in_short(each, p.locale)),
                )
            )
            for each in found
        ]
        columns = ("web.column.name", "scores.row")
        sections.append(Section("web.admin.vendors", columns=columns, rows=rows))
    sections.append(_standings(p, actor, present_standings.standings(await standings.show(uow, actor))))
    return PageContent(tuple(sections))


def _standings(p: Phrasing, actor: Actor, found: standing_wire.StandingsOut) -> Section:
    """The bounds, and the vendors below one, with the figures of that day."""
    told = found.bounds.model_dump()
    bounds = [
        p.say(f"web.admin.standing.{kind}") + f": {p.number(told[kind])}" for kind in told if told[kind]
    ]
    return Section(
        "web.admin.standings",
        (p.say("web.admin.standings_how"), *bounds),
        columns=("web.column.name", "web.column.state", "fields.reason") if found.vendors else (),
        rows=[_standing(p, actor, each) for each in found.vendors],
        forms=forms_for(
            actor, DrawnForm(BOUNDS, ADDRESS, {kind: value for kind, value in told.items() if value})
        ),
    )


def _standing(p: Phrasing, actor: Actor, each: standing_wire.VendorStandingOut) -> ContentRow:
    figures = p.say(
        "scores.below",
        value=p.number(int(each.value)),
        bound=p.number(each.bound),
        n=p.number(each.n),
        since=p.day(each.window_from),
        until=p.day(each.window_to),
    )
    hidden = {"id": str(each.vendor_id), "kind": each.kind.value}
    forms = () if each.reason else forms_for(actor, DrawnForm(OVERRIDE, ADDRESS, hidden=hidden))
    why = p.say("web.admin.standing_overridden", reason=each.reason) if each.reason else figures
    name = Cell(each.vendor_name, f"/administration/vendors/{each.vendor_id}")
    kind = Cell(p.say(f"web.admin.standing_of.{each.kind.value}"), tone="plain" if each.reason else "bad")
    return ContentRow((name, kind, Cell(why)), forms)


def _feature(p: Phrasing, actor: Actor, switch: wire.InsightSwitchOut) -> ContentRow:
    state = Cell(
        p.say("web.admin.on" if switch.enabled else "web.admin.off"),
        tone="good" if switch.enabled else "plain",
    )
    form = DrawnForm(OFF if switch.enabled else ON, ADDRESS, hidden={"feature": switch.feature.value})
    return ContentRow(
        (Cell(p.say(f"web.admin.insight.{switch.feature.value}")), state), forms_for(actor, form)
    )


PAGE = AdminPage("insights", Permission.insights_read, _read, (ON, OFF, BOUNDS, OVERRIDE))
