"""Converts receipts, an order's versions and how goods are received from read model to wire."""

from api.contract import orders as wire
from api.contract.values import Listing
from api.present.decimals import amount, plain, unit_price
from core.order_changes.model import OrderHistory, Revision
from core.policies.model import ReceivingPolicy
from core.receipts.model import ReceiptDetails


def receipts(found: tuple[ReceiptDetails, ...]) -> Listing[wire.ReceiptOut]:
    return Listing(items=tuple(_receipt(each) for each in found), next_cursor=None)


def _receipt(source: ReceiptDetails) -> wire.ReceiptOut:
    entry = source.receipt
    return wire.ReceiptOut(
        id=entry.id,
        kind=entry.kind.value,
        corrects=entry.corrects,
        received_by=entry.received_by,
        received_by_name=source.received_by_name,
        received_at=entry.received_at,
        note=entry.note,
        lines=tuple(
            wire.SignedLineOut(
                line_id=line.line_id, accepted=plain(line.accepted), rejected=plain(line.rejected)
            )
            for line in entry.lines
        ),
        documents=tuple(
            wire.ReceiptFileOut(id=file.id, name=file.name, media_type=file.media_type, size=file.size)
            for file in source.documents
        ),
    )


def history(source: OrderHistory) -> Listing[wire.RevisionOut]:
    return Listing(
        items=tuple(_revision(each, source.currency) for each in source.revisions), next_cursor=None
    )


def _revision(source: Revision, currency: str) -> wire.RevisionOut:
    return wire.RevisionOut(
        revision=source.revision,
        total=amount(source.total, currency),
        currency=currency,
        due_on=source.due_on,
        lines=tuple(
            wire.RevisionLineOut(
                line_id=line.line_id,
                description=line.description,
                unit=line.unit,
                quantity=plain(line.quantity),
                unit_price=unit_price(line.unit_price, currency),
                lead_time_days=line.lead_time_days,
            )
            for line in source.lines
        ),
        until=source.until,
    )


def receiving_policy(source: ReceivingPolicy) -> wire.ReceivingPolicyOut:
    return wire.ReceivingPolicyOut(
        version=source.version,
        colleagues=source.colleagues,
        percent=plain(source.percent),
        tolerances=tuple(
            wire.ToleranceIn(percent=plain(rule.percent), item=rule.item, category=rule.category)
            for rule in source.tolerances
        ),
        set_by=source.set_by,
        set_at=source.set_at,
    )
