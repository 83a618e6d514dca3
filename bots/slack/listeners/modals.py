"""Modals: added lines, submitted forms, the review, and the code that links an account.

One rule: an error stands under its field and no input is lost; what is done closes every modal.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.contract.values import MAX_FILE_SIZE
from api.text import translate
from bots.cards.sending import Gone
from bots.client.errors import ApiConflict, ApiForbidden, ApiInFlight, ApiNotFound
from bots.dialog import completion, registry
from bots.dialog.bought_search import form_with_bought
from bots.dialog.colleague_search import with_found_colleagues
from bots.dialog.context import Context, UnlinkedContext
from bots.dialog.error_text import error_text
from bots.dialog.message import DownloadFailed, FileTooLarge, IncomingMessage
from bots.dialog.vendor_search import with_found_vendors
from bots.forms.engine import OpenForm
from bots.forms.form import REVIEW, TEXT, Completed, FieldErrors, Rejected, Values
from bots.forms.quote_values import with_more
from bots.slack import views
from bots.slack.files import SlackFiles
from bots.slack.modal_context import OpenModal, continue_in_chat, with_thread
from bots.slack.outbound import reason_of
from bots.slack.payloads import Interaction, ViewPayload
from bots.slack.processor import SlackUpdate, UpdateProcessor
from bots.slack.replies import UNDELIVERED, ReplyTarget, in_dm
from bots.slack.views import View, ViewMetadata

log = structlog.get_logger()

AckBody = dict[str, object]


@dataclass(frozen=True)
class ModalResult:
    """What Slack is answered; ``late_view`` is shown instead when that answer would come too late."""

    ack_body: AckBody
    late_view: View | None = None
    form: OpenForm | None = None
    """What is still to be filled or sent, in case the modal cannot show it."""


CLOSED_ALL = ModalResult({"response_action": "clear"})


class ModalListeners:
    """The listeners over one processor."""

    def __init__(self, processor: UpdateProcessor, files: SlackFiles) -> None:
        self._processor = processor
        self._files = files

    async def add_line(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """One line more; what stands in the others stays where it is, or is kept when a page is full."""
        interaction = Interaction.model_validate(body)
        update = _slack_update(interaction)
        meta = ViewMetadata.read(interaction.view.private_metadata)
        modal = OpenModal(self._processor.outbound, update.external_id, interaction.view.id)

        async def work(unlinked: UnlinkedContext) -> str:
            ctx, open_form = await self._open_form(unlinked, interaction)
            if open_form is None:
                return ctx.translate("forms.closed")
            errors: tuple[str, ...] = ()
            lines = meta.lines + 1
            if open_form.fields(ctx.form_ctx, meta.lines).is_full:
                match open_form.read_page(interaction.view.field_values(), ctx.form_ctx):
                    case FieldErrors(errors=wrong):
                        lines, errors = meta.lines, tuple(wrong.values())
                    case values:
                        open_form = await ctx.save_form(replace(open_form, values=values))
            with contextlib.suppress(Gone):
                await modal.show(views.form(open_form, ctx.form_ctx, meta.thread, lines, errors))
            return ""

        targets = self._error_targets(modal, update, interaction)
        text = await self._processor.handle(update, work, *targets)
        if text:
            await self._processor.reply(update, text, *targets)
        await ack()

    async def form_submitted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A form was sent."""
        await self._submit(ack, Interaction.model_validate(body), self._submit_form)

    async def review_submitted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The review was sent."""
        await self._submit(ack, Interaction.model_validate(body), self._submit_review)

    async def code_submitted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A code was entered: both identities are named in the private chat, a button there links them."""
        await self._submit(ack, Interaction.model_validate(body), self._submit_code)

    async def _submit(
        self,
        ack: AsyncAck,
        interaction: Interaction,
        do: Callable[[UnlinkedContext, Interaction], Awaitable[ModalResult]],
    ) -> None:
        """Answer Slack; when that is too early, with a sentence, and the outcome replaces it later."""
        update = _slack_update(interaction)
        modal = OpenModal(self._processor.outbound, update.external_id, interaction.view.id)
        result, in_time = ModalResult({}), True

        async def work(unlinked: UnlinkedContext) -> str:
            nonlocal result
            result = await do(unlinked, interaction)
            if not in_time:
                await self._show_late(unlinked, modal, result)
            return ""

        text = await self._processor.handle(update, work, *self._error_targets(modal, update, interaction))
        in_time, locale = text is not None, self._processor.locale(update)
        if text is None:
            result = _with_view(views.text(translate("errors.still_working", locale), locale))
        elif text:
            result = _with_error(text, interaction, locale)
        await ack(**result.ack_body)  # type: ignore[arg-type]

    async def _show_late(self, unlinked: UnlinkedContext, modal: OpenModal, result: ModalResult) -> None:
        """The outcome, after Slack was answered; an open form goes on in the chat when the modal is gone."""
        ctx = await self._processor.context(unlinked)
        late_view = result.late_view or views.text(ctx.translate("slack.answered_in_dm"), ctx.locale)
        try:
            await modal.show(late_view)
        except UNDELIVERED as error:
            log.info("modal.not_shown", why=reason_of(error))
            if result.form is not None:
                await continue_in_chat(ctx, result.form)

    def _error_targets(
        self, modal: OpenModal, update: SlackUpdate, interaction: Interaction
    ) -> tuple[ReplyTarget, ReplyTarget]:
        """Where an error is shown: above what was entered, else in the private chat."""

        async def above(text: str) -> None:
            locale = self._processor.locale(update)
            await modal.change(views.with_error(interaction.view, text) or views.text(text, locale))

        return above, in_dm(self._processor.outbound, update.external_id)

    async def _submit_form(self, unlinked: UnlinkedContext, interaction: Interaction) -> ModalResult:
        ctx, open_form = await self._open_form(unlinked, interaction)
        if open_form is None:
            return _form_closed(ctx)
        meta = ViewMetadata.read(interaction.view.private_metadata)
        answers = interaction.view.field_values()
        open_form = await with_found_vendors(ctx, open_form, answers.get(TEXT, ""))
        name = answers.get("on_behalf_of", "")
        open_form = await with_found_colleagues(ctx, open_form, answers.get(TEXT, ""), name)
        match open_form.read_fields(answers, ctx.form_ctx):
            case FieldErrors(values, errors):
                return _with_field_errors(ctx, replace(open_form, values=values), errors, meta.lines)
            case Rejected(text):
                errors = {open_form.fields(ctx.form_ctx).first_field: text}
                return _with_field_errors(ctx, open_form, errors, meta.lines)
            case Completed(values):
                try:
                    whole = await self._with_files(ctx, values, interaction.view)
                except (FileTooLarge, DownloadFailed) as lost:
                    filled = replace(open_form, values=values)
                    return _with_field_errors(ctx, filled, _file_error(ctx, lost, interaction.view))
                return await self._complete_form(ctx, open_form, whole)
            case values:
                noted = await form_with_bought(ctx, replace(open_form, values=values))
                saved = await ctx.save_form(noted)
                return _next_view(ctx, saved, meta.thread)

    async def _with_files(self, ctx: Context, values: Values, view: ViewPayload) -> Values:
        """With what was chosen in the modal's field for files; a second press uploads nothing twice."""
        with_files: Any = values
        for index, file in enumerate(await self._files.of(ctx.origin.chat_id, view.files)):
            key = ctx.command_key(f"file{index or ''}")
            stored = await ctx.api.documents.upload(await file.download(), key=key)
            together = with_more(with_files.files, [stored])
            with_files = with_files.model_copy(update={"files": together})
        completed: Values = with_files
        return completed

    async def _submit_review(self, unlinked: UnlinkedContext, interaction: Interaction) -> ModalResult:
        ctx, open_form = await self._open_form(unlinked, interaction)
        if open_form is None:
            return _form_closed(ctx)
        result = await self._complete_form(ctx, open_form, open_form.values)
        return (
            _with_view(result.late_view) if result.late_view is not None else result
        )  # a review has no fields

    async def _submit_code(self, unlinked: UnlinkedContext, interaction: Interaction) -> ModalResult:
        code = interaction.view.field_values().get("code", "")
        await registry.UNLINKED_COMMANDS["start"].handler(unlinked, IncomingMessage.parse(f"/start {code}"))
        return ModalResult({})

    async def _open_form(
        self, unlinked: UnlinkedContext, interaction: Interaction
    ) -> tuple[Context, OpenForm | None]:
        """The form behind the modal, as its owner's row; somebody else's metadata opens nothing."""
        meta = ViewMetadata.read(interaction.view.private_metadata)
        ctx = with_thread(await self._processor.context(unlinked), meta.thread)
        open_form = await ctx.open_form() if meta.thread else None
        if open_form is None:
            log.info("update.refused", code="form_closed")
        return ctx, open_form

    async def _complete_form(self, ctx: Context, open_form: OpenForm, values: Values) -> ModalResult:
        """Do what the form is for; the outcome goes to the private chat."""
        try:
            result = await completion.complete_form(ctx, open_form, values)
        except ApiInFlight:
            raise
        except (ApiConflict, ApiForbidden, ApiNotFound) as refused:
            text = error_text(refused, ctx.locale)
            kept = completion.kept_after(values, refused)
            if kept is not None:
                filled = await ctx.save_form(replace(open_form, values=kept))
                return _with_field_errors(ctx, filled, {filled.fields(ctx.form_ctx).first_field: text})
            await ctx.close_form(open_form)
            return _with_view(views.text(text, ctx.locale))
        if result.error:
            filled = replace(open_form, values=values)
            errors = {filled.fields(ctx.form_ctx).first_field: result.error}
            return _with_field_errors(ctx, filled, errors)
        if result.changed is not None:
            changed = await ctx.save_form(replace(open_form, values=result.changed))
            anyway = ctx.translate("buttons.submit_anyway")
            card = changed.card(ctx.form_ctx)
            review = views.review(card, ctx.form_ctx, ctx.origin.thread_id, anyway)
            return replace(_with_view(review), form=changed)
        await ctx.close_form(open_form)
        return await _show_in_chat(ctx, result)


async def _show_in_chat(ctx: Context, result: completion.FormResult) -> ModalResult:
    """In the private chat; where Slack takes no message, the modal says that it is done."""
    if result.card is None:
        return CLOSED_ALL
    try:
        await ctx.show(result.card, result.card_ref)
    except UNDELIVERED as error:
        log.warning("card.not_shown", why=reason_of(error))
        return _with_view(views.text(result.short_text or result.card.title, ctx.locale))
    return CLOSED_ALL


def _next_view(ctx: Context, open_form: OpenForm, thread: str) -> ModalResult:
    """Everything to be reviewed, over the form; or what is asked next, in its place."""
    if open_form.step == REVIEW:
        review = views.review(open_form.card(ctx.form_ctx), ctx.form_ctx, thread)
        return ModalResult({"response_action": "push", "view": review}, review, open_form)
    view = views.form(open_form, ctx.form_ctx, thread)
    return replace(_with_view(view), form=open_form)


def _file_error(ctx: Context, lost: FileTooLarge | DownloadFailed, view: ViewPayload) -> dict[str, str]:
    """What became of a file, under the field in which it was chosen."""
    field = next(
        block for block, fields in view.state.values.items() if any(each.files for each in fields.values())
    )
    if isinstance(lost, FileTooLarge):
        return {field: ctx.translate("errors.too_large", limit=MAX_FILE_SIZE)}
    return {field: ctx.translate("forms.quote.file_lost")}


def _with_field_errors(
    ctx: Context, open_form: OpenForm, errors: Mapping[str, str], lines: int = 1
) -> ModalResult:
    """The form as it was filled, with its errors."""
    view = views.form(open_form, ctx.form_ctx, ctx.origin.thread_id, lines, tuple(errors.values()))
    return ModalResult(views.errors(errors), view, open_form)


def _with_error(text: str, interaction: Interaction, locale: str) -> ModalResult:
    """Under the first field, so that what was entered stays; a view without fields is replaced by it."""
    field = interaction.view.first_field
    return ModalResult(views.errors({field: text})) if field else _with_view(views.text(text, locale))


def _with_view(view: View) -> ModalResult:
    """Other contents in place of what was sent."""
    return ModalResult({"response_action": "update", "view": view}, view)


def _form_closed(ctx: Context) -> ModalResult:
    return _with_view(views.text(ctx.translate("forms.closed"), ctx.locale))


def _slack_update(interaction: Interaction) -> SlackUpdate:
    return SlackUpdate(interaction.team_id, interaction.user.id, interaction.trigger_id)
