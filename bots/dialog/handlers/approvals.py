"""Approvals: approve with one tap, reject and ask with a reason, undo in time, answer by reply.

One rule: a command does what its button does, to the approval as it is now.
"""

from collections.abc import AsyncIterator

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.approvals import ApprovalOut, DecisionIn, QuestionOut
from api.contract.requests import RequestOut
from bots.cards import phrases
from bots.cards.approval import decision_lines
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.clean import clean_input
from bots.cards.drawing import CardKind, draw
from bots.cards.page_ref import ListName, PageRef
from bots.cards.press import Op, Press
from bots.client.errors import ApiConflict
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.handlers import delegations
from bots.dialog.message import IncomingMessage
from bots.dialog.origin import CardRef
from bots.dialog.pager import place, turn_buttons
from bots.dialog.submit import submit_or_ask
from bots.forms.reason import ReasonKind, ReasonValues

MAX_CARDS = 5
REASONS = {
    Op.reject: ReasonKind.reject,
    Op.reject_request: ReasonKind.reject_request,
    Op.ask: ReasonKind.ask,
}
"""What is asked for words, by the button."""


async def approve(ctx: Context, press: Press) -> str:
    """One tap; the card itself is redrawn by the cards subscriber."""
    try:
        return decision_text(await _decide(ctx, press, "approve"), ctx)
    except ApiConflict:
        if await offered_successor(ctx, await ctx.api.approvals.show(press.id)):
            return ""
        raise


async def undo(ctx: Context, press: Press) -> str:
    """The approval is taken back, as long as the order waits."""
    await _decide(ctx, press, "undo")
    return ctx.translate("cards.undone")


async def _decide(ctx: Context, press: Press, verb: str) -> ApprovalOut:
    body = DecisionIn.model_validate(
        {"approval_id": press.id, "verb": verb, "expected_version": press.version}
    )
    return await ctx.api.approvals.decide(body, key=ctx.press_key(press))


async def ask_for_reason(ctx: Context, press: Press) -> str:
    """Why, or what; then it is one call."""
    approval = await ctx.api.approvals.show(press.id)
    if await offered_successor(ctx, approval):
        return ""
    if not approval.offers(ActionVerb.approve):
        return press_checks.log_refused_press(press, "not_asked", not_deciding_text(ctx, approval))
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.approval, approval, ctx.viewer))
    if refusal_text:
        return refusal_text
    reason_kind = REASONS[press.op]
    await ctx.ask(await ctx.start_form("saying", reason_values(approval, reason_kind, press.version)))
    return ""


async def approve_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/approve REQ-104"""
    approval = await approval_or_reply(ctx, message)
    if approval is not None:
        decided = await _decide_by_command(ctx, approval, "approve")
        await ctx.responder.text(decision_text(decided, ctx))


async def undo_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/undo REQ-104, as long as the order waits."""
    approval = await approval_or_reply(ctx, message)
    if approval is not None:
        await _decide_by_command(ctx, approval, "undo")
        await ctx.responder.text(ctx.translate("cards.undone"))


async def reject_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/reject REQ-104 too dear"""
    await _decide_with_reason(ctx, message, ReasonKind.reject)


async def reject_request_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/reject_request REQ-104 not needed: by an officer, or instead of the decision about the quote."""
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return
    if request.offers(ActionVerb.reject):
        values = ReasonValues(
            saying=ReasonKind.reject_unapproved, id=request.id, version=request.version, about=request.number
        )
        await submit_or_ask(ctx, values, message.text_after_number)
        return
    await _decide_with_reason(ctx, message, ReasonKind.reject_request)


async def ask_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/ask REQ-104 have we none left?"""
    await _decide_with_reason(ctx, message, ReasonKind.ask)


async def _decide_by_command(ctx: Context, approval: ApprovalOut, verb: str) -> ApprovalOut:
    """The approval as it is now: a command has seen no version."""
    body = DecisionIn.model_validate(
        {"approval_id": approval.id, "verb": verb, "expected_version": approval.version}
    )
    return await ctx.api.approvals.decide(body, key=ctx.command_key(verb))


async def _decide_with_reason(ctx: Context, message: IncomingMessage, reason_kind: ReasonKind) -> None:
    approval = await approval_or_reply(ctx, message)
    if approval is None:
        return
    if not approval.offers(ActionVerb.approve):
        await ctx.responder.text(not_deciding_text(ctx, approval))
        return
    values = reason_values(approval, reason_kind, approval.version)
    await submit_or_ask(ctx, values, message.text_after_number)


async def approval_or_reply(ctx: Context, message: IncomingMessage) -> ApprovalOut | None:
    """The approval of the request that a command names; None after telling the person that there is none."""
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return None
    if request.approval_id is None:
        await ctx.responder.text(ctx.translate("forms.typed.nothing_to_decide", number=request.number))
        return None
    return await ctx.api.approvals.show(request.approval_id)


async def offered_successor(ctx: Context, approval: ApprovalOut) -> bool:
    """Whether another approval of this purchase waits for the person now; a button opens it."""
    if approval.state.value != "withdrawn":
        return False
    request = await ctx.api.requests.show(approval.request_id)
    if request.approval_id is None or request.approval_id == approval.id:
        return False
    successor = await ctx.api.approvals.show(request.approval_id)
    if not successor.offers(ActionVerb.approve):
        return False
    press = Press(Op.open_approval, successor.id, successor.version)
    button = Button(label(ctx.translate("buttons.open_number", number=request.number)), press)
    await ctx.show(Card(ctx.translate("cards.replaced", number=request.number), buttons=rows_of(button)))
    return True


def not_deciding_text(ctx: Context, approval: ApprovalOut) -> str:
    """Why this person has nothing to decide here: who did, or that others do."""
    text = decision_lines(approval, ctx.viewer) if approval.state.value != "pending" else ()
    return text[-1] if text else ctx.translate("cards.not_yours_to_decide")


def reason_values(approval: ApprovalOut, reason_kind: ReasonKind, version: int) -> ReasonValues:
    """The form of a rejection or a question, at the version that the person saw."""
    return ReasonValues(
        saying=reason_kind,
        id=approval.id,
        version=version,
        about=approval.title,
        person=approval.requested_by_name,
    )


async def show_pending(ctx: Context, message: IncomingMessage) -> None:
    """On whose behalf, then what waits for this person, as cards that stay current."""
    await delegations.show_current(ctx)
    if not await show_page(ctx, PageRef(ListName.approvals)):
        await ctx.responder.text(ctx.translate("lists.no_approvals"))


async def show_page(ctx: Context, ref: PageRef) -> bool:
    """Some of the approvals as cards, then where they stand among all; False when nothing waits."""
    page = await ctx.api.call(e.list_approvals, None, query={"mine": "true", **ref.query(MAX_CARDS)})
    for approval in page.items:
        await show_approval(ctx, approval)
    for text in place(ctx, page, len(page.items)):
        await ctx.show(Card(text, buttons=turn_buttons(ctx, ref, page, page.items)))
    return bool(page.items)


async def show_approval(ctx: Context, approval: ApprovalOut) -> None:
    card_ref = CardRef(CardKind.approval, "approval", approval.id, approval.version)
    await ctx.show(draw(CardKind.approval, approval, ctx.viewer), card_ref)


def decision_text(approval: ApprovalOut, ctx: Context) -> str:
    """What the tap led to."""
    if approval.state.value == "approved":
        return ctx.translate("cards.now_approved", title=approval.title)
    step = next((step for step in approval.steps if step.state.value == "open"), None)
    return ctx.translate("cards.approved_next", step=phrases.role(step.name, ctx.locale) if step else "")


async def questions(ctx: Context) -> AsyncIterator[tuple[RequestOut, ApprovalOut, QuestionOut]]:
    """Questions to this requester in what still waits for a decision, answered or not."""
    listing = await ctx.api.requests.list(mine=True, state="awaiting_approval", limit=20)
    for request in listing.items:
        if request.approval_id is None or request.requested_by != ctx.me.id:
            continue
        approval = await ctx.api.approvals.show(request.approval_id)
        for question in approval.questions:
            yield request, approval, question


async def answer_by_reply(ctx: Context, message: IncomingMessage) -> bool:
    """A reply to the notice of a question is its answer; False when it is a reply to something else.

    The notice is recognised by its whole sentence: a colleague's message may contain the same words.
    """
    text = message.reply_to.text if message.reply_to is not None else ""
    notices = {_normalized(part) for part in text.split("\n\n")}  # kept ones come together
    if not text or ctx.is_vendor:
        return False
    answer = message.text.strip()
    async for request, approval, question in questions(ctx):
        answered_before = message.originally_sent_at is not None and question.answer == answer
        if question.answer is not None and not answered_before:
            continue
        facts = {"person": question.asked_by_name, "number": request.number, "text": question.text}
        if _normalized(ctx.translate("notices.approval_asked", **facts)) in notices:
            if not answered_before:
                await ctx.api.approvals.answer(approval.id, answer, key=ctx.command_key("answer"))
            await ctx.responder.text(ctx.translate("forms.answer.sent"))
            return True
    return False


def _normalized(text: str) -> str:
    """As two ways of showing a sentence have it in common."""
    return " ".join(clean_input(text).split())
