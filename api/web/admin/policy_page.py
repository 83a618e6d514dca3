"""The approval policy: its tiers, an editor, and what it would have asked of whom.

One rule: a policy is tried on past purchases by the same route that simulates it for the API, and set by its own.
"""

import json
from dataclasses import replace

from api.contract import approvals as wire
from api.present import approvals as present
from api.server.routes import approvals as routes
from api.web.admin.admin_forms import AdminAction, AdminField, DrawnForm
from api.web.admin.page_content import (
    AdminPage,
    Cell,
    ContentRow,
    PageContent,
    Section,
    plain,
)
from api.web.admin.policy_draft import FORM, PolicyDraft
from api.web.phrasing import Phrasing
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.policies import queries
from core.uow import Uow

ADDRESS = "/administration/policy"
_TEXT = AdminField("policy", "web.admin.policy_text", "code", hint="web.admin.hint.policy")
TRY = AdminAction(
    "try",
    "web.admin.try_policy",
    routes.simulate,
    Permission.policies_simulate,
    (_TEXT,),
    wire.SimulationIn,
    whole="policy",
    shows=True,
)
SET = AdminAction(
    "set",
    "web.admin.set_policy",
    routes.set_policy,
    Permission.policies_set,
    (_TEXT,),
    wire.PolicyIn,
    whole="policy",
    dangerous=True,
)

TRY_TIERS = replace(
    TRY, verb="try-tiers", fields=(), whole="", reads=lambda visitor: _draft(visitor).body(visitor.phrases)
)
SET_TIERS = replace(
    SET, verb="set-tiers", fields=(), whole="", reads=lambda visitor: _draft(visitor).body(visitor.phrases)
)


def _draft(visitor: Visitor) -> PolicyDraft:
    return PolicyDraft.typed(visitor.typed).changed(visitor.typed.get("change", ""))


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    found = present.policy(await queries.show_policy(uow, actor))
    told = p.say(
        "web.admin.policy_version",
        version=found.version,
        moment=p.moment(found.set_at),
        currency=found.currency,
    )
    text = found.model_dump(mode="json", include={"currency", "tiers", "undo_seconds", "splits"})
    editor = DrawnForm(
        replace(SET, label="web.policy.edit_text", button=SET.label),
        ADDRESS,
        {"policy": json.dumps(text, indent=2, ensure_ascii=False)},
        hidden={"version": str(found.version)},
        also=(TRY,),
    )
    columns = (
        "web.admin.tier",
        "web.admin.below",
        "fields.departments",
        "fields.categories",
        "fields.steps",
        "web.admin.due_hours",
    )
    rows = [_tier(p, found.currency, each) for each in found.tiers]
    return PageContent(
        (
            Section("web.admin.in_force", (told,), columns, rows),
            *(_editors(visitor, found, editor) if actor.may(SET.right) else ()),
        )
    )


def _editors(visitor: Visitor, found: wire.PolicyOut, editor: DrawnForm) -> tuple[Section, ...]:
    """Tier by tier, and as text; a form that comes back keeps what was typed."""
    typed = visitor.typed.get("form", "") == FORM
    draft = _draft(visitor) if typed else PolicyDraft.of(found, visitor.phrases)
    return (
        Section("web.policy.tiers", (visitor.phrases.say("web.policy.hint"),), policy=draft),
        Section("web.policy.as_text", forms=(editor,)),
    )


def _tier(p: Phrasing, currency: str, tier: wire.TierIn) -> ContentRow:
    below = p.money(tier.below, currency) if tier.below is not None else "∞"
    steps = " → ".join(_step(p, step) for step in tier.steps)
    cells = (
        Cell(tier.name),
        Cell(below, number=True),
        *plain(
            ", ".join(tier.departments) or p.say("web.all"), ", ".join(tier.categories) or p.say("web.all")
        ),
        Cell(steps),
        Cell(str(tier.due_hours), number=True),
    )
    return ContentRow(cells)


def _step(p: Phrasing, step: wire.StepIn) -> str:
    asked = ", ".join(_approver(p, each) for each in step.approvers)
    return f"{step.name}: {asked}" + (f" × {step.needs}" if step.needs > 1 else "")


def _approver(p: Phrasing, who: wire.ApproverIn) -> str:
    if who.role is not None:
        return p.say(f"roles.{who.role}")
    return who.person or p.say(f"web.admin.head_of.{who.head_of}")


def _show(visitor: Visitor, body: bytes) -> Section:
    """Whom the policy would have asked; what nobody could approve stands first."""
    p = visitor.phrases
    found = wire.SimulationOut.model_validate_json(body)
    told = [p.say("web.admin.tried", purchases=found.purchases, differing=found.differing, stuck=found.stuck)]
    ordered = sorted(found.items, key=lambda each: (each.problem is None, not each.differs))
    columns = (
        "web.column.request",
        "web.column.what",
        "web.column.amount",
        "web.admin.tier",
        "web.admin.asked",
        "web.column.state",
    )
    rows = [_simulated(p, each) for each in ordered]
    return Section("web.admin.dry_run", tuple(told), columns, rows, good=found.stuck == 0)


def _simulated(p: Phrasing, item: wire.SimulatedPurchaseOut) -> ContentRow:
    asked = " → ".join(
        f"{step.name}: {', '.join(each.name for each in step.candidates[:5]) or '–'}" for step in item.steps
    )
    if item.problem is not None:
        verdict = Cell(p.say(f"web.admin.problem.{item.problem}"), tone="bad")
    else:
        verdict = Cell(p.say("web.admin.differs" if item.differs else "web.admin.same"), tone="plain")
    return ContentRow(
        (
            Cell(item.request_number, f"/purchases/{item.request_number}"),
            Cell(item.title),
            Cell(p.money(item.amount, item.currency), number=True),
            *plain(item.tier, asked),
            verdict,
        )
    )


PAGE = AdminPage("policy", Permission.policies_read, _read, (TRY, SET, TRY_TIERS, SET_TIERS), show=_show)
