"""Every SELECT and UPDATE of documents.

One rule: a person reads documents only through ``visible_to``.

A vendor's file is as sealed as the quote it belongs to: the vendor can always read it, staff only once the
quote's RFQ is closed and the file was released.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    any_,
    bindparam,
    column,
    exists,
    func,
    insert,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.pending import Write
from core.documents.model import Document
from core.documents.policy import READABLE, RELEASED, SEALED
from core.documents.tables import document_readers, documents
from core.kernel.errors import NotFound
from core.kernel.ids import DocumentId, VendorId, new_id
from core.uow import Uow

_D = documents.c
_receipts = table("receipts", column("id", Id), column("order_id", Id))
_orders = table("purchase_orders", column("id", Id), column("requested_by", Id))
_requests = table(
    "procurement_requests", column("id", Id), column("requested_by", Id), column("entered_by", Id)
)
"""Receipts, orders and requests are higher slices; only whom they are for is read here."""
COLUMNS = (_D.id, _D.name, _D.media_type, _D.size, _D.sha256, _D.state)
_RELEASE = Prebuilt(
    update(documents)
    .where(_D.attached_id == any_(bindparam("quotes", type_=ARRAY(Id))))
    .values(attached_kind=RELEASED)
)


def readable(actor: Actor) -> ColumnElement[bool]:
    """Which files this person may read, as a condition."""
    if actor.vendor_id is not None:
        return or_(_D.vendor_id == actor.vendor_id, _is_shared_with(actor.vendor_id))
    own = and_(_D.owner_id == actor.person_id, _D.vendor_id.is_(None))
    if actor.may(Permission.requests_read_all):
        return or_(own, _D.attached_kind.in_(READABLE))
    return or_(own, _is_of_own_request(actor.person_id), _is_of_own_delivery(actor.person_id))


def _is_of_own_request(person_id: UUID | None) -> ColumnElement[bool]:
    """Attached to a request that this person asked for or entered, whoever did it; not what is kept inside."""
    request = _requests.c
    return and_(
        _D.attached_kind == RELEASED,
        exists().where(
            request.id == _D.attached_id,
            bindparam("asking", person_id, type_=Id).in_([request.requested_by, request.entered_by]),
        ),
    )


def _is_of_own_delivery(person_id: UUID | None) -> ColumnElement[bool]:
    """Attached to a receipt or return of an order that this person asked for, whoever recorded it."""
    receipt, order = _receipts.c, _orders.c
    return exists().where(
        receipt.id == _D.attached_id, order.id == receipt.order_id, order.requested_by == person_id
    )


def _is_shared_with(vendor_id: UUID) -> ColumnElement[bool]:
    reader = document_readers.c
    return exists().where(reader.document_id == _D.id, reader.vendor_id == vendor_id)


def _owned(actor: Actor) -> ColumnElement[bool]:
    """A vendor's files belong to the vendor, so that a colleague may attach them; staff own theirs alone."""
    return _D.vendor_id == actor.vendor_id if actor.vendor_id is not None else _D.owner_id == actor.person_id


async def visible_to(uow: Uow, actor: Actor, document_id: DocumentId) -> Document:
    """The document, or NotFound when it is unknown, sealed, or somebody else's."""
    row = (
        await uow.connection.execute(select(*COLUMNS).where(_D.id == document_id, readable(actor)))
    ).one_or_none()
    if row is None:
        raise NotFound(what="document")
    return Document(*row)


async def stored_by(uow: Uow, vendor_id: VendorId) -> int:
    """How many bytes this vendor has stored; its other uploads wait until this transaction ends."""
    key = int.from_bytes(vendor_id.bytes[8:], "big", signed=True)
    await uow.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    total: int | None = await uow.connection.scalar(
        select(func.sum(_D.size)).where(_D.vendor_id == vendor_id)
    )
    return int(total or 0)


async def add(
    uow: Uow,
    actor: Actor,
    document: Document,
    now: dt.datetime,
    attached: tuple[str | None, UUID | None] = (None, None),
) -> None:
    kind, subject_id = attached
    await uow.connection.execute(
        insert(documents).values(
            id=document.id,
            name=document.name,
            media_type=document.media_type,
            size=document.size,
            sha256=document.sha256,
            state=document.state,
            owner_id=actor.person_id,
            vendor_id=actor.vendor_id,
            attached_kind=kind,
            attached_id=subject_id,
            uploaded_at=now,
        )
    )


async def attach(uow: Uow, actor: Actor, document_id: UUID, subject_id: UUID, kind: str = SEALED) -> bool:
    """Attach one's own clean file; False when it is unknown or already belongs to something else."""
    result = await uow.connection.execute(
        update(documents)
        .where(
            _D.id == document_id,
            _owned(actor),
            _D.state == "clean",
            or_(_D.attached_id.is_(None), _D.attached_id == subject_id),
        )
        .values(attached_kind=kind, attached_id=subject_id)
    )
    return result.rowcount == 1


async def share(uow: Uow, subject_id: UUID, vendor_ids: Sequence[UUID]) -> None:
    """Let these vendors read the files of ours that are attached to an RFQ."""
    reader, readers = document_readers, [UUID(str(vendor_id)) for vendor_id in vendor_ids]
    vendor = func.unnest(bindparam("readers", readers, type_=ARRAY(Id))).label("vendor_id")
    attached = select(_D.id, vendor).where(_D.attached_id == subject_id)
    await uow.connection.execute(
        postgresql.insert(reader).from_select(["document_id", "vendor_id"], attached).on_conflict_do_nothing()
    )


async def copy(
    uow: Uow, actor: Actor, document_ids: Sequence[UUID], source_id: UUID, target_id: UUID
) -> frozenset[UUID]:
    """Attach the same contents to something else too; which of these the source has and may give away.

    What the target has already, by name and content, is not attached twice.
    """
    rows = await uow.connection.execute(
        select(*COLUMNS).where(
            _D.id.in_(list(document_ids)),
            _D.attached_id == source_id,
            _D.attached_kind == RELEASED,
            _D.state == "clean",
        )
    )
    found = [Document(*row) for row in rows]
    known = set(await contents_of(uow, target_id))
    for each in found:
        if (each.name, each.sha256) not in known:
            await add(uow, actor, replace(each, id=DocumentId(new_id())), uow.now, (RELEASED, target_id))
            known.add((each.name, each.sha256))
    return frozenset(each.id for each in found)


async def contents_of(uow: Uow, subject_id: UUID) -> frozenset[tuple[str, str]]:
    """The files of one subject by name and content."""
    rows = await uow.connection.execute(select(_D.name, _D.sha256).where(_D.attached_id == subject_id))
    return frozenset((name, sha256) for name, sha256 in rows)


async def size_of_attachments(uow: Uow, subject_id: UUID) -> tuple[int, int]:
    """The number of files of one subject, such as a quote, and their total size in bytes."""
    row = (
        await uow.connection.execute(
            select(func.count(), func.coalesce(func.sum(_D.size), 0)).where(_D.attached_id == subject_id)
        )
    ).one()
    return int(row[0]), int(row[1])


async def release(connection: Connection, quote_ids: Sequence[UUID]) -> None:
    """Let staff read what is attached to these quotes."""
    await connection.later(Write(_RELEASE, {"quotes": list(quote_ids)}, documents.name))


async def attached_to(
    uow: Uow, actor: Actor, subject_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[Document]]:
    """The documents of each quote that this person may read, in the order in which they arrived."""
    rows = await uow.connection.execute(
        select(_D.attached_id, *COLUMNS)
        .where(_D.attached_id.in_(list(subject_ids)), readable(actor))
        .order_by(_D.id)
    )
    found: dict[UUID, list[Document]] = {subject_id: [] for subject_id in subject_ids}
    for subject_id, *row in rows:
        found[subject_id].append(Document(*row))
    return found
