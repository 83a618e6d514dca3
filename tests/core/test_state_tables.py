"""Every slice's state table: no state without a way in, ends are ends, diagrams name real states."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple

import pytest

from core.approvals import states as approvals
from core.kernel.errors import WrongState
from core.orders import states as orders
from core.quotes import states as quotes
from core.requests import states as requests
from core.rfqs import states as rfqs


class StateTable(NamedTuple):
    """One slice's table, with what its keys and values are made of."""

    transitions: Mapping[Any, StrEnum]
    """By (state, verb); ``Mapping`` is invariant in its key, so one type cannot name every slice's."""
    states: type[StrEnum]
    verbs: type[StrEnum]
    first: StrEnum


TABLES: dict[str, StateTable] = {
    "request": StateTable(
        requests.TRANSITIONS,
        requests.RequestState,
        requests.RequestVerb,
        requests.RequestState.draft,
    ),
    "rfq": StateTable(rfqs.RFQ_TRANSITIONS, rfqs.RfqState, rfqs.RfqVerb, rfqs.RfqState.open),
    "invitation": StateTable(
        rfqs.INVITATION_TRANSITIONS,
        rfqs.InvitationState,
        rfqs.InvitationVerb,
        rfqs.InvitationState.sent,
    ),
    "quote": StateTable(
        quotes.QUOTE_TRANSITIONS,
        quotes.QuoteState,
        quotes.QuoteVerb,
        quotes.QuoteState.submitted,
    ),
    "approval": StateTable(
        approvals.APPROVAL_TRANSITIONS,
        approvals.ApprovalState,
        approvals.ApprovalVerb,
        approvals.ApprovalState.pending,
    ),
    "step": StateTable(
        approvals.STEP_TRANSITIONS,
        approvals.StepState,
        approvals.StepVerb,
        approvals.StepState.waiting,
    ),
    "order": StateTable(orders.TRANSITIONS, orders.OrderState, orders.OrderVerb, orders.OrderState.generated),
}

FOR_LATER = {("order", "on_hold")}
"""States of the lifecycle whose verbs come with later features; no verb leads there yet."""


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached(name: str) -> None:
    table, states, _, first = TABLES[name]
    reached, grown = {first}, True
    while grown:
        following = {after for (before, _), after in table.items() if before in reached}
        grown = not following <= reached
        reached |= following
    missing = {(name, state.value) for state in states if state not in reached}
    assert missing == {each for each in FOR_LATER if each[0] == name}


@pytest.mark.parametrize("name", TABLES)
def test_every_verb_is_used(name: str) -> None:
    table, _, verbs, _ = TABLES[name]
    assert {verb for _, verb in table} == set(verbs)


def test_a_request_that_has_ended_moves_no_more() -> None:
    """But for one that was completed, when a corrected receipt or a return shows that goods are still to come."""
    reopened = (requests.RequestState.completed, requests.RequestVerb.reopen)
    assert requests.after(*reopened) is requests.RequestState.ordered
    for state, verb in set(product(requests.ENDED, requests.RequestVerb)) - {reopened}:
        with pytest.raises(WrongState):
            requests.after(state, verb)


def test_an_acknowledged_order_cannot_be_cancelled() -> None:
    with pytest.raises(WrongState, match="acknowledged"):
        orders.after(orders.OrderState.acknowledged, orders.OrderVerb.cancel)


def test_a_closed_rfq_cannot_be_closed_again() -> None:
    with pytest.raises(WrongState):
        rfqs.after_rfq(rfqs.RfqState.closed, rfqs.RfqVerb.close)
