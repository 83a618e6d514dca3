"""What a card shows.

One rule: it is made with the recipient's own rights, so that a card never shows more than its reader may ask for.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from api.present import approvals as present_approvals
from api.present import findings as present_findings
from api.present import orders as present_orders
from api.present import requests as present_requests
from api.present import rfqs as present_rfqs
from api.present import split_awards as present_split_awards
from bots.cards.drawing import CardKind
from bots.cards.finding import FindingOff
from core.access.actor import Actor
from core.approval_facts import policy as approval_facts
from core.approval_facts.model import NOTHING_KNOWN, History
from core.approval_facts.repo import history_of
from core.findings import policy as findings
from core.findings.model import KeptFinding
from core.findings.repo import of_purchases as findings_of
from core.insights import queries as insights
from core.insights.states import Feature
from core.purchases import views
from core.purchases.model import Purchase
from core.uow import Uow

CardModel = tuple[BaseModel, int]
"""The contract model that a card is drawn from, and its version."""


@dataclass(frozen=True)
class ShownPurchase:
    """A purchase, and what others say about it as far as an approval's card is drawn."""

    purchase: Purchase
    history: History = NOTHING_KNOWN
    findings: tuple[KeptFinding, ...] = ()
    findings_on: bool = True


async def shown_purchases(
    uow: Uow, purchases: Mapping[UUID, Purchase], cards: Collection[str]
) -> dict[UUID, ShownPurchase]:
    """These purchases by the request's id, for cards of these kinds; only an approval that waits needs the history."""
    deciding = CardKind.approval in cards
    waiting = sorted(each for each, purchase in purchases.items() if deciding and purchase.pending_approval)
    known = await history_of(uow, waiting) if waiting else {}
    found: dict[UUID, list[KeptFinding]] = {}
    findings_on = CardKind.finding in cards and await insights.enabled(uow, Feature.findings)
    if CardKind.finding in cards:
        for each in await findings_of(uow, purchases):
            found.setdefault(each.request_id, []).append(each)
    return {
        request_id: ShownPurchase(
            purchase, known.get(request_id, NOTHING_KNOWN), tuple(found.get(request_id, ())), findings_on
        )
        for request_id, purchase in purchases.items()
    }


def model_of(
    shown: ShownPurchase, actor: Actor, card: CardKind, subject_id: UUID, now: dt.datetime
) -> CardModel | None:
    """What this reader's card shows; None when it is not this person's. Raises RatesMissing for a comparison."""
    purchase = shown.purchase
    match card:
        case CardKind.request | CardKind.officer_request:
            return _request(purchase, actor, now)
        case CardKind.vendor_rfq:
            return _rfq(purchase, actor, subject_id, now)
        case CardKind.comparison:
            return _comparison(purchase, actor, subject_id, now)
        case CardKind.approval:
            return _approval(shown, actor, subject_id, now)
        case CardKind.finding:
            return _finding(shown, actor, subject_id)
        case CardKind.order | CardKind.vendor_order:
            return _order(purchase, actor, subject_id)


def _request(purchase: Purchase, actor: Actor, now: dt.datetime) -> CardModel | None:
    found = views.request_details(purchase, actor, now)
    return (present_requests.request(found), found.request.version) if found else None


def _rfq(purchase: Purchase, actor: Actor, rfq_id: UUID, now: dt.datetime) -> CardModel | None:
    found = views.rfq_view(purchase, actor, rfq_id, now)
    return (present_rfqs.rfq_view(found), found.details.rfq.version) if found else None


def _comparison(purchase: Purchase, actor: Actor, rfq_id: UUID, now: dt.datetime) -> CardModel | None:
    """The card of an older RFQ shows the newest one's quotes, as the command does."""
    asked = views.rfq_view(purchase, actor, rfq_id, now)
    found = views.comparison(purchase, actor, now) if asked else None
    return (present_split_awards.with_splits(found), asked.details.rfq.version) if found and asked else None


def _approval(shown: ShownPurchase, actor: Actor, approval_id: UUID, now: dt.datetime) -> CardModel | None:
    found = approval_facts.approval_with_facts(shown.purchase, shown.history, actor, approval_id, now)
    return (present_approvals.approval_with_facts(found), found.details.approval.version) if found else None


def _finding(shown: ShownPurchase, actor: Actor, finding_id: UUID) -> CardModel | None:
    found = findings.visible(actor, shown.findings, finding_id)
    if found is None:
        return None
    if not shown.findings_on:
        return FindingOff(request_number=found.request_number), found.version
    return present_findings.finding(found), found.version


def _order(purchase: Purchase, actor: Actor, order_id: UUID) -> CardModel | None:
    found = views.order_details(purchase, actor, order_id)
    return (present_orders.order(found), found.order.version) if found else None
