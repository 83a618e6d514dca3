"""Every verb tried on every object of one purchase by everybody, each in a transaction that is rolled back.

One rule: an offered action is accepted, and an action that is not offered is refused.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import wraps
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor
from core.access.guard import check_permission
from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import AddVendors, CancelRfq, ConfirmQuote, CorrectRfq, MoveDeadline
from core.approvals.repo import load as load_approval
from core.approvals.states import Verdict
from core.approvals.tables import approvals
from core.awards import queries as award_queries
from core.awards import service as awards
from core.awards.commands import CloseRfq, ProposeQuote
from core.awards.policy import price_of
from core.clarifications import repo as clarification_repo
from core.clarifications import service as clarifications
from core.clarifications.commands import AnswerRfqQuestion, AskRfqQuestion
from core.clarifications.model import RfqQuestion
from core.completions import service as completions
from core.completions.commands import AskToComplete
from core.db.pages import PageQuery
from core.decisions import queries as approval_queries
from core.decisions import service as decisions
from core.decisions.commands import AnswerQuestion, Decide
from core.entries import service as entries
from core.entries.commands import EnterAcknowledgement, EnterQuote
from core.invitations import queries as rfq_queries
from core.kernel.actions import Action, ActionVerb
from core.kernel.errors import DomainError, ErrorKind, NotFound, Refused
from core.kernel.ids import ApprovalId, OrderId, PersonId, QuoteId, RequestId, new_id
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.order_changes import service as changes
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    DeclineChange,
    ProposeChange,
    TakeBackChange,
)
from core.orders import queries as order_queries
from core.orders import repo as order_repo
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, CancelOrder, RefuseOrder
from core.orders.model import Order
from core.orders.tables import purchase_orders
from core.people import repo as people_repo
from core.people.model import Person
from core.purchases import request_queries
from core.quotes import queries as quote_queries
from core.quotes import repo as quote_repo
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.quotes.model import Quote, QuoteFilter
from core.quotes.policy import version_for
from core.quotes.states import LIVE_QUOTE, QuoteState
from core.reassignments import service as reassignments
from core.reassignments.commands import ForwardStep, ReassignStep
from core.receipts import service as receipts
from core.receipts.commands import (
    CloseShort,
    CorrectReceipt,
    ReceivedLine,
    ReceiveGoods,
    ReturnedLine,
    ReturnGoods,
)
from core.receipts.tables import receipts as receipts_table
from core.rejections import service as rejections
from core.rejections.commands import RejectRequest
from core.removals import service as removals
from core.removals.commands import DropLines
from core.requests import repo as request_repo
from core.requests import service as requests
from core.requests.commands import CancelRequest, EditRequest, SubmitRequest, TakeBackRequest, WithdrawRequest
from core.requests.model import Request
from core.rfqs import repo as rfq_repo
from core.rfqs.model import Invitation, Rfq
from core.rfqs.tables import rfqs as rfqs_table
from core.sourcing import service as sourcing
from core.sourcing.commands import SendRfq
from core.split_awards import queries as split_queries
from core.split_awards import service as split_awards
from core.split_awards.commands import AwardedLine, ProposeSplit
from core.uow import Uow
from core.vendors.model import Vendor
from tests.support.uow import begin
from tests.support.world import World

REFUSALS = frozenset({ErrorKind.not_found, ErrorKind.refused, ErrorKind.conflict})
V = ActionVerb
Call = tuple[Callable[[Uow, Actor, Any], Awaitable[object]], object]
"""A use case and its command."""
Read = Callable[[Uow, Actor], Awaitable[Sequence[Action]]]


class RolledBack(Exception):
    """Ends a transaction without a trace."""


@dataclass(frozen=True)
class Thing:
    """One object: how its actions are read, and what each verb calls."""

    name: str
    state: str
    read: Read
    calls: Mapping[ActionVerb, Call]
    hidden: ActionVerb | None = None
    """Accepted and not offered."""


@dataclass
class Walk:
    """Walks purchases of one world; ``seen`` is every state that was met, by kind of object."""

    world: World
    people: Mapping[str, Person]
    vendor: Vendor
    seen: set[tuple[str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    takers: list[Person] = field(default_factory=list)

    async def _taker(self) -> Person:
        """Somebody who may decide, whom no policy names, and who has no part in anything."""
        if not self.takers:
            self.takers.append(await self.world.a_person(Role.officer))
        return self.takers[0]

    async def walk(self, stage: str, request_id: RequestId) -> None:
        """All people, all objects, all verbs, on the purchase as it is now."""
        things = await self._things(request_id)
        self.seen |= {(thing.name, thing.state) for thing in things}
        for who, person in self.people.items():
            actor = people_repo.as_actor(person)
            for thing, offered in zip(things, await self._offered(actor, things), strict=True):
                for verb, call in thing.calls.items():
                    refusal = await self._try(actor, call)
                    place = f"{stage}: {who} {verb} {thing.name} ({thing.state})"
                    self._judge(place, thing, verb, verb in offered, refusal)

    def _judge(
        self, place: str, thing: Thing, verb: ActionVerb, offered: bool, refusal: DomainError | None
    ) -> None:
        if offered and refusal is not None:
            self.wrong.append(f"{place} is offered and refused: {refusal!r}")
        elif not offered and refusal is None and verb is not thing.hidden:
            self.wrong.append(f"{place} is accepted and not offered")
        elif not offered and refusal is not None and refusal.kind not in REFUSALS and not _too_late(refusal):
            self.wrong.append(f"{place} is refused as {refusal.kind}")

    async def _offered(self, actor: Actor, things: Sequence[Thing]) -> list[set[ActionVerb]]:
        """The verbs that this person's read models offer now; none where a thing is not theirs to see."""
        offered: list[set[ActionVerb]] = []
        async with begin(self.world.engine, actor, self.world.clock) as uow:
            for thing in things:
                found: Sequence[Action] = ()
                with suppress(NotFound, Refused):
                    found = await thing.read(uow, actor)
                assert all(action.until is None or action.until > self.world.now for action in found)
                offered.append({action.verb for action in found})
        return offered

    async def _try(self, actor: Actor, call: Call) -> DomainError | None:
        """The refusal, or None when the call would have been committed."""
        use_case, command = call
        try:
            check_permission(
                actor, vars(use_case)["needs"]
            )  # what the use case does first, without a transaction
            async with begin(self.world.engine, actor, self.world.clock) as uow:
                await use_case(uow, actor, command)
                await uow.finish()
                raise RolledBack
        except RolledBack:
            return None
        except DomainError as error:
            return error

    async def _things(self, request_id: RequestId) -> list[Thing]:
        system = people_repo.as_actor(self.people["admin"])
        async with begin(self.world.engine, system, self.world.clock) as uow:
            request = await request_repo.of_purchase(uow, request_id)
            found = [_request(request, self.world, self.vendor)]
            for rfq_id in await _ids(uow, rfqs_table.c, request_id):
                rfq = await rfq_repo.load(uow, rfq_id)
                answers = await quote_repo.of_rfq(uow, rfq_id)
                found.append(_rfq(rfq, self.world, self.vendor, _may_be_entered(rfq, answers), answers))
                found += [_quote(quote, rfq, self.world) for quote in answers]
                discussion = (await clarification_repo.discussions(uow, [rfq_id]))[rfq_id]
                found += [_question(each) for each in discussion.questions]
            for approval_id in await _ids(uow, approvals.c, request_id):
                approval = await load_approval(uow, approval_id)
                step, taker = approval.open_step, PersonId((await self._taker()).id)
                giver = step.candidates[0] if step is not None and step.candidates else None
                found.append(_approval(approval.id, approval.version, approval.state.value, (giver, taker)))
            for order_id in await _ids(uow, purchase_orders.c, request_id):
                recorded = receipts_table.c
                receipt_id = await uow.connection.scalar(
                    select(recorded.id).where(recorded.order_id == order_id).order_by(recorded.id).limit(1)
                )
                order = await order_repo.load(uow, order_id)
                found.append(_order(order, receipt_id or new_id(), self.world))
        return found


def _too_late(refusal: DomainError) -> bool:
    """A draft whose day is past is refused with the field to mend."""
    return any(error.code == "needed_by.past" for error in getattr(refusal, "errors", ()))


def _may_be_entered(rfq: Rfq, answers: Sequence[Quote]) -> Invitation:
    """A vendor that has not quoted itself; the first one when there is none."""
    quoted = {quote.vendor_id for quote in answers if quote.state in LIVE_QUOTE and quote.entered_by is None}
    return next((each for each in rfq.invitations if each.vendor_id not in quoted), rfq.invitations[0])


async def _ids(uow: Uow, columns: Any, request_id: UUID) -> Sequence[UUID]:
    found: Sequence[UUID] = await uow.connection.scalars(
        select(columns.id).where(columns.request_id == request_id).order_by(columns.id)
    )
    return found


def _request(request: Request, world: World, vendor: Vendor) -> Thing:
    async def read(uow: Uow, actor: Actor) -> Sequence[Action]:
        return (await request_queries.show(uow, actor, request.id)).actions

    edit = EditRequest(request.id, None, None, None, None, "changed", request.version)
    submit = SubmitRequest(request.id, request.version)
    drop = DropLines(request.id, (request.lines[0].id,), None, request.version)
    withdraw = WithdrawRequest(request.id, request.version, None)
    cancel = CancelRequest(request.id, request.version, "needless")
    reject = RejectRequest(request.id, request.version, "needless")
    send = SendRfq(request.id, (vendor.id,), world.now + dt.timedelta(days=3), "")
    return Thing(
        "request",
        request.state.value,
        read,
        {
            V.edit: (requests.edit, edit),
            V.submit: (requests.submit, submit),
            V.take_back: (requests.take_back, TakeBackRequest(request.id, request.version)),
            V.drop_lines: (removals.drop_lines, drop),
            V.withdraw: (requests.withdraw, withdraw),
            V.cancel: (requests.cancel, cancel),
            V.reject: (rejections.reject, reject),
            V.ask_vendors: (sourcing.send_rfq, send),
        },
    )


def _quote_command(rfq: Rfq, world: World) -> SubmitQuote:
    lines = tuple(QuoteLineDraft(line.id, Decimal(1100), None, no_bid=False) for line in rfq.lines)
    valid = world.today + dt.timedelta(days=40)
    return SubmitQuote(rfq.id, rfq.currency, valid, 10, Decimal(0), "", lines, ())


def _split(rfq: Rfq, answers: Sequence[Quote]) -> ProposeSplit:
    """The first way to give the lines to at least two quotes; without one, the lines to any."""
    out = (QuoteState.withdrawn, QuoteState.expired, QuoteState.rejected)
    offers: list[list[QuoteId | None]] = [
        [quote.id for quote in answers if quote.state not in out and price_of(quote, line.id) is not None]
        or [None]
        for line in rfq.lines
    ]
    ways = list(product(*offers))
    chosen = next((way for way in ways if len({each for each in way if each}) > 1), ways[0])
    given = list(zip(rfq.lines, chosen, strict=True))
    lines = tuple(AwardedLine(line.id, quote_id) for line, quote_id in given if quote_id is not None)
    left_out = tuple(line.id for line, quote_id in given if quote_id is None)
    return ProposeSplit(rfq.id, lines, left_out, "both are cheap", rfq.version)


def _rfq(
    rfq: Rfq, world: World, newcomer: Vendor, entered_for: Invitation, answers: Sequence[Quote]
) -> Thing:
    async def read(uow: Uow, actor: Actor) -> Sequence[Action]:
        """With what the comparison offers beside: to split the lines."""
        actions = (await rfq_queries.show(uow, actor, rfq.id)).details.actions
        with suppress(NotFound, Refused):
            compared = await split_queries.compare(uow, actor, rfq.request_id)
            newest = compared.comparison.rfq
            if newest is not None and newest.id == rfq.id:
                return *actions, *(each for each in compared.actions if each.verb is V.split_award)
        return actions

    quote, later = _quote_command(rfq, world), world.now + dt.timedelta(days=9)
    return Thing(
        "rfq",
        rfq.state.value,
        read,
        {
            V.quote: (quotes.submit_quote, quote),
            V.decline: (quotes.decline, DeclineRfq(rfq.id, "full")),
            V.close: (awards.close, CloseRfq(rfq.id, rfq.version)),
            V.split_award: (split_awards.propose, _split(rfq, answers)),
            V.move_deadline: (amendments.move_deadline, MoveDeadline(rfq.id, later, rfq.version)),
            V.add_vendors: (amendments.add_vendors, AddVendors(rfq.id, (newcomer.id,), rfq.version)),
            V.correct: (
                amendments.correct,
                CorrectRfq(rfq.id, f"colour {rfq.revision}", (), (), rfq.version),
            ),
            V.cancel: (amendments.cancel, CancelRfq(rfq.id, "needless", rfq.version)),
            V.ask_question: (clarifications.ask, AskRfqQuestion(rfq.id, "Which colour?")),
            V.enter_quote: (entries.enter_quote, EnterQuote(entered_for.vendor_id, quote)),
        },
    )


def _question(question: RfqQuestion) -> Thing:
    async def read(uow: Uow, actor: Actor) -> Sequence[Action]:
        found = (await rfq_queries.show(uow, actor, question.rfq_id)).discussion.questions
        return next((each.actions for each in found if each.id == question.id), ())

    answer = AnswerRfqQuestion(question.rfq_id, question.id, "Grey.", None)
    return Thing(
        "question",
        "open" if question.answered_at is None else "answered",
        read,
        {V.answer_question: (clarifications.answer, answer)},
    )


def _quote(quote: Quote, rfq: Rfq, world: World) -> Thing:
    async def read(uow: Uow, actor: Actor) -> Sequence[Action]:
        page = await quote_queries.list_quotes(uow, actor, QuoteFilter(page=PageQuery(None, 4)))
        own = next((each.actions for each in page.items if each.quote.id == quote.id), ())
        incomplete: Sequence[Action] = ()
        with suppress(NotFound, Refused):
            compared = (await award_queries.compare(uow, actor, rfq.request_id)).around.incomplete
            incomplete = next((each.actions for each in compared if each.quote_id == quote.id), ())
        return (*own, *incomplete)

    @wraps(quotes.submit_quote)
    async def revise(uow: Uow, actor: Actor, command: SubmitQuote) -> object:
        await quote_repo.visible_to(uow, actor, quote.id)
        return await quotes.submit_quote(uow, actor, command)

    @wraps(quotes.withdraw_quote)
    async def withdraw(uow: Uow, actor: Actor, command: WithdrawQuote) -> object:
        seen = replace(command, expected_version=version_for(actor, quote))
        return await quotes.withdraw_quote(uow, actor, seen)

    @wraps(amendments.confirm)
    async def confirm(uow: Uow, actor: Actor, command: ConfirmQuote) -> object:
        seen = replace(command, expected_version=version_for(actor, quote))
        return await amendments.confirm(uow, actor, seen)

    propose = ProposeQuote(rfq.id, quote.id, "sooner", rfq.version)
    live = quote.state in LIVE_QUOTE
    calls: dict[ActionVerb, Call] = {
        V.withdraw: (withdraw, WithdrawQuote(quote.id, None, None)),
        V.propose: (awards.propose, propose),
        V.confirm: (confirm, ConfirmQuote(quote.id, None)),
        V.ask_to_complete: (completions.ask, AskToComplete(rfq.id, quote.id, rfq.version)),
        # Of a quote that is over, the same call makes another quote, which the RFQ offers.
        **({V.revise: (revise, _quote_command(rfq, world))} if live else {}),
    }
    # Between closing and award, the absence of a withdrawal would tell a vendor of the approval.
    hidden = V.withdraw if rfq.state.value == "closed" else None
    return Thing("quote", quote.state.value, read, calls, hidden)


def _approval(
    approval_id: ApprovalId, version: int, state: str, handover: tuple[PersonId | None, PersonId]
) -> Thing:
    async def read(uow: Uow, actor: Actor) -> Sequence[Action]:
        return (await approval_queries.show(uow, actor, approval_id)).actions

    def verdict(verb: Verdict, comment: str = "") -> Call:
        return decisions.decide, Decide(approval_id, verb, version, comment)

    answer = AnswerQuestion(approval_id, "yes, all of them")
    giver, taker = handover
    forward = ForwardStep(approval_id, taker, "", version)
    reassign = ReassignStep(approval_id, giver, taker, "is on holiday", version)
    return Thing(
        "approval",
        state,
        read,
        {
            V.approve: verdict(Verdict.approve),
            V.reject: verdict(Verdict.reject, "too dear"),
            V.reject_request: verdict(Verdict.reject_request, "not needed"),
            V.ask: verdict(Verdict.ask, "how many?"),
            V.undo: verdict(Verdict.undo),
            V.forward: (reassignments.forward, forward),
            V.reassign: (reassignments.reassign, reassign),
            V.answer: (decisions.answer, answer),
        },
    )


def _order(order: Order, receipt_id: UUID, world: World) -> Thing:
    async def read(uow: Uow, actor: Actor) -> Sequence[Action]:
        return (await order_queries.show(uow, actor, OrderId(order.id))).actions

    version, later = order.version, world.today + dt.timedelta(days=30)
    acknowledge = AcknowledgeOrder(order.id, "", version)
    entered = EnterAcknowledgement(order.id, "", (), version)
    arrived = tuple(ReceivedLine(line.id, Decimal(1), Decimal(0)) for line in order.lines if line.open)
    missing = arrived or (ReceivedLine(order.lines[0].id, Decimal(0), Decimal(1)),)
    receive = ReceiveGoods(order.id, missing, "", version)
    kept = next((line for line in order.lines if line.accepted), order.lines[0])
    nothing = (ReceivedLine(kept.id, Decimal(0), Decimal(0)),)
    back = ReturnGoods(order.id, (ReturnedLine(kept.id, Decimal(1)),), "broken", version)
    return Thing(
        "order",
        order.state.value,
        read,
        {
            V.acknowledge: (orders.acknowledge, acknowledge),
            V.acknowledge_for: (entries.enter_acknowledgement, entered),
            V.refuse: (orders.refuse, RefuseOrder(order.id, "sold out", version)),
            V.change: (changes.propose, ProposeChange(order.id, (), later, "out of stock", version)),
            V.call_off: (changes.ask_to_call_off, AskToCallOff(order.id, "needless", version)),
            V.accept: (changes.accept, AcceptChange(order.id, version)),
            V.decline: (changes.decline, DeclineChange(order.id, "too late", version)),
            V.withdraw: (changes.take_back, TakeBackChange(order.id, version)),
            V.receive: (receipts.receive, receive),
            V.correct: (
                receipts.correct,
                CorrectReceipt(order.id, receipt_id, nothing, "miscounted", version),
            ),
            V.return_goods: (receipts.return_goods, back),
            V.close_short: (receipts.close_short, CloseShort(order.id, "no more to come", version)),
            V.cancel: (orders.cancel, CancelOrder(order.id, "needless", version)),
        },
    )
