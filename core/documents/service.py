"""Uploading, attaching and reading documents.

One rule: a vendor's document is as sealed as its price, so staff read it only once its quote may be read.

Bytes are stored before the row is committed: a failure leaves bytes without a row, never a row without bytes.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.connection import Connection
from core.documents import repo
from core.documents.commands import FetchDocument, UploadDocument
from core.documents.errors import Quarantined, QuotaFull
from core.documents.events import DocumentUploaded
from core.documents.kinds import clean_name, media_type_of
from core.documents.model import Document, DocumentState, FetchedDocument
from core.documents.policy import RELEASED, SEALED
from core.documents.scan import passes_scan
from core.kernel.errors import TooLarge, invalid
from core.kernel.ids import DocumentId, new_id
from core.kernel.limits import MAX_FILE_BYTES, MAX_FILE_SIZE
from core.uow import Uow

__all__ = [
    "Document",
    "FetchDocument",
    "FetchedDocument",
    "UploadDocument",
    "attach",
    "attach_open",
    "attached_to",
    "carry",
    "fetch",
    "release_documents",
    "share",
    "upload",
]

VENDOR_QUOTA_BYTES = 500_000_000
MAX_FILES, MAX_BYTES = 20, 50_000_000
"""The limits of one quote, RFQ, order or receipt."""


@requires(Permission.documents_upload)
async def upload(uow: Uow, actor: Actor, command: UploadDocument) -> Document:
    """Store a file of an accepted type, 10 MB at most; a harmful one is quarantined and never served."""
    if len(command.content) > MAX_FILE_BYTES:
        raise TooLarge(limit=MAX_FILE_SIZE)
    if not command.content:
        raise invalid("/file", "file.empty", "the file is empty", "quote.pdf")
    if actor.vendor_id is not None:
        stored = await repo.stored_by(uow, actor.vendor_id)
        if stored + len(command.content) > VENDOR_QUOTA_BYTES:
            raise QuotaFull(limit="500 MB")
    document = await asyncio.to_thread(_inspect_and_store, command)
    await repo.add(uow, actor, document, uow.now)
    await uow.record(
        DocumentUploaded(
            subject_id=document.id,
            subject_version=1,
            media_type=document.media_type,
            size=document.size,
            sha256=document.sha256,
            state=document.state,
        )
    )
    return document


def _inspect_and_store(command: UploadDocument) -> Document:
    """The CPU and disk work, off the event loop: recognise what was not recognised before, scan, store."""
    name = clean_name(command.name)
    media_type = command.media_type or media_type_of(name, command.content)
    clean = passes_scan(command.scanner, command.content)
    state = DocumentState.clean if clean else DocumentState.quarantined
    sha256 = hashlib.sha256(command.content).hexdigest()
    command.store.put(sha256, command.content)
    return Document(DocumentId(new_id()), name, media_type, len(command.content), sha256, state.value)


@requires(Permission.documents_read)
async def fetch(uow: Uow, actor: Actor, command: FetchDocument) -> FetchedDocument:
    """A document's bytes, for its owner, its vendor, or staff once its quote is open."""
    document = await repo.visible_to(uow, actor, command.document_id)
    if document.state != DocumentState.clean:
        raise Quarantined(name=document.name)
    return FetchedDocument(document, await asyncio.to_thread(command.store.get, document.sha256))


async def attach(
    uow: Uow, actor: Actor, document_ids: Sequence[UUID], subject_id: UUID, kind: str = SEALED
) -> None:
    """Attach one's own documents, 20 files and 50 MB at most; those of a quote are sealed until it is opened."""
    for index, document_id in enumerate(document_ids):
        if not await repo.attach(uow, actor, document_id, subject_id, kind):
            field = f"/document_ids/{index}"
            raise invalid(field, "document.unknown", "upload the file for this first", "POST /documents")
    if document_ids:
        await _check_size(uow, subject_id, "/document_ids")


async def _check_size(uow: Uow, subject_id: UUID, field: str) -> None:
    files, size = await repo.size_of_attachments(uow, subject_id)
    if files > MAX_FILES or size > MAX_BYTES:
        why = f"{MAX_FILES} files and {MAX_BYTES // 1_000_000} MB at most"
        raise invalid(field, "documents.too_many", why, "quote.pdf")


async def attach_open(uow: Uow, actor: Actor, document_ids: Sequence[UUID], subject_id: UUID) -> None:
    """Attach one's own documents to something that staff with oversight may read at once, such as a receipt."""
    await attach(uow, actor, document_ids, subject_id, RELEASED)


async def share(
    uow: Uow, actor: Actor, document_ids: Sequence[UUID], rfq_id: UUID, vendor_ids: Sequence[UUID]
) -> None:
    """Attach files of ours to an RFQ: staff and the vendors who are asked may read them, nobody else."""
    await attach(uow, actor, document_ids, rfq_id, RELEASED)
    await repo.share(uow, rfq_id, vendor_ids)


async def carry(uow: Uow, actor: Actor, document_ids: Sequence[UUID], source_id: UUID, rfq_id: UUID) -> None:
    """Let files of a request go along with an RFQ, as files of its own; refuses others and those kept inside."""
    if not document_ids:
        return
    found = await repo.copy(uow, actor, document_ids, source_id, rfq_id)
    for index, document_id in enumerate(document_ids):
        if document_id not in found:
            raise invalid(
                f"/files/{index}",
                "file.not_of_request",
                "is no file of the request that vendors may get",
                None,
            )
    await _check_size(uow, rfq_id, "/files")


async def contents_of(uow: Uow, subject_id: UUID) -> frozenset[tuple[str, str]]:
    """The files of one subject by name and content, whoever may read them."""
    return await repo.contents_of(uow, subject_id)


async def release_documents(connection: Connection, quote_ids: Sequence[UUID]) -> None:
    """The quotes' RFQ is closed, so staff may read what is attached to them."""
    await repo.release(connection, quote_ids)


@requires(Permission.documents_read)
async def attached_to(
    uow: Uow, actor: Actor, subject_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[Document]]:
    """The documents of each quote or RFQ that this person may read, in the order in which they arrived."""
    return await repo.attached_to(uow, actor, subject_ids)
