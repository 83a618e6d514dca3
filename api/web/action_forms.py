"""What may be done with a thing on its page: one row per action, drawn as a form and run by the API's own route.

One rule: a form is offered exactly where the contract model offers the action, and does what the API's route does.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.contract import amendments as am
from api.contract import approvals as a
from api.contract import awards as aw
from api.contract import comments as c
from api.contract import entries as en
from api.contract import orders as o
from api.contract import requests as r
from api.contract.actions import Actionable
from api.language import parse_quantity
from api.language.readings import Ambiguous, NotUnderstood, ParseIssue, Quantity
from api.server.errors import field_error
from api.server.routes import (
    amendments,
    approvals,
    awards,
    comments,
    entries,
    order_changes,
    orders,
    receipts,
    requests,
)
from api.text import reading as text_reading
from api.text import translate
from api.web.typed_numbers import whole
from api.web.visitors import Visitor
from core.kernel.actions import ActionVerb as V
from core.kernel.errors import FieldError, Invalid, NotFound, invalid

Handler = Callable[..., Awaitable[Response]]
Form = Mapping[str, str]


@dataclass(frozen=True)
class ActionRow:
    """How one action of one kind of thing is drawn and run.

    ``asks`` is the field in which the person writes; with a ``verdict`` the subject goes into the body.
    """

    handler: Handler
    model: type[BaseModel]
    label: str
    asks: str = ""
    optional: bool = False
    lines: bool = False
    verdict: str = ""
    primary: bool = False


ACTIONS: Mapping[tuple[str, V], ActionRow] = {
    ("request", V.submit): ActionRow(requests.submit, r.SubmitIn, "buttons.submit", primary=True),
    ("request", V.take_back): ActionRow(requests.take_back, r.TakeBackIn, "web.do.take_back"),
    ("request", V.withdraw): ActionRow(
        requests.withdraw, r.WithdrawIn, "web.do.withdraw", "reason", optional=True
    ),
    ("request", V.reject): ActionRow(requests.reject, r.RejectIn, "web.do.reject_request", "reason"),
    ("request", V.cancel): ActionRow(requests.cancel, r.CancelIn, "web.do.cancel_request", "reason"),
    ("rfq", V.close): ActionRow(awards.close, aw.CloseIn, "buttons.close_rfq", primary=True),
    ("rfq", V.cancel): ActionRow(amendments.cancel, am.CancelRfqIn, "web.do.cancel_rfq", "reason"),
    ("rfq", V.split_award): ActionRow(awards.split, aw.SplitIn, "web.do.split_award", "reason"),
    ("quote", V.propose): ActionRow(awards.propose, aw.ProposeIn, "web.do.propose", "reason"),
    ("approval", V.approve): ActionRow(
        approvals.decide, a.DecisionIn, "buttons.approve", verdict="approve", primary=True
    ),
    ("approval", V.reject): ActionRow(
        approvals.decide, a.DecisionIn, "buttons.reject_now", "comment", verdict="reject"
    ),
    ("approval", V.reject_request): ActionRow(
        approvals.decide, a.DecisionIn, "web.do.reject_request", "comment", verdict="reject_request"
    ),
    ("approval", V.ask): ActionRow(approvals.decide, a.DecisionIn, "web.do.ask", "comment", verdict="ask"),
    ("approval", V.undo): ActionRow(approvals.decide, a.DecisionIn, "web.do.undo", verdict="undo"),
    ("approval", V.answer): ActionRow(approvals.answer, a.AnswerIn, "web.do.answer", "text", primary=True),
    ("order", V.acknowledge): ActionRow(
        orders.acknowledge, o.AcknowledgeIn, "buttons.acknowledge", primary=True
    ),
    ("order", V.refuse): ActionRow(orders.refuse, o.OrderReasonIn, "web.do.refuse", "reason"),
    ("order", V.acknowledge_for): ActionRow(
        entries.enter_acknowledgement, en.EnterAcknowledgementIn, "web.do.acknowledge_for", "note"
    ),
    ("order", V.accept): ActionRow(
        order_changes.accept, o.OrderVersionIn, "buttons.accept_change", primary=True
    ),
    ("order", V.decline): ActionRow(order_changes.decline, o.OrderReasonIn, "web.do.decline", "reason"),
    ("order", V.withdraw): ActionRow(order_changes.take_back, o.OrderVersionIn, "buttons.take_back_change"),
    ("order", V.call_off): ActionRow(order_changes.call_off, o.OrderReasonIn, "web.do.call_off", "reason"),
    ("order", V.receive): ActionRow(
        receipts.receive, o.ReceiptIn, "web.do.receive", "note", optional=True, lines=True, primary=True
    ),
    ("order", V.close_short): ActionRow(
        receipts.close_short, o.OrderReasonIn, "web.do.close_short", "reason"
    ),
    ("order", V.cancel): ActionRow(orders.cancel, o.CancelOrderIn, "web.do.cancel_order", "reason"),
}
COMMENT = ActionRow(comments.comment, c.CommentIn, "web.do.comment", "text")
AMBIGUOUS = "decimal.ambiguous"
"""Its sentence names the readings and is made here, so no other is kept for it."""
CHOICE, ALTERNATIVE = "choice.", "+"
"""``choice.<line>`` is a quote's id, with ``+`` when its alternative is meant."""
LABELS = {"reason": "fields.reason", "comment": "fields.reason", "text": "fields.text", "note": "fields.note"}


@dataclass(frozen=True)
class OfferedAction:
    """One action as its form is drawn."""

    kind: str
    verb: str
    row: ActionRow
    subject: UUID
    version: int | None
    quote: UUID | None = None

    @property
    def name(self) -> str:
        """Which form this is, so that a refused one is found again."""
        return f"{self.kind}-{self.verb}-{self.quote or self.subject}"

    @property
    def needs_words(self) -> bool:
        return bool(self.row.asks) or self.row.lines

    @property
    def field_label(self) -> str:
        return LABELS[self.row.asks]


def offered(kind: str, thing: Actionable, subject: UUID, version: int | None) -> tuple[OfferedAction, ...]:
    """The forms of what this reader may do with a thing now."""
    found = (
        OfferedAction(kind, action.verb.value, ACTIONS[kind, action.verb], subject, version)
        for action in thing.actions
        if (kind, action.verb) in ACTIONS
    )
    return tuple(sorted(found, key=lambda each: not each.row.primary))


def in_the_chat(kind: str, *things: Actionable) -> bool:
    """Whether something may be done that needs more than a page's form: that is done in the chat."""
    return any((kind, action.verb) not in ACTIONS for thing in things for action in thing.actions)


async def run(visitor: Visitor, kind: str, verb: str) -> None:
    """Do what a form says; the form's own number makes the second press harmless."""
    form = visitor.typed
    row = COMMENT if (kind, verb) == ("request", "comment") else _row(kind, verb)
    subject = _id(form.get("subject", ""))
    places, body = _body(visitor, row, subject)
    call = visitor.call(form.get("nonce") or None, await visitor.request.body())
    if call.key is not None and not (call.key.isascii() and call.key.isprintable() and len(call.key) <= 200):
        raise NotFound(what="path")
    try:
        if row.verdict:
            await row.handler(call, body=body)
        else:
            await row.handler(call, id=subject, body=body)
    except Invalid as error:
        raise Invalid(
            tuple(replace(each, field=_in_form(each.field, places)) for each in error.errors)
        ) from error


def _row(kind: str, verb: str) -> ActionRow:
    try:
        return ACTIONS[kind, V(verb)]
    except (KeyError, ValueError) as error:
        raise NotFound(what="path") from error


def _body(visitor: Visitor, row: ActionRow, subject: UUID) -> tuple[list[int], BaseModel]:
    """The contract's body from the fields of the form, and where its lines stand in the form."""
    form, values = visitor.typed, dict[str, Any]()
    if row.asks and (form.get(row.asks, "").strip() or not row.optional):
        values[row.asks] = form.get(row.asks, "")
    if form.get("version"):
        values["expected_version"] = whole(form["version"])
    if row.verdict:
        values |= {"verb": row.verdict, "approval_id": subject}
    if row.model is aw.ProposeIn:
        values["quote_id"] = form.get("quote", "")
    if row.model is aw.SplitIn:
        values |= _choices(form)
    places: list[int] = []
    if row.lines:
        places, values["lines"] = _lines(form, visitor.phrases.locale)
    if row.model in (a.AnswerIn, c.CommentIn):
        values.pop("expected_version", None)
    try:
        return places, row.model.model_validate(values)
    except ValidationError as error:
        told = (field_error(each, "body") for each in error.errors())
        raise Invalid(tuple(replace(each, field=_in_form(each.field, places)) for each in told)) from error


def _choices(form: Form) -> dict[str, Any]:
    """Who gets each line: a quote, a quote with its alternative, or nobody."""
    chosen = {name.removeprefix(CHOICE): value for name, value in form.items() if name.startswith(CHOICE)}
    return {
        "lines": [
            {
                "rfq_line_id": line,
                "quote_id": value.removesuffix(ALTERNATIVE),
                "alternative": value.endswith(ALTERNATIVE),
            }
            for line, value in chosen.items()
            if value
        ],
        "left_out": [line for line, value in chosen.items() if not value],
    }


def _in_form(field: str, places: list[int]) -> str:
    """``/lines/0/accepted`` of the body is another line of the form when lines before it were left empty."""
    words = field.split("/")
    if len(words) > 2 and words[1] == "lines" and words[2].isdecimal() and int(words[2]) < len(places):
        words[2] = str(places[int(words[2])])
    return "/".join(words)


def _lines(form: Form, locale: str) -> tuple[list[int], list[dict[str, Any]]]:
    """The lines in which something was written, and which places they have in the form."""
    places, found = [], []
    for place in range(200):
        line_id = form.get(f"lines.{place}.line_id")
        if line_id is None:
            break
        told = {name: form.get(f"lines.{place}.{name}", "").strip() for name in ("accepted", "rejected")}
        if any(told.values()):
            counts = {
                name: _count(text or "0", f"/lines/{place}/{name}", locale) for name, text in told.items()
            }
            places.append(place)
            found.append({"line_id": line_id, **counts})
    if not found:
        raise invalid("/lines/0/accepted", "decimal.unreadable", "how many arrived?", "3")
    return places, found


def _count(text: str, field: str, locale: str) -> Decimal:
    """A number as people of this locale write it; none is guessed."""
    reading = parse_quantity(text, locale)
    if isinstance(reading, Quantity):
        return reading.value
    if isinstance(reading, NotUnderstood) and reading.why is ParseIssue.zero:
        return Decimal(0)
    if isinstance(reading, Ambiguous):
        named = [text_reading(each, locale) for each in reading.readings]
        which = translate("errors.fields.ambiguous", locale, text=text, readings=named)
        raise Invalid((FieldError(field, AMBIGUOUS, which, "3"),))
    raise invalid(field, "decimal.unreadable", "this is not a decimal number", "3")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="path") from error


def by_line(rfq_id: UUID, version: int | None, comparison: Actionable) -> OfferedAction | None:
    """The form in which each line gets its vendor, where that may be chosen."""
    if not comparison.offers(V.split_award):
        return None
    row = ACTIONS["rfq", V.split_award]
    return OfferedAction("rfq", V.split_award.value, row, rfq_id, version)


def proposals(rfq_id: UUID, version: int | None, quotes: Iterable[Any]) -> dict[UUID, OfferedAction]:
    """For each quote that may be proposed, its form."""
    row = ACTIONS["quote", V.propose]
    return {
        each.quote_id: OfferedAction("quote", V.propose.value, row, rfq_id, version, each.quote_id)
        for each in quotes
        if each.offers(V.propose)
    }
