"""Pure rules of a procurement request: what it may contain, and who may do what with it when."""

import datetime as dt
from collections.abc import Container, Sequence
from decimal import Decimal

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.errors import WrongState, uncountable
from core.kernel.money import MAX_AMOUNT, most_at, total_of
from core.kernel.needed_days import check_needed_by
from core.kernel.whole_units import check_whole
from core.requests.commands import RequestLineDraft
from core.requests.errors import LastLine, NotRequestOwner, QuotesStand, RfqAlreadyOpen
from core.requests.model import Progress, Request
from core.requests.states import DROPPING, RequestState, RequestVerb, after

_UNNAMED = ""
"""Where only the answer counts and no sentence is made of the refusal."""


def estimate(lines: Sequence[RequestLineDraft], currency: str) -> Decimal | None:
    """What the lines come to by their estimates; None when a line has none."""
    priced = [
        (line.quantity, line.estimated_unit_price) for line in lines if line.estimated_unit_price is not None
    ]
    if len(priced) < len(lines):
        return None
    total = total_of(priced, currency)
    if total > MAX_AMOUNT:
        raise uncountable("/lines", most_at((), currency), currency)
    return total


def check_quantities(lines: Sequence[RequestLineDraft]) -> None:
    """Refuse a part of what comes whole: 3.4 pieces."""
    for index, line in enumerate(lines):
        check_whole(f"/lines/{index}/quantity", line.quantity, line.unit)


def may_see(actor: Actor, request: Request, asked: Container[object]) -> bool:
    """The same as the condition of ``repo``; ``asked`` are all candidates of the purchase's approvals.

    One's own, those one entered or is asked to approve; with the right to read all, all except drafts.
    """
    if actor.is_person(request.requested_by) or actor.is_person(request.entered_by):
        return True
    if actor.may(Permission.requests_read_all):
        return request.state is not RequestState.draft
    return actor.person_id in asked


def check_owner(actor: Actor, request: Request, owner: str) -> None:
    """Only the requester may withdraw."""
    if not actor.is_person(request.requested_by):
        raise NotRequestOwner(number=request.number, owner=owner)


def check_author(actor: Actor, request: Request, owner: str) -> None:
    """The requester, or who entered it for them, may edit, submit and take back."""
    if not actor.is_person(request.entered_by):
        check_owner(actor, request, owner)


def check_may_edit(actor: Actor, request: Request) -> None:
    """Only its authors, and only a draft."""
    check_author(actor, request, _UNNAMED)
    if request.state is not RequestState.draft:
        raise WrongState(what="request", state=request.state.value, verb="edit")


def check_may_submit(actor: Actor, request: Request, today: dt.date) -> RequestState:
    """Only its authors, while the day is still to come; the state that follows."""
    check_author(actor, request, _UNNAMED)
    state = after(request.state, RequestVerb.submit)
    check_needed_by(request.needed_by, today)
    return state


def check_may_take_back(actor: Actor, request: Request) -> RequestState:
    """Only its authors, until vendors are asked; the state that follows."""
    check_author(actor, request, _UNNAMED)
    return after(request.state, RequestVerb.take_back)


def check_may_withdraw(actor: Actor, request: Request) -> RequestState:
    """Only the requester, until somebody has approved; the state that follows."""
    check_owner(actor, request, _UNNAMED)
    return after(request.state, RequestVerb.withdraw)


def check_may_cancel(request: Request, progress: Progress) -> RequestState:
    """Until the vendor has acknowledged the order; the state that follows."""
    state = after(request.state, RequestVerb.cancel)
    if progress.final_order is not None:
        raise WrongState(what="order", state=progress.final_order, verb="cancel")
    return state


def check_may_reject(request: Request) -> RequestState:
    """Until it is approved; the state that follows, from which nothing leads back."""
    return after(request.state, RequestVerb.reject)


def check_may_ask_vendors(request: Request, progress: Progress) -> None:
    """While no RFQ of this request is open, and no quote is proposed."""
    after(request.state, RequestVerb.ask_vendors)
    if progress.undecided_rfq is not None:
        raise RfqAlreadyOpen(number=progress.undecided_rfq)


def check_may_drop_lines(actor: Actor, request: Request, progress: Progress) -> None:
    """The requester until vendors are asked; an officer also later, but not while quotes can be chosen or decided."""
    if not actor.may(Permission.rfqs_amend):
        check_owner(actor, request, _UNNAMED)
        after(request.state, RequestVerb.take_back)
    if request.state not in DROPPING:
        raise WrongState(what="request", state=request.state.value, verb="drop_lines")
    if progress.closed_rfq is not None:
        raise QuotesStand(number=request.number, rfq=progress.closed_rfq)
    if len(request.lines) < 2:
        raise LastLine(number=request.number)
