"""Converts procurement requests from read model to wire."""

from api.contract import requests as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.decimals import optional_amount, optional_unit_price, plain
from api.present.listing import listing
from api.present.trusted import trusted
from core.kernel.pagination import Page
from core.people.model import Candidate
from core.requests.commands import CreateRequest
from core.requests.model import RequestDetails
from core.timelines.model import TimelineEntry

_RequestOut = trusted(wire.RequestOut)
_RequestLineOut = trusted(wire.RequestLineOut)


def request(source: RequestDetails) -> wire.RequestOut:
    item = source.request
    return _RequestOut(
        id=item.id,
        number=item.number,
        state=item.state,
        version=item.version,
        requested_by=item.requested_by,
        requested_by_name=source.requested_by_name,
        entered_by=item.entered_by,
        entered_by_name=source.entered_by_name,
        cost_centre=item.cost_centre,
        cost_centre_name=source.cost_centre_name,
        currency=item.currency,
        needed_by=item.needed_by,
        note=item.note,
        lines=tuple(
            _RequestLineOut(
                id=line.id,
                description=line.description,
                quantity=plain(line.quantity),
                unit=line.unit,
                estimated_unit_price=optional_unit_price(line.estimated_unit_price, item.currency),
            )
            for line in item.lines
        ),
        total_estimate=optional_amount(item.total_estimate, item.currency),
        rfq_id=item.rfq_id,
        approval_id=item.approval_id,
        order_id=item.order_id,
        created_at=item.created_at,
        updated_at=item.updated_at,
        reason=item.reason,
        resembles=item.resembles,
        actions=actions(source.actions),
    )


def requests(page: Page[RequestDetails]) -> Listing[wire.RequestOut]:
    return listing(page, request, lambda row: row.request)


def copy(source: CreateRequest) -> wire.CopyOut:
    return wire.CopyOut(
        copied_from=source.copied_from or "",
        lines=tuple(
            wire.CopiedLineOut(
                description=line.description,
                quantity=plain(line.quantity),
                unit=line.unit,
                estimated_unit_price=optional_unit_price(line.estimated_unit_price, source.currency),
            )
            for line in source.lines
        ),
        currency=source.currency,
        needed_by=source.needed_by,
        cost_centre=source.cost_centre,
        note=source.note,
    )


def colleagues(page: Page[Candidate]) -> Listing[wire.ColleagueOut]:
    return Listing(
        items=tuple(wire.ColleagueOut(person_id=each.person_id, name=each.name) for each in page.items)
    )


def timeline(source: tuple[TimelineEntry, ...]) -> Listing[wire.TimelineItem]:
    return Listing(
        items=tuple(
            wire.TimelineItem(
                position=item.position,
                occurred_at=item.occurred_at,
                action=item.type,
                actor=item.actor,
                actor_name=item.actor_name,
                on_behalf_of=item.on_behalf_of,
                on_behalf_of_name=item.on_behalf_of_name,
                channel=item.channel,
                subject_kind=item.subject_kind,
                subject_id=item.subject_id,
                subject_version=item.subject_version,
                data=item.data,
            )
            for item in source
        )
    )
