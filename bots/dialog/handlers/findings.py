"""What looked unusual: /findings, and the buttons of its card.

One rule: whoever presses says something about a finding; nothing of the purchase changes.
"""

from api.contract.findings import FindingOut, ReviewFindingIn
from api.text import translate
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press
from bots.dialog import find, press_checks, which_one
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.origin import CardRef
from bots.forms.reason import ReasonKind, ReasonValues

MAX_SHOWN = 5


async def findings_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/findings, or /findings REQ-104: the newest that nobody has settled, each with its buttons."""
    request_id = None
    if message.args:
        request = await find.request(ctx, message.args)
        if request is None:
            await which_one.reply_not_found(ctx, message, "REQ-104")
            return
        request_id = request.id
    found = (await ctx.api.findings.waiting(limit=MAX_SHOWN, request_id=request_id)).items
    if not found:
        await ctx.responder.text(ctx.translate("lists.no_findings"))
    for finding in found:
        card_ref = CardRef(CardKind.finding, "finding", finding.id, finding.version)
        await ctx.show(draw(CardKind.finding, finding, ctx.viewer), card_ref)


async def explain(ctx: Context, press: Press) -> str:
    """How the rule counts, in a few sentences."""
    finding = await ctx.api.findings.show(press.id)
    await ctx.responder.text(translate(f"findings.{finding.rule}.why", ctx.locale))
    return ""


async def ask_why_fine(ctx: Context, press: Press) -> str:
    """Why it is fine: from a list or in own words."""
    finding = await ctx.api.findings.show(press.id)
    refused = _refused(ctx, press, finding)
    if refused:
        return refused
    values = ReasonValues(
        saying=ReasonKind.finding_fine, id=finding.id, version=finding.version, about=finding.request_number
    )
    await ctx.ask(await ctx.start_form("saying", values))
    return ""


async def hold(ctx: Context, press: Press) -> str:
    """Somebody looks into it."""
    body = ReviewFindingIn(version=press.version)
    finding = await ctx.api.findings.hold(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.finding_held", number=finding.request_number)


async def confirm(ctx: Context, press: Press) -> str:
    """It was right to look."""
    body = ReviewFindingIn(version=press.version)
    finding = await ctx.api.findings.confirm(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.finding_confirmed", number=finding.request_number)


def _refused(ctx: Context, press: Press, finding: FindingOut) -> str:
    return press_checks.refusal_text(ctx, press, draw(CardKind.finding, finding, ctx.viewer))
