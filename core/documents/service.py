"""Uploading, attaching and reading documents.

One rule: a vendor's document is as sealed as its price; staff read it only once its quote may be read.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.documents.errors import Quarantined, QuotaFull
from core.documents.events import DocumentUploaded
from core.documents.kinds import clean_name, is_harmful, media_type_of
from core.documents.store import Store
from core.documents.tables import documents
from core.kernel.errors import NotFound, TooLarge, invalid
from core.kernel.ids import DocumentId, new_id
from core.uow import Uow

LARGEST = 10_000_000
QUOTA = 500_000_000
_D = documents.c


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes
    store: Store


@dataclass(frozen=True)
class Document:
    id: DocumentId
    name: str
    media_type: str
    size: int
    sha256: str
    state: str


@dataclass(frozen=True)
class Fetch:
    document_id: DocumentId
    store: Store


@dataclass(frozen=True)
class Fetched:
    document: Document
    content: bytes


@requires(Permission.documents_upload)
async def upload(uow: Uow, actor: Actor, command: Upload) -> Document:
    """Store a file of an accepted kind, 10 MB at most; a harmful one is kept apart and never served."""
    if len(command.content) > LARGEST:
        raise TooLarge(limit="10 MB")
    if not command.content:
        raise invalid("/file", "file.empty", "the file is empty", "quote.pdf")
    name = clean_name(command.name)
    media_type = await asyncio.to_thread(media_type_of, name, command.content)
    await _check_quota(uow, actor, len(command.content))
    sha256 = hashlib.sha256(command.content).hexdigest()
    state = "quarantined" if is_harmful(command.content) else "clean"
    await asyncio.to_thread(command.store.put, sha256, command.content)
    document = Document(DocumentId(new_id()), name, media_type, len(command.content), sha256, state)
    await uow.connection.execute(
        insert(documents).values(
            id=document.id,
            name=name,
            media_type=media_type,
            size=document.size,
            sha256=sha256,
            state=state,
            owner_id=actor.person_id,
            vendor_id=actor.vendor_id,
            uploaded_at=uow.now,
        )
    )
    await uow.record(
        DocumentUploaded(
            subject_id=document.id,
            subject_version=1,
            media_type=media_type,
            size=document.size,
            sha256=sha256,
            state=state,
        )
    )
    return document


async def _check_quota(uow: Uow, actor: Actor, size: int) -> None:
    if actor.vendor_id is None:
        return
    stored = await uow.connection.scalar(select(func.sum(_D.size)).where(_D.vendor_id == actor.vendor_id))
    if (stored or 0) + size > QUOTA:
        raise QuotaFull(limit="500 MB")


@requires(Permission.documents_read)
async def fetch(uow: Uow, actor: Actor, wanted: Fetch) -> Fetched:
    """A document's bytes, for its owner, its vendor, or staff once its quote is open."""
    row = (
        await uow.connection.execute(
            select(_D.id, _D.name, _D.media_type, _D.size, _D.sha256, _D.state).where(
                _D.id == wanted.document_id, _visible(actor)
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="document")
    if row.state != "clean":
        raise Quarantined(name=row.name)
    return Fetched(Document(*row), await asyncio.to_thread(wanted.store.get, row.sha256))


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return _D.vendor_id == actor.vendor_id
    own = _D.owner_id == actor.person_id
    return or_(own, _D.attached_kind == "open") if actor.may(Permission.requests_read_all) else own


async def attach(uow: Uow, actor: Actor, document_ids: Sequence[UUID], quote_id: UUID) -> None:
    """Tie one's own documents to a quote; sealed until ``open_up``."""
    for index, document_id in enumerate(document_ids):
        done = await uow.connection.execute(
            update(documents)
            .where(_D.id == document_id, _D.owner_id == actor.person_id, _D.state == "clean")
            .values(attached_kind="sealed", attached_id=quote_id)
        )
        if done.rowcount != 1:
            field = f"/document_ids/{index}"
            raise invalid(field, "document.unknown", "upload the file first", "POST /documents")


async def open_up(connection: AsyncConnection, quote_ids: Sequence[UUID]) -> None:
    """The quotes' RFQ is closed: staff may read what was attached."""
    await connection.execute(
        update(documents).where(_D.attached_id.in_(list(quote_ids))).values(attached_kind="open")
    )


async def attached_to(connection: AsyncConnection, quote_id: UUID) -> Sequence[Document]:
    """A quote's documents, in the order in which they came."""
    rows = await connection.execute(
        select(_D.id, _D.name, _D.media_type, _D.size, _D.sha256, _D.state)
        .where(_D.attached_id == quote_id)
        .order_by(_D.id)
    )
    return [Document(*row) for row in rows]
