"""Open forms: typed answers, pressed choices, Back, Cancel and /cancel.

One rule: a form ends only by its last button or answer; what it then does is in ``completion``.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import Enum
from uuid import UUID

import structlog

from api.contract.actions import ActionVerb
from bots.cards.card import Card
from bots.cards.press import Press
from bots.client.errors import ApiConflict, ApiError, ApiForbidden, ApiInFlight, ApiNotFound, ApiStale
from bots.dialog import press_checks
from bots.dialog.bought_search import form_with_bought
from bots.dialog.colleague_search import with_found_colleagues
from bots.dialog.completion import FormResult, complete_form, kept_after
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.open_questions import AskedQuestion
from bots.dialog.vendor_search import with_found_vendors, with_picked_vendors
from bots.forms import engine
from bots.forms.engine import OpenForm, Transition
from bots.forms.form import CANCEL, Values
from bots.forms.quote_values import QuoteValues
from bots.forms.request_values import RequestValues

log = structlog.get_logger()

TRIES = 3
LONGEST_QUOTED = 200


async def cancel(ctx: Context, message: IncomingMessage) -> None:
    """Leave the open form; nothing is sent."""
    open_form = await ctx.open_form()
    if open_form is None:
        await ctx.responder.text(ctx.translate("forms.nothing_open"))
        return
    await _cancel_form(ctx, open_form)


async def press_choice(ctx: Context, press: Press) -> str:
    """A button of a form; one of an older question shows what is asked now."""

    async def move(open_form: OpenForm) -> Transition:
        return engine.submit_choice(open_form, press.arg, ctx.form_ctx)

    return await _move_by_press(ctx, press, move)


async def pick_vendors(ctx: Context, press: Press, picked: Mapping[UUID, str]) -> str:
    """The vendors, by id and name, that were chosen in the question's own field."""

    async def move(open_form: OpenForm) -> Transition:
        return Transition(await with_picked_vendors(ctx, open_form, picked))

    return await _move_by_press(ctx, press, move)


async def _move_by_press(
    ctx: Context, press: Press, move: Callable[[OpenForm], Awaitable[Transition]]
) -> str:
    for attempt in range(TRIES):
        open_form = await ctx.open_form()
        if open_form is None:
            return press_checks.log_refused_press(press, "closed", ctx.translate("forms.closed"))
        if open_form.nonce != press.id:
            return press_checks.log_refused_press(press, "other_form", ctx.translate("forms.other_open"))
        if press.arg == CANCEL:
            await _cancel_form(ctx, open_form, ctx.origin.message_id)
            return ""
        if open_form.version != press.version:
            await ctx.ask(open_form, message_id=ctx.origin.message_id)
            return press_checks.log_refused_press(press, "moved_on", ctx.translate("forms.moved_on"))
        try:
            pressed = replace(open_form, last_message_id="")
            return await apply_transition(ctx, await move(pressed), ctx.origin.message_id)
        except ApiStale as stale:
            if attempt == TRIES - 1 or stale.problem.facts.get("what") != "draft":
                raise
    return ""


async def answer_open_form(ctx: Context, message: IncomingMessage) -> bool:
    """Text that is sent while a form is open answers it; False when none is open.

    A message that is delivered again may be older than the question that it would answer.
    """
    for attempt in range(TRIES):
        open_form = await ctx.open_form()
        if open_form is None:
            return False
        if open_form.last_update_key == ctx.update_key:
            await ctx.ask(open_form)
            return True
        if (
            message.originally_sent_at
            and open_form.asked_at
            and message.originally_sent_at < open_form.asked_at
        ):
            log.info("update.refused", code="older_than_the_question")
            await ctx.responder.text(
                ctx.translate("forms.heard_late", text=message.text.strip()[:LONGEST_QUOTED])
            )
            return True
        noted = _noted(ctx, open_form)
        try:
            await _submit_text(ctx, noted, message.text)
        except ApiStale as stale:
            if attempt == TRIES - 1 or stale.problem.facts.get("what") != "draft":
                raise
        else:
            return True
    raise AssertionError("unreachable")


class Edit(Enum):
    """What became of a message that its author edited."""

    answers = "answers"
    begins_anew = "begins_anew"
    counts_for_nothing = "counts_for_nothing"


async def answer_by_edit(ctx: Context, message: IncomingMessage) -> Edit:
    """An edited message answers the question that it was the last answer to; a form that it began is closed.

    What another bot changes in a message that was sent through it are not this person's words.
    """
    open_form = await ctx.open_form()
    if open_form is None or message.is_others:
        return Edit.counts_for_nothing
    is_last = open_form.last_message_id == ctx.origin.message_id
    if is_last and not open_form.previous_values:
        await ctx.close_form(open_form)
        return Edit.begins_anew
    if message.command:
        return Edit.counts_for_nothing
    if not is_last:
        if message.reply_to is not None and not message.reply_to.is_question:
            return Edit.counts_for_nothing
        sent_at, asked_at = message.originally_sent_at, open_form.asked_at
        if sent_at is None or asked_at is None or sent_at < asked_at:
            return Edit.counts_for_nothing
        await _submit_text(ctx, _noted(ctx, open_form), message.text)  # what could not be taken as it was
        return Edit.answers
    await _submit_text(ctx, _noted(ctx, engine.step_back(open_form)), message.text)
    return Edit.answers


def _noted(ctx: Context, open_form: OpenForm) -> OpenForm:
    """The form that remembers which message it was told last."""
    return replace(open_form, last_update_key=ctx.update_key, last_message_id=ctx.origin.message_id)


async def _submit_text(ctx: Context, open_form: OpenForm, text: str) -> None:
    """Text is an answer, or the label of a button."""
    choice = engine.choice_of_label(open_form, text, ctx.form_ctx)
    if choice == CANCEL:
        await _cancel_form(ctx, open_form)
    elif choice is not None:
        transition = engine.submit_choice(open_form, choice, ctx.form_ctx)
        await apply_transition(ctx, transition)
    else:
        searched = await with_found_vendors(ctx, open_form, text)
        searched = await with_found_colleagues(ctx, searched, text)
        await apply_transition(ctx, engine.submit_text(searched, text, ctx.form_ctx))


async def apply_transition(ctx: Context, transition: Transition, message_id: str = "") -> str:
    """Keep and show what a move led to, or do what the form was for."""
    if transition.completed is not None:
        return await _complete(ctx, transition, message_id)
    if transition.error:
        if message_id:
            return transition.error
        await ctx.ask(transition.form, error_text=transition.error)
        return ""
    ended = await _ended_meanwhile(ctx, transition.form)
    if ended:
        resumed = await _end_refused(ctx, transition.form, message_id)
        await ctx.responder.text(press_checks.log_refused_update("rfq_closed", ended))
        if resumed is not None:
            await ctx.ask(resumed)
        return ""
    noted = await form_with_bought(ctx, transition.form)
    await ctx.ask(await ctx.save_form(noted), message_id=message_id)
    return ""


async def _complete(ctx: Context, transition: Transition, message_id: str) -> str:
    assert transition.completed is not None
    try:
        result = await complete_form(ctx, transition.form, transition.completed)
    except ApiInFlight:
        raise
    except (ApiConflict, ApiForbidden, ApiNotFound) as refused:
        kept = kept_after(transition.completed, refused)
        if kept is None or await _ended_meanwhile(ctx, transition.form):
            resumed = await _end_refused(ctx, transition.form, message_id)
            if resumed is not None:
                await ctx.ask(resumed)
        elif kept != transition.completed:
            await ctx.save_form(replace(transition.form, values=kept, last_message_id=""))
        raise
    if result.error:
        await ctx.ask(transition.form, message_id=message_id, error_text=result.error)
        return ""
    if result.changed is not None:
        changed = await ctx.save_form(engine.with_values(transition.form, result.changed))
        await ctx.ask(changed, message_id=message_id, error_text=result.told)
        return ""
    if result.next_form is not None:
        await ctx.close_form(transition.form)
        next_form = await ctx.start_form("quote", result.next_form)
        await ctx.ask(next_form, message_id=message_id, error_text=result.told)
        return ""
    await _show_result(ctx, result, message_id)  # first: the form is still there if the chat does not take it
    resumed = await ctx.close_form(transition.form)
    if resumed is not None:
        await ctx.ask(resumed)
    return result.short_text


async def _end_refused(ctx: Context, open_form: OpenForm, message_id: str) -> OpenForm | None:
    """The form is over, and its last question offers nothing that could only be refused again; the one under it."""
    resumed = await ctx.close_form(open_form)
    if message_id:
        question = AskedQuestion(message_id, open_form.card(ctx.form_ctx))
        await ctx.responder.settle(message_id, question.without_buttons)
    return resumed


async def _ended_meanwhile(ctx: Context, open_form: OpenForm) -> str:
    """Why a vendor's quote can only be refused by now: it is said at the next answer, not after the last one."""
    values = open_form.values
    if not isinstance(values, QuoteValues) or values.vendor_id is not None:
        return ""
    try:
        rfq = await ctx.api.rfqs.show(values.rfq_id)
    except ApiError:
        return ""  # what was answered counts more than to know it early
    return "" if rfq.offers(ActionVerb.quote) else ctx.translate("errors.rfqs.closed", number=rfq.number)


async def _show_result(ctx: Context, result: FormResult, message_id: str) -> None:
    """The outcome takes the place of the form's last question."""
    if result.card is None:
        return
    if message_id:
        await ctx.replace_with(message_id, result.card, result.card_ref)
    else:
        await ctx.show(result.card, result.card_ref)


async def _cancel_form(ctx: Context, open_form: OpenForm, message_id: str = "") -> None:
    resumed = await ctx.close_form(open_form)
    card = Card(_left_text(ctx, open_form.values))
    if message_id:
        await ctx.responder.edit(message_id, card)
    else:
        await ctx.responder.post(card)
    if resumed is not None:
        await ctx.ask(resumed)


def _left_text(ctx: Context, values: Values) -> str:
    """Nothing was sent; what was taken back is a draft until it is submitted again."""
    if isinstance(values, RequestValues) and values.request_id is not None:
        return ctx.translate("forms.request.stays_draft", number=values.number)
    return ctx.translate("forms.cancelled")
