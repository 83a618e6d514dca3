"""What a complete form does: one call, with the person's own token and the form's own key.

One rule: the same form completed twice is the same command.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from api.contract.actions import ActionVerb
from api.contract.amendments import AddVendorsIn, DeadlineIn
from api.contract.attachments import MAX_ATTACHED, AttachIn
from api.contract.requests import RequestOut
from api.text import comma_separated, moment, money
from bots.cards.card import Button, Card, rows_of
from bots.cards.drawing import draw
from bots.cards.press import Op, Press, short_id
from bots.client.errors import (
    ApiConflict,
    ApiForbidden,
    ApiInvalid,
    ApiNotFound,
    ApiProblem,
    ApiStale,
    ApiWrongState,
)
from bots.dialog import rfq_matching
from bots.dialog.context import Context
from bots.dialog.error_text import error_text
from bots.dialog.handlers import delegations, entering, groups, handovers, vendors
from bots.dialog.handlers.preferences import save_preferences
from bots.dialog.origin import CardRef
from bots.dialog.request_card import request_card
from bots.dialog.submit import submit
from bots.forms.binding import BindingValues
from bots.forms.change import ChangeValues
from bots.forms.confirmation import ConfirmationValues
from bots.forms.correction import CorrectionValues
from bots.forms.delegate import DelegateValues
from bots.forms.drop import DropValues
from bots.forms.engine import OpenForm
from bots.forms.form import Values
from bots.forms.handover import HandoverValues
from bots.forms.preferences import PreferencesValues
from bots.forms.quote_values import AttachedFile, QuoteValues
from bots.forms.reason import ReasonValues
from bots.forms.receive import ReceiveValues
from bots.forms.recount import RecountValues
from bots.forms.request_files import RequestFilesValues
from bots.forms.request_values import RequestValues, Resembled, UnusualQuantity
from bots.forms.rfq import RfqValues
from bots.forms.rfq_choice import RfqChoiceValues
from bots.forms.split_values import SplitValues
from bots.forms.vendor_choice import VendorChoiceValues


@dataclass(frozen=True)
class FormResult:
    """What the person sees; ``error`` when a value was wrong and the form stays open; ``changed``: it stays open with
    these values; ``next_form``: the form that opens instead; ``told``: what is said above the question of either."""

    card: Card | None = None
    card_ref: CardRef | None = None
    short_text: str = ""
    error: str = ""
    changed: Values | None = None
    next_form: QuoteValues | None = None
    told: str = ""


async def complete_form(ctx: Context, open_form: OpenForm, values: Values) -> FormResult:
    """Do what this kind of form is for; the form stays open when the contract does not take a value."""
    try:
        return await COMPLETIONS[type(values)](ctx, values, ctx.form_key(open_form))
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        field = " ".join(str(part) for part in first["loc"]).replace("_", " ")
        return FormResult(error=ctx.translate("errors.values", field=field, message=first["msg"]))


def kept_after(values: Values, refused: ApiProblem) -> Values | None:
    """What the form goes on with after a refusal; None: it ends.

    It ends when the thing that it is about is over, not this person's or another than what was shown, and when it is
    one sentence; a new request is about none. Line by line, what was typed is sent for the thing as it is now, once
    the person has read that it changed and presses again.
    """
    if isinstance(values, RequestValues) and values.request_id is None:
        return values
    if isinstance(refused, ApiStale) and isinstance(values, ReceiveValues | RecountValues | ChangeValues):
        current = refused.problem.facts.get("current")
        return values.model_copy(update={"version": current}) if isinstance(current, int) else None
    ended = isinstance(refused, ApiStale | ApiWrongState | ApiForbidden | ApiNotFound)
    return None if ended or isinstance(values, ReasonValues) else values


class Earlier(BaseModel):
    """What the API says about a request that resembles earlier ones."""

    model_config = ConfigDict(extra="ignore")

    earlier: list[Resembled]


async def _unusual(ctx: Context, values: RequestValues) -> list[UnusualQuantity]:
    """The lines that ask for several times what is usual."""
    found = []
    for line in values.body().lines:
        told = await ctx.api.findings.usual_quantity(
            description=line.description, unit=line.unit, quantity=f"{line.quantity:f}"
        )
        if told.usual is not None:
            found.append(
                UnusualQuantity(
                    quantity=line.quantity, unit=line.unit, usual=told.usual, n=told.n, since=told.since
                )
            )
    return found


async def _attach(ctx: Context, request: RequestOut, files: Sequence[AttachedFile], key: str) -> None:
    """The files of a request that is submitted already: it stays so, whatever is said about them."""
    for start in range(0, len(files), MAX_ATTACHED):
        some = AttachIn(document_ids=tuple(file.id for file in files[start : start + MAX_ATTACHED]))
        try:
            await ctx.api.requests.attach(request.id, some, key=f"{key}{start or ''}")
        except ApiInvalid as refused:
            await ctx.responder.text(error_text(refused, ctx.locale))
            return


async def _request(ctx: Context, values: RequestValues, key: str) -> FormResult:
    if not values.questioned:
        unusual = await _unusual(ctx, values)
        values = values.model_copy(update={"unusual": unusual, "questioned": True})
        if unusual:
            return FormResult(changed=values)
    try:
        if values.request_id is not None:
            request = await ctx.api.requests.edit(values.request_id, values.correction(), key=key)
        else:
            request = await ctx.api.requests.create(values.body(), key=key)
    except ApiConflict as conflict:
        if conflict.code != "requests.resembles":
            raise
        earlier = Earlier.model_validate(conflict.problem.facts).earlier
        return FormResult(changed=values.model_copy(update={"resembled": earlier}))
    if values.files:
        await _attach(ctx, request, values.files, f"{key}:files")
        request = await ctx.api.requests.show(request.id)
    kind = request_card(ctx, request)
    card_ref = CardRef(kind, "request", request.id, request.version)
    card = draw(kind, request, ctx.viewer)
    return FormResult(card, card_ref, ctx.translate("forms.request.submitted", number=request.number))


async def _quote(ctx: Context, values: QuoteValues, key: str) -> FormResult:
    if values.vendor_id is not None:
        return await _entered_quote(ctx, values, values.vendor_id, key)
    quote = await ctx.api.quotes.quote(values.body(), key=key)
    text = ctx.translate(
        "forms.quote.sent",
        number=quote.number,
        rfq=quote.rfq_number,
        total=money(quote.total, quote.currency, ctx.locale),
    )
    return FormResult(Card(text), short_text=text)


async def _entered_quote(ctx: Context, values: QuoteValues, vendor_id: UUID, key: str) -> FormResult:
    """With a button for a slip: until the RFQ closes it can be entered once more."""
    quote = await ctx.api.quotes.enter(values.entered(), key=key)
    total = money(quote.total, quote.currency, ctx.locale)
    facts = {"number": quote.number, "rfq": quote.rfq_number, "vendor": quote.vendor_name, "total": total}
    text = ctx.translate("forms.enter.sent", **facts)
    rfq = await ctx.api.rfqs.show(quote.rfq_id)
    press = Press(Op.enter_quote, rfq.id, rfq.version, short_id(vendor_id))
    again = (
        (Button(ctx.translate("buttons.enter_again"), press),) if rfq.offers(ActionVerb.enter_quote) else ()
    )
    return FormResult(Card(text, buttons=rows_of(*again)), short_text=text)


async def _choose_vendor(ctx: Context, values: VendorChoiceValues, key: str) -> FormResult:
    """The vendor is known now: the form of its quote opens with what was held."""
    if values.chosen is None:
        return FormResult(error=ctx.translate("forms.press_a_button"))
    await ctx.api.quotes.check_entry(values.rfq_id, values.chosen)
    form = entering.quote_for(ctx, await ctx.api.rfqs.show(values.rfq_id), values.chosen)
    form = form.model_copy(update={"files": values.files})
    filled, told = entering.with_text(ctx, form, values.text)
    return FormResult(next_form=filled, told=told)


async def _confirmation(ctx: Context, values: ConfirmationValues, key: str) -> FormResult:
    order = await ctx.api.orders.acknowledge_for(values.order_id, values.body(), key=key)
    text = ctx.translate("forms.confirmation.sent", number=order.number, vendor=order.vendor_name)
    return FormResult(Card(text), short_text=text)


async def _request_files(ctx: Context, values: RequestFilesValues, key: str) -> FormResult:
    await ctx.api.requests.attach(values.request_id, values.body(), key=key)
    where = "inside" if values.inside else "sent"
    names = comma_separated((file.name for file in values.files), ctx.locale)
    text = ctx.translate(f"forms.attach.{where}", number=values.number, files=names)
    return FormResult(Card(text), short_text=text)


async def _rfq(ctx: Context, values: RfqValues, key: str) -> FormResult:
    if values.rfq_id is not None:
        return await _amend_rfq(ctx, values, values.rfq_id, key)
    rfq = await ctx.api.requests.ask_vendors(values.request_id, values.body(), key=key)
    text = ctx.translate(
        "forms.rfq.sent",
        number=rfq.number,
        vendors=comma_separated((each.vendor_name for each in rfq.invitations), ctx.locale),
        moment=moment(rfq.quote_by, ctx.locale, ctx.me.zone),
    )
    links = await vendors.links_to_hand_over(ctx, rfq.id, rfq.invitations)
    return FormResult(Card(text, facts=links), short_text=text)


async def _amend_rfq(ctx: Context, values: RfqValues, rfq_id: UUID, key: str) -> FormResult:
    """Another deadline, or more vendors."""
    if values.quote_by is not None:
        deadline = DeadlineIn.model_validate(
            {"quote_by": values.quote_by, "expected_version": values.version}
        )
        rfq = await ctx.api.amendments.move_deadline(rfq_id, deadline, key=key)
        until = moment(rfq.quote_by, ctx.locale, ctx.me.zone)
        text = ctx.translate("forms.rfq.deadline_moved", number=rfq.number, moment=until)
        return FormResult(Card(text), short_text=text)
    more = AddVendorsIn.model_validate({"vendor_ids": values.chosen, "expected_version": values.version})
    rfq = await ctx.api.amendments.add_vendors(rfq_id, more, key=key)
    added = [each for each in rfq.invitations if each.vendor_id in values.chosen]
    names = comma_separated((each.vendor_name for each in added), ctx.locale)
    text = ctx.translate("forms.rfq.vendors_added", number=rfq.number, vendors=names)
    return FormResult(Card(text, facts=await vendors.links_to_hand_over(ctx, rfq.id, added)), short_text=text)


async def _correction(ctx: Context, values: CorrectionValues, key: str) -> FormResult:
    rfq = await ctx.api.amendments.correct(values.rfq_id, values.body(), key=key)
    text = ctx.translate("forms.correct_rfq.sent", number=rfq.number, revision=str(rfq.revision))
    return FormResult(Card(text), short_text=text)


async def _split(ctx: Context, values: SplitValues, key: str) -> FormResult:
    rfq = await ctx.api.awards.split(values.rfq_id, values.body(), key=key)
    text = ctx.translate("forms.split.sent", number=rfq.number, n=str(len(values.shares())))
    return FormResult(Card(text), short_text=text)


async def _drop(ctx: Context, values: DropValues, key: str) -> FormResult:
    request = await ctx.api.requests.drop_lines(values.request_id, values.body(), key=key)
    card = draw(request_card(ctx, request), request, ctx.viewer)
    card_ref = CardRef(request_card(ctx, request), "request", request.id, request.version)
    return FormResult(card, card_ref, ctx.translate("forms.drop.done", number=request.number))


async def _receive(ctx: Context, values: ReceiveValues, key: str) -> FormResult:
    order = await ctx.api.orders.receive(values.order_id, values.body(), key=key)
    text = ctx.translate("forms.receive.recorded", number=order.number)
    return FormResult(Card(text), short_text=text)


async def _recount(ctx: Context, values: RecountValues, key: str) -> FormResult:
    orders = ctx.api.orders
    if values.receipt_id is not None:
        body = values.correction()
        order = await orders.correct(values.order_id, values.receipt_id, body, key=key)
    else:
        order = await orders.return_goods(values.order_id, values.goods_return(), key=key)
    text = ctx.translate(f"forms.{values.kind.value}.sent", number=order.number)
    return FormResult(Card(text), short_text=text)


async def _change(ctx: Context, values: ChangeValues, key: str) -> FormResult:
    order = await ctx.api.orders.change(values.order_id, values.body(), key=key)
    text = ctx.translate("forms.change.sent", number=order.number)
    return FormResult(Card(text), short_text=text)


async def _choose_rfq(ctx: Context, values: RfqChoiceValues, key: str) -> FormResult:
    """The RFQ is known now: its form opens with what was held; one that has closed since is no choice any more."""
    if values.chosen is None:
        return FormResult(error=ctx.translate("forms.press_a_button"))
    rfq = await ctx.api.rfqs.show(values.chosen)
    if rfq.offers(ActionVerb.quote):
        filled, told = await rfq_matching.filled_quote(ctx, rfq, values.text, values.files)
        return FormResult(next_form=filled, told=told)
    closed = ctx.translate("errors.rfqs.closed", number=rfq.number)
    others = [each for each in values.options if each.id != rfq.id]
    if not others:
        return FormResult(Card(closed), short_text=closed)
    return FormResult(changed=values.model_copy(update={"options": others, "chosen": None}), told=closed)


async def _reason(ctx: Context, values: ReasonValues, key: str) -> FormResult:
    card, short_text, card_ref = await submit(ctx, values, key)
    return FormResult(card, card_ref, short_text)


async def _preferences(ctx: Context, values: PreferencesValues, key: str) -> FormResult:
    text = await save_preferences(ctx, values.body(), key)
    return FormResult(Card(text), short_text=text)


async def _delegate(ctx: Context, values: DelegateValues, key: str) -> FormResult:
    return FormResult(await delegations.create_delegation(ctx, values, key))


async def _hand_over(ctx: Context, values: HandoverValues, key: str) -> FormResult:
    card = await handovers.hand_over(ctx, values, key)
    return FormResult(card, short_text=card.title)


async def _binding(ctx: Context, values: BindingValues, key: str) -> FormResult:
    text = await groups.bind_group(ctx, values, key)
    return FormResult(Card(text), short_text=text)


COMPLETIONS: Mapping[type[Values], Callable[[Context, Any, str], Awaitable[FormResult]]] = MappingProxyType(
    {
        RequestValues: _request,
        QuoteValues: _quote,
        ReasonValues: _reason,
        ReceiveValues: _receive,
        RecountValues: _recount,
        ChangeValues: _change,
        RfqValues: _rfq,
        RfqChoiceValues: _choose_rfq,
        CorrectionValues: _correction,
        SplitValues: _split,
        PreferencesValues: _preferences,
        DelegateValues: _delegate,
        HandoverValues: _hand_over,
        BindingValues: _binding,
        DropValues: _drop,
        VendorChoiceValues: _choose_vendor,
        ConfirmationValues: _confirmation,
        RequestFilesValues: _request_files,
    }
)
"""What each form becomes when it is complete; the key makes it the same command when it is sent twice."""
