"""Uploading, attaching, releasing and reading documents."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.documents import service
from core.documents.commands import Fetch, Upload
from core.documents.errors import Quarantined, QuotaFull
from core.documents.model import Document
from core.documents.scan import ScannerDown
from core.documents.store import FileStore
from core.kernel.errors import Invalid, NotFound, TooLarge, UnsupportedMedia
from core.kernel.ids import DocumentId, new_id
from core.uow import Uow
from tests.core.documents import files
from tests.support.uow import Office


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def uploaded(
    office: Office, who: Actor, store: FileStore, content: bytes = files.PDF, name: str = "quote.pdf"
) -> Document:
    return await office.act(who, service.upload, Upload(name, content, store))


async def attach(office: Office, who: Actor, ids: Sequence[UUID], quote: UUID) -> None:
    async def work(uow: Uow, actor: Actor, _: None) -> None:
        await service.attach(uow, actor, ids, quote)

    await office.act(who, work, None)


async def read(office: Office, who: Actor, document: Document, store: FileStore) -> bytes:
    return (await office.act(who, service.fetch, Fetch(document.id, store))).content


async def listed(office: Office, who: Actor, quote: UUID) -> list[Document]:
    async def look(uow: Uow, actor: Actor, _: None) -> list[Document]:
        return list((await service.attached_to(uow, actor, [quote]))[quote])

    return await office.act(who, look, None)


async def test_file_is_stored_by_its_content_and_read_back(office: Office, store: FileStore) -> None:
    document = await uploaded(office, office.requester, store, name="../Angebot\u202e.pdf")
    assert (document.name, document.media_type, document.size) == (
        "Angebot.pdf",
        "application/pdf",
        len(files.PDF),
    )
    assert await read(office, office.requester, document, store) == files.PDF
    assert await office.events() == ["document.uploaded"]


async def test_same_content_lies_on_the_disk_once(office: Office, store: FileStore, tmp_path: Path) -> None:
    documents = await asyncio.gather(*(uploaded(office, office.requester, store) for _ in range(5)))
    assert len({document.id for document in documents}) == 5
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [documents[0].sha256]


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("quote.pdf", b"", Invalid),
        ("quote.pdf", files.PDF + b"\n" * 10_000_000, TooLarge),
        ("quote.exe", files.PDF, UnsupportedMedia),
        ("quote.pdf", files.png(), UnsupportedMedia),
    ],
)
async def test_refused_file_leaves_nothing_behind(
    office: Office, store: FileStore, tmp_path: Path, name: str, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await uploaded(office, office.requester, store, content, name)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert await office.scalar("SELECT count(*) FROM documents") == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("prices.csv", b"item," + files.EICAR),
        ("quote.pdf", files.PDF.replace(b"endobj", files.EICAR + b"\nendobj")),
        ("prices.xlsx", files.workbook({"xl/media/a.bin": files.EICAR})),
    ],
)
async def test_harmful_file_is_kept_apart_and_never_served(
    office: Office, store: FileStore, name: str, content: bytes
) -> None:
    seller = await office.seller("Alder")
    document = await uploaded(office, seller, store, content, name)
    assert document.state == "quarantined"
    with pytest.raises(Quarantined):
        await read(office, seller, document, store)
    with pytest.raises(Invalid, match="document_ids/0"):
        await attach(office, seller, [document.id], new_id())


class Silent:
    """A scanner that does not answer."""

    def is_harmful(self, content: bytes) -> bool:
        raise ScannerDown


async def test_file_that_nobody_could_scan_is_kept_apart(office: Office, store: FileStore) -> None:
    upload = Upload("quote.pdf", files.PDF, store, Silent())
    document = await office.act(office.requester, service.upload, upload)
    assert document.state == "quarantined"


async def test_file_is_read_by_its_owner_or_its_vendor_and_nobody_else(
    office: Office, store: FileStore
) -> None:
    seller, rival = await office.seller("Alder"), await office.seller("Birke")
    colleague = await office.person("Colleague", Role.vendor, vendor_id=seller.vendor_id)
    sellers = await uploaded(office, seller, store)
    staffs = await uploaded(office, office.requester, store)
    assert await read(office, colleague, sellers, store) == files.PDF
    for who, document in (
        (rival, sellers),
        (rival, staffs),
        (seller, staffs),
        (office.requester, sellers),
        (office.officer, sellers),
        (office.admin, sellers),
        (office.officer, staffs),
    ):
        with pytest.raises(NotFound):
            await read(office, who, document, store)
    with pytest.raises(NotFound):
        await office.act(office.officer, service.fetch, Fetch(DocumentId(new_id()), store))


async def test_attached_file_is_sealed_until_the_quotes_open(office: Office, store: FileStore) -> None:
    seller, rival = await office.seller("Alder"), await office.seller("Birke")
    document, quote = await uploaded(office, seller, store), new_id()
    await attach(office, seller, [document.id], quote)
    staff = (office.officer, office.admin, await office.person("Aron", Role.auditor))
    for reader in staff:
        assert await listed(office, reader, quote) == []
        with pytest.raises(NotFound):
            await read(office, reader, document, store)
    async with office.app.begin() as connection:
        await service.open_up(connection, [quote])
    for reader in (*staff, seller):
        assert await listed(office, reader, quote) == [document]
        assert await read(office, reader, document, store) == files.PDF
    for stranger in (rival, office.requester):
        assert await listed(office, stranger, quote) == []
        with pytest.raises(NotFound):
            await read(office, stranger, document, store)


async def test_only_ones_own_files_are_attached_and_to_one_quote_only(
    office: Office, store: FileStore
) -> None:
    seller, rival = await office.seller("Alder"), await office.seller("Birke")
    colleague = await office.person("Colleague", Role.vendor, vendor_id=seller.vendor_id)
    mine, quote = await uploaded(office, seller, store), new_id()
    with pytest.raises(Invalid, match="document_ids/0"):
        await attach(office, rival, [mine.id], quote)
    with pytest.raises(Invalid, match="document_ids/1"):
        await attach(office, seller, [mine.id, new_id()], quote)
    await attach(office, colleague, [mine.id], quote)
    await attach(office, seller, [mine.id], quote)
    with pytest.raises(Invalid):
        await attach(office, seller, [mine.id], new_id())


async def test_a_quote_carries_twenty_files_at_most(office: Office, store: FileStore) -> None:
    seller, quote = await office.seller("Alder"), new_id()
    ids = [(await uploaded(office, seller, store)).id for _ in range(21)]
    await attach(office, seller, ids[:20], quote)
    with pytest.raises(Invalid, match="/document_ids"):
        await attach(office, seller, ids[20:], quote)


async def test_vendor_stores_500_mb_at_most_even_when_all_comes_at_once(
    office: Office, store: FileStore
) -> None:
    seller, rival = await office.seller("Alder"), await office.seller("Birke")
    await uploaded(office, seller, store)
    async with office.owner.begin() as connection:
        left = 2 * len(files.PDF)
        await connection.execute(text("UPDATE documents SET size = :size"), {"size": 500_000_000 - left})
    answers = await asyncio.gather(
        *(uploaded(office, seller, store) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(answer, Document) for answer in answers) == 2
    assert {type(answer) for answer in answers if not isinstance(answer, Document)} == {QuotaFull}
    assert (await uploaded(office, rival, store)).state == "clean"
