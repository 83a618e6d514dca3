"""Text in reply to an approval card: "ok", "approved", "no, too dear".

One rule: text never decides. From a person who may decide it brings a button; from anybody else nothing.
"""

from api.contract.actions import ActionVerb
from api.contract.approvals import ApprovalOut, DecisionIn
from api.contract.values import MIN_REASON_LENGTH
from api.language import VerdictReading, read_verdict
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.dialog.context import Context
from bots.dialog.handlers import approvals
from bots.dialog.message import IncomingMessage
from bots.forms.reason import ReasonKind

_ABOUT_APPROVAL = (Op.approve, Op.reject, Op.ask)


async def handle_reply(ctx: Context, message: IncomingMessage) -> bool:
    """A verdict in reply to an approval card; False when the text is something else."""
    press = _approval_press(message)
    reading = read_verdict(message.text, ctx.locale) if press is not None else None
    if press is None or reading is None:
        return False
    approval = await ctx.api.approvals.show(press.id)
    if not approval.offers(ActionVerb.approve):
        return True
    if reading.verb == "approve":
        await ctx.show(_confirmation_card(ctx, approval, press.version, message.text))
    else:
        await _start_rejection(ctx, approval, press.version, reading)
    return True


async def confirm_approval(ctx: Context, press: Press) -> str:
    """The button under the verdict: it is decided now, and the button disappears."""
    body = DecisionIn.model_validate(
        {"approval_id": press.id, "verb": "approve", "expected_version": press.version}
    )
    approval = await ctx.api.approvals.decide(body, key=ctx.press_key(press))
    text = approvals.decision_text(approval, ctx)
    await ctx.responder.edit(ctx.origin.message_id, Card(text))
    return text


def _approval_press(message: IncomingMessage) -> Press | None:
    presses = message.reply_to.presses if message.reply_to is not None else ()
    return next((press for press in presses if press.op in _ABOUT_APPROVAL), None)


def _confirmation_card(ctx: Context, approval: ApprovalOut, version: int, text: str) -> Card:
    press = Press(Op.approve_reply, approval.id, version)
    return Card(
        ctx.translate("forms.saying.review", text=text.strip()),
        facts=(approval.title,),
        buttons=rows_of(Button(ctx.translate("buttons.approve"), press, Style.good)),
    )


async def _start_rejection(
    ctx: Context, approval: ApprovalOut, version: int, reading: VerdictReading
) -> None:
    """With a reason it only waits for the button; without one the reason is asked."""
    values = approvals.reason_values(approval, ReasonKind.reject, version)
    if len(reading.comment) >= MIN_REASON_LENGTH:
        values = values.model_copy(update={"text": reading.comment})
    await ctx.ask(await ctx.start_form("saying", values))
