"""Remembered offers are the ones that the checks give at once, whatever else differs between two things."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from inspect import unwrap
from typing import Any, TypeVar
from uuid import UUID

import pytest

from core.access.actor import Actor
from core.access.roles import PEOPLE, Role
from core.kernel.ids import PersonId, VendorId
from core.offers.model import QuoteLine
from core.orders import actions as of_orders
from core.orders.model import Order, OrderDetails, OrderLine, Proposal, Side
from core.orders.states import OrderState
from core.purchases.request_queries import RfqProgress, progress_of
from core.quotes import actions as of_quotes
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.requests import actions as of_requests
from core.requests.model import Request
from core.requests.states import RequestState
from core.rfqs import actions as of_rfqs
from core.rfqs.model import Invitation, Rfq
from core.rfqs.states import InvitationState, RfqState

T = TypeVar("T")
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
PEOPLE_IDS = [PersonId(UUID(int=number)) for number in range(3)]
VENDORS = [VendorId(UUID(int=number)) for number in range(10, 13)]
HOURS = (-30, -1, 0, 1, 30, 90)
CASES = 4_000


def anything(made_of: type[T], dice: random.Random, **decisive: Any) -> T:
    """One with these values; whatever else it has differs each time."""
    rest = {field.name: f"{field.name} {dice.random()}" for field in fields(made_of)}  # type: ignore[arg-type]
    return made_of(**{**rest, **decisive})


def an_actor(dice: random.Random) -> Actor:
    role = dice.choice(PEOPLE)
    vendor = dice.choice(VENDORS) if role is Role.vendor else None
    return Actor.person(dice.choice(PEOPLE_IDS), "somebody", frozenset({role}), vendor_id=vendor)


def a_moment(dice: random.Random) -> dt.datetime:
    return NOW + dt.timedelta(hours=dice.choice(HOURS))


def an_rfq(dice: random.Random) -> Rfq:
    invited = dice.sample(VENDORS, dice.randrange(len(VENDORS) + 1))
    return anything(
        Rfq,
        dice,
        state=dice.choice(list(RfqState)),
        quote_by=a_moment(dice),
        closed_at=None,
        revision=dice.choice([1, 2]),
        selected_quote_id=dice.choice([None, "a quote"]),
        invitations=tuple(
            anything(Invitation, dice, vendor_id=each, state=dice.choice(list(InvitationState)))
            for each in invited
        ),
    )


def a_request(dice: random.Random) -> tuple[Any, ...]:
    request = anything(
        Request,
        dice,
        state=dice.choice(list(RequestState)),
        requested_by=dice.choice(PEOPLE_IDS),
        entered_by=dice.choice([None, *PEOPLE_IDS]),
        needed_by=dice.choice([None, a_moment(dice).date()]),
        lines=("a line",) * dice.choice([1, 2]),
    )
    undecided, order = dice.choice([True, False]), dice.choice([None, *OrderState])
    number, state = f"RFQ-{dice.random()}", dice.choice(list(RfqState))
    rfq = dice.choice([None, RfqProgress(number, state, a_moment(dice), undecided)])
    progress = progress_of(rfq, order, NOW)
    return an_actor(dice), request, progress, NOW.date()


def an_order(dice: random.Random) -> tuple[Any, ...]:
    order = anything(
        Order,
        dice,
        state=dice.choice(list(OrderState)),
        requested_by=dice.choice(PEOPLE_IDS),
        lines=tuple(an_order_line(dice) for _ in range(dice.randrange(1, 3))),
        proposal=dice.choice([None, a_proposal(dice)]),
    )
    return an_actor(dice), anything(OrderDetails, dice, order=order, colleague=dice.choice([True, False]))


def an_order_line(dice: random.Random) -> OrderLine:
    counts = {name: Decimal(dice.choice([0, 0, 1])) for name in ("accepted", "rejected", "returned")}
    return anything(OrderLine, dice, **counts)


def a_proposal(dice: random.Random) -> Proposal:
    return anything(
        Proposal, dice, by=dice.choice(list(Side)), approval_id=dice.choice([None, "an approval"])
    )


def an_rfq_now(dice: random.Random) -> tuple[Any, ...]:
    return an_actor(dice), an_rfq(dice), NOW


def a_quote(dice: random.Random) -> tuple[Any, ...]:
    quote = anything(
        Quote,
        dice,
        state=dice.choice(list(QuoteState)),
        complete=dice.choice([True, False]),
        vendor_on_hold=dice.choice([True, False]),
        rfq_revision=dice.choice([1, 2]),
        valid_until=a_moment(dice).date(),
        vendor_id=dice.choice(VENDORS),
        lines=(anything(QuoteLine, dice, unit_price=dice.choice([None, Decimal(10)])),),
    )
    return an_actor(dice), quote, an_rfq(dice)


def of_a_quote(actor: Actor, quote: Quote, rfq: Rfq) -> tuple[object, object]:
    found = []
    for offers in (of_quotes.actions_of, unwrap(of_quotes.actions_of)):
        found.append([offers(actor, quote, rfq, decided=decided, now=NOW) for decided in (True, False)])
    return found[0], found[1]


def both(offers: Callable[..., object]) -> Callable[..., tuple[object, object]]:
    """What is remembered, and what the checks say."""
    return lambda *args: (offers(*args), unwrap(offers)(*args))


OFFERS: dict[str, tuple[Callable[..., tuple[object, object]], Callable[[random.Random], tuple[Any, ...]]]] = {
    "request": (both(of_requests.actions_of), a_request),
    "order": (both(of_orders.actions_of), an_order),
    "rfq": (both(of_rfqs.actions_of), an_rfq_now),
    "quote": (of_a_quote, a_quote),
}


@pytest.mark.parametrize("thing", OFFERS)
def test_what_is_remembered_is_what_the_checks_say(thing: str) -> None:
    ask, some = OFFERS[thing]
    dice = random.Random(thing)
    seen = set()
    for _ in range(CASES):
        remembered, checked = ask(*some(dice))
        assert remembered == checked
        seen.add(str(checked))
    assert len(seen) > 3, "the cases differ too little to show anything"
