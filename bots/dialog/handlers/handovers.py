"""An open step passes to somebody else: forwarded by whoever is asked, reassigned by an administrator.

One rule: whether it may be done now is said by the approval's own actions, before anything is asked.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.approvals import ApprovalOut
from bots.cards.card import Card
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op, Press
from bots.dialog import press_checks
from bots.dialog.context import Context
from bots.dialog.handlers import approvals
from bots.dialog.message import IncomingMessage
from bots.forms import handover
from bots.forms.form import Rejected
from bots.forms.handover import HandoverKind, HandoverValues

KINDS: Mapping[Op, HandoverKind] = MappingProxyType(
    {Op.forward: HandoverKind.forward, Op.reassign: HandoverKind.reassign}
)


async def start(ctx: Context, press: Press) -> str:
    """Ask to whom, and why."""
    kind = KINDS[press.op]
    approval = await ctx.api.approvals.show(press.id)
    if await approvals.offered_successor(ctx, approval):
        return ""
    if not approval.offers(ActionVerb(kind.value)):
        return press_checks.log_refused_press(press, "not_asked", _not_now_text(ctx, kind, approval))
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.approval, approval, ctx.viewer))
    if refusal_text:
        return refusal_text
    values = await _initial_values(ctx, kind, approval)
    if not values.takers:
        return ctx.translate("forms.handover.nobody_there")
    await ctx.ask(await ctx.start_form("handover", values))
    return ""


def by_command(kind: HandoverKind) -> Callable[[Context, IncomingMessage], Awaitable[None]]:
    """/forward REQ-104 @colleague note, /reassign REQ-104 @colleague reason; what is missing is asked for."""

    async def run(ctx: Context, message: IncomingMessage) -> None:
        approval = await _approval_or_reply(ctx, message)
        if approval is None:
            return
        if not approval.offers(ActionVerb(kind.value)):
            await ctx.responder.text(_not_now_text(ctx, kind, approval))
            return
        values = await _initial_values(ctx, kind, approval)
        if not values.takers:
            await ctx.responder.text(ctx.translate("forms.handover.nobody_there"))
            return
        await _send_or_ask(ctx, values, message.text_after_number)

    return run


async def _send_or_ask(ctx: Context, values: HandoverValues, text: str) -> None:
    read = handover.with_text(values, text, ctx.form_ctx) if text else values
    if isinstance(read, Rejected):
        await ctx.ask(await ctx.start_form("handover", values), error_text=read.text)
        return
    named_only = read.kind is HandoverKind.forward and read.to is not None and not read.reason
    read = read.model_copy(update={"note_passed": True}) if named_only else read
    if read.is_complete and not read.doubtful:
        await ctx.show(await hand_over(ctx, read, ctx.command_key(read.kind.value)))
    else:
        await ctx.ask(await ctx.start_form("handover", read))


async def hand_over(ctx: Context, values: HandoverValues, key: str) -> Card:
    """One call; the card of the approval is redrawn by the cards subscriber."""
    if values.kind is HandoverKind.forward:
        done = await ctx.api.approvals.forward(values.approval_id, values.forward(), key=key)
    else:
        done = await ctx.api.approvals.reassign(values.approval_id, values.reassignment(), key=key)
    person = values.name_of(values.to)
    return Card(ctx.translate("forms.handover.sent", title=done.title, person=person))


def _not_now_text(ctx: Context, kind: HandoverKind, approval: ApprovalOut) -> str:
    """Who could, or how it was decided meanwhile."""
    if kind is HandoverKind.reassign and approval.state.value == "pending":
        return ctx.translate("forms.handover.only_admins")
    return approvals.not_deciding_text(ctx, approval)


async def _initial_values(ctx: Context, kind: HandoverKind, approval: ApprovalOut) -> HandoverValues:
    takers = (await ctx.api.approvals.takers(approval.id)).items
    return handover.initial_values(kind, approval, takers, ctx.me.id)


async def _approval_or_reply(ctx: Context, message: IncomingMessage) -> ApprovalOut | None:
    """By the request's number, or by the approval's own id, which logs and the API name."""
    try:
        approval_id = UUID(message.number)
    except ValueError:
        return await approvals.approval_or_reply(ctx, message)
    return await ctx.api.approvals.show(approval_id)
