"""What one reader sees of a purchase: the same read models as the slices' own queries, from one read.

One rule: a view asks the slice's policy, and is None exactly where the slice's query refuses that reader.

    comparison(purchase, actor, now)        # a purchase has one comparison and one request
    rfq_view(purchase, actor, rfq_id, now) # of the rest it may have several
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals import policy as approvals
from core.approvals.model import ApprovalDetails
from core.awards import policy as awards
from core.awards.model import ConvertedQuote, Surroundings
from core.clarifications import actions as clarifications
from core.clarifications.model import NOTHING_ASKED, Discussion
from core.completions.actions import incomplete_of
from core.decisions import actions as decision_actions
from core.documents import policy as documents
from core.insights.model import Score
from core.invitations.model import RfqView
from core.orders import actions as order_actions
from core.orders import policy as orders
from core.orders.model import OrderDetails
from core.purchases.model import Purchase, PurchaseDocument
from core.purchases.request_queries import FINAL, RfqProgress, progress_of
from core.quotes import actions as quote_actions
from core.quotes import policy as quotes
from core.quotes.model import AttachedDocument
from core.rates.policy import cross_rate
from core.requests import actions as request_actions
from core.requests import policy as requests
from core.requests.model import RequestDetails
from core.rfqs import actions as rfq_actions
from core.rfqs import policy as rfqs
from core.rfqs.model import Rfq
from core.split_awards import policy as split_awards
from core.split_awards.model import ComparedWithSplits, Share, SplitAward
from core.standings.model import BelowBound


def request_details(purchase: Purchase, actor: Actor, now: dt.datetime) -> RequestDetails | None:
    """The request as ``request_queries.show`` gives it to this reader."""
    if not actor.may(Permission.requests_read) or not _may_see_request(purchase, actor):
        return None
    request = purchase.request
    rfq, states = purchase.rfq, [each.state for each in purchase.orders]
    asked = RfqProgress(rfq.number, rfq.state, rfq.quote_by, rfq.undecided) if rfq else None
    progress = progress_of(asked, next((state for state in states if state in FINAL), None), now)
    actions = request_actions.actions_of(actor, request, progress, now.date())
    names = purchase.names[request.requested_by], purchase.cost_centre.name
    entered_by = purchase.names[request.entered_by] if request.entered_by else None
    return RequestDetails(request, *names, actions, entered_by)


def rfq_view(purchase: Purchase, actor: Actor, rfq_id: UUID, now: dt.datetime) -> RfqView | None:
    """One RFQ as ``invitations.queries.show`` gives it: a vendor sees its own invitation and its own quote."""
    rfq = purchase.rfq_of(rfq_id)
    if rfq is None or not actor.may(Permission.rfqs_read) or not rfqs.may_see(actor, rfq):
        return None
    seen = rfqs.as_seen_by(actor, rfq)
    request = purchase.request
    buyer, actions = purchase.organisation.name, rfq_actions.actions_of(actor, seen, now)
    details = rfqs.details_for(actor, seen, request.number, request.cost_centre, buyer, actions)
    files = _documents(purchase, actor, [rfq.id])[rfq.id]
    view = RfqView(details, None, files, _discussion(purchase, actor, rfq, now))
    mine = purchase.shown_quote_of(rfq.id, actor.vendor_id) if actor.vendor_id is not None else None
    if mine is None:
        return view
    own_files = _documents(purchase, actor, [mine.id])[mine.id]
    own_actions = quote_actions.actions_of(actor, mine, seen, decided=False, now=now)
    return replace(view, my_quote=quotes.details_for(actor, mine, seen, own_files, own_actions))


def comparison(purchase: Purchase, actor: Actor, now: dt.datetime) -> ComparedWithSplits | None:
    """The newest RFQ's quotes as ``split_awards.queries.compare`` gives them; raises RatesMissing as that does."""
    if not actor.may(Permission.quotes_compare) or not _may_see_request(purchase, actor):
        return None
    rfq = purchase.rfq
    converted = _converted(purchase, rfq, now) if rfq is not None and not rfq.sealed else []
    shown = [item.quote.id for item in awards.in_comparison(converted)]
    around = Surroundings(
        _documents(purchase, actor, [*shown, purchase.request.id]),
        _discussion(purchase, actor, rfq, now) if rfq is not None else NOTHING_ASKED,
        {each.entered_by: purchase.names[each.entered_by] for each in purchase.quotes if each.entered_by},
        incomplete_of(actor, rfq, purchase.quotes_of(rfq.id), now) if rfq is not None else (),
        scores_for(purchase, actor),
        warned_for(purchase, actor),
    )
    compared = awards.compared(actor, purchase.request, rfq, converted, around, now)
    award = purchase.split_of(rfq.split_award_id) if rfq is not None else None
    proposed_by = purchase.names.get(award.proposed_by, "") if award is not None else ""
    return split_awards.with_splits(actor, compared, award, proposed_by, purchase.live_orders, now)


def scores_for(purchase: Purchase, actor: Actor) -> Mapping[UUID, tuple[Score, ...]]:
    """What is known of the vendors that quoted, as far as this reader may know it."""
    return purchase.scores if actor.may(Permission.insights_read) else {}


def warned_for(purchase: Purchase, actor: Actor) -> Mapping[UUID, BelowBound]:
    """Those of them whose score is below the bound of a warning, for the same readers."""
    return purchase.warned if actor.may(Permission.insights_read) else {}


def shares_of(purchase: Purchase, award: SplitAward, rfq: Rfq, now: dt.datetime) -> tuple[Share, ...]:
    """What each vendor of a split award gets; raises RatesMissing."""
    return split_awards.shares_of(award.lines, rfq, _converted(purchase, rfq, now), award.alternatives)


def approval_details(
    purchase: Purchase, actor: Actor, approval_id: UUID, now: dt.datetime
) -> ApprovalDetails | None:
    """One approval as ``decisions.queries.show`` gives it."""
    approval = purchase.approval_of(approval_id)
    if approval is None or not actor.may(Permission.approvals_read):
        return None
    if not approvals.may_see(actor, approval):
        return None
    names = {
        person: purchase.names[person]
        for person in approvals.people_shown(approval)
        if person in purchase.names
    }
    return ApprovalDetails(approval, names, decision_actions.actions_of(actor, approval, now))


def order_details(purchase: Purchase, actor: Actor, order_id: UUID) -> OrderDetails | None:
    """One order as ``orders.queries.show`` gives it."""
    order = purchase.order_of(order_id)
    colleague = not actor.is_vendor and actor.person_id in purchase.colleagues
    if order is None or not actor.may(Permission.orders_read):
        return None
    if not orders.may_see(actor, order, colleague=colleague):
        return None
    details = orders.details_for(
        actor,
        OrderDetails(
            order,
            purchase.request.number,
            purchase.vendor_name(order.vendor_id),
            purchase.names[order.requested_by],
            colleague=colleague,
        ),
    )
    return replace(details, actions=order_actions.actions_of(actor, details))


def _may_see_request(purchase: Purchase, actor: Actor) -> bool:
    return requests.may_see(actor, purchase.request, purchase.candidates)


def _converted(purchase: Purchase, rfq: Rfq, now: dt.datetime) -> list[ConvertedQuote]:
    day, base = awards.rate_day(rfq, now), purchase.organisation.base_currency
    return [
        awards.converted_at(
            quote, rfq.currency, cross_rate(quote.currency, rfq.currency, base, purchase.rates, day)
        )
        for quote in purchase.quotes_of(rfq.id)
    ]


def _discussion(purchase: Purchase, actor: Actor, rfq: Rfq, now: dt.datetime) -> Discussion:
    return clarifications.as_read_by(actor, rfq, purchase.discussions.get(rfq.id, NOTHING_ASKED), now)


def files_of(purchase: Purchase, actor: Actor, attached_id: UUID) -> tuple[AttachedDocument, ...]:
    """The files of the request, of one of its RFQs or quotes that this reader may read."""
    return _documents(purchase, actor, [attached_id])[attached_id]


def may_read(purchase: Purchase, actor: Actor, file: PurchaseDocument) -> bool:
    """Whether this reader may read one of the purchase's files."""
    request = purchase.request
    own = actor.is_person(request.requested_by) or actor.is_person(request.entered_by)
    return documents.may_read(
        actor,
        owner_id=file.owner_id,
        vendor_id=file.vendor_id,
        released=file.released,
        asked_for=own and file.attached_id == request.id and not file.inside,
        readers=file.readers,
    )


def _documents(
    purchase: Purchase, actor: Actor, attached_ids: Iterable[UUID]
) -> dict[UUID, tuple[AttachedDocument, ...]]:
    """The files of each of these quotes or RFQs that this reader may read."""
    readable = [each for each in purchase.documents if may_read(purchase, actor, each)]
    return {
        attached_id: tuple(each.document for each in readable if each.attached_id == attached_id)
        for attached_id in attached_ids
    }
