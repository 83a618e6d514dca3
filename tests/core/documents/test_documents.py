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
from core.documents.commands import FetchDocument, UploadDocument
from core.documents.errors import Quarantined, QuotaFull
from core.documents.model import Document
from core.documents.scan import CommandScanner, ScannerDown, passes_scan
from core.documents.store import FileStore
from core.kernel.errors import Invalid, NotFound, TooLarge, UnsupportedMedia
from core.kernel.ids import DocumentId, new_id
from core.uow import Uow
from tests.core.documents import files
from tests.support.uow import SmallCompany


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def uploaded(
    company: SmallCompany, who: Actor, store: FileStore, content: bytes = files.PDF, name: str = "quote.pdf"
) -> Document:
    return await company.act(who, service.upload, UploadDocument(name, content, store))


async def attach(company: SmallCompany, who: Actor, ids: Sequence[UUID], quote: UUID) -> None:
    async def work(uow: Uow, actor: Actor, _: None) -> None:
        await service.attach(uow, actor, ids, quote)

    await company.act(who, work, None)


async def read(company: SmallCompany, who: Actor, document: Document, store: FileStore) -> bytes:
    return (await company.act(who, service.fetch, FetchDocument(document.id, store))).content


async def listed(company: SmallCompany, who: Actor, quote: UUID) -> list[Document]:
    async def look(uow: Uow, actor: Actor, _: None) -> list[Document]:
        return list((await service.attached_to(uow, actor, [quote]))[quote])

    return await company.act(who, look, None)


async def test_file_is_stored_by_its_content_and_read_back(company: SmallCompany, store: FileStore) -> None:
    document = await uploaded(company, company.requester, store, name="../Angebot\u202e.pdf")
    assert (document.name, document.media_type, document.size) == (
        "Angebot.pdf",
        "application/pdf",
        len(files.PDF),
    )
    assert await read(company, company.requester, document, store) == files.PDF
    assert await company.events() == ["document.uploaded"]


async def test_same_content_lies_on_the_disk_once(
    company: SmallCompany, store: FileStore, tmp_path: Path
) -> None:
    documents = await asyncio.gather(*(uploaded(company, company.requester, store) for _ in range(5)))
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
    company: SmallCompany,
    store: FileStore,
    tmp_path: Path,
    name: str,
    content: bytes,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        await uploaded(company, company.requester, store, content, name)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert await company.scalar("SELECT count(*) FROM documents") == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("prices.csv", b"item," + files.EICAR),
        ("quote.pdf", files.PDF.replace(b"endobj", files.EICAR + b"\nendobj")),
        ("prices.xlsx", files.workbook({"xl/media/a.bin": files.EICAR})),
    ],
)
async def test_harmful_file_is_kept_apart_and_never_served(
    company: SmallCompany, store: FileStore, name: str, content: bytes
) -> None:
    seller = await company.vendor_contact("Alder")
    document = await uploaded(company, seller, store, content, name)
    assert document.state == "quarantined"
    with pytest.raises(Quarantined):
        await read(company, seller, document, store)
    with pytest.raises(Invalid, match="document_ids/0"):
        await attach(company, seller, [document.id], new_id())


class SilentScanner:
    """A scanner that does not answer."""

    def is_harmful(self, content: bytes) -> bool:
        raise ScannerDown


def test_a_program_may_scan_and_only_its_two_answers_count() -> None:
    finds = CommandScanner(("grep", "-q", "harmless"))  # it ends with 0 and 1 as a scanner does
    assert passes_scan(finds, b"harmless")
    assert not passes_scan(finds, b"anything else")
    for broken in (("grep", "--no-such-option"), ("no-such-program",)):
        with pytest.raises(ScannerDown):
            CommandScanner(broken).is_harmful(b"harmless")
        assert not passes_scan(CommandScanner(broken), b"harmless")


async def test_file_that_nobody_could_scan_is_kept_apart(company: SmallCompany, store: FileStore) -> None:
    upload = UploadDocument("quote.pdf", files.PDF, store, SilentScanner())
    document = await company.act(company.requester, service.upload, upload)
    assert document.state == "quarantined"


async def test_file_is_read_by_its_owner_or_its_vendor_and_nobody_else(
    company: SmallCompany, store: FileStore
) -> None:
    seller, rival = await company.vendor_contact("Alder"), await company.vendor_contact("Birke")
    colleague = await company.person("Colleague", Role.vendor, vendor_id=seller.vendor_id)
    sellers = await uploaded(company, seller, store)
    staffs = await uploaded(company, company.requester, store)
    assert await read(company, colleague, sellers, store) == files.PDF
    for who, document in (
        (rival, sellers),
        (rival, staffs),
        (seller, staffs),
        (company.requester, sellers),
        (company.officer, sellers),
        (company.admin, sellers),
        (company.officer, staffs),
    ):
        with pytest.raises(NotFound):
            await read(company, who, document, store)
    with pytest.raises(NotFound):
        await company.act(company.officer, service.fetch, FetchDocument(DocumentId(new_id()), store))


async def test_attached_file_is_sealed_until_the_quotes_open(company: SmallCompany, store: FileStore) -> None:
    seller, rival = await company.vendor_contact("Alder"), await company.vendor_contact("Birke")
    document, quote = await uploaded(company, seller, store), new_id()
    await attach(company, seller, [document.id], quote)
    staff = (company.officer, company.admin, await company.person("Aron", Role.auditor))
    for reader in staff:
        assert await listed(company, reader, quote) == []
        with pytest.raises(NotFound):
            await read(company, reader, document, store)
    async with company.app.begin() as connection:
        await service.release_documents(connection, [quote])
    for reader in (*staff, seller):
        assert await listed(company, reader, quote) == [document]
        assert await read(company, reader, document, store) == files.PDF
    for stranger in (rival, company.requester):
        assert await listed(company, stranger, quote) == []
        with pytest.raises(NotFound):
            await read(company, stranger, document, store)


async def test_only_ones_own_files_are_attached_and_to_one_quote_only(
    company: SmallCompany, store: FileStore
) -> None:
    seller, rival = await company.vendor_contact("Alder"), await company.vendor_contact("Birke")
    colleague = await company.person("Colleague", Role.vendor, vendor_id=seller.vendor_id)
    mine, quote = await uploaded(company, seller, store), new_id()
    with pytest.raises(Invalid, match="document_ids/0"):
        await attach(company, rival, [mine.id], quote)
    with pytest.raises(Invalid, match="document_ids/1"):
        await attach(company, seller, [mine.id, new_id()], quote)
    await attach(company, colleague, [mine.id], quote)
    await attach(company, seller, [mine.id], quote)
    with pytest.raises(Invalid):
        await attach(company, seller, [mine.id], new_id())


async def test_a_quote_carries_twenty_files_at_most(company: SmallCompany, store: FileStore) -> None:
    seller, quote = await company.vendor_contact("Alder"), new_id()
    ids = [(await uploaded(company, seller, store)).id for _ in range(21)]
    await attach(company, seller, ids[:20], quote)
    with pytest.raises(Invalid, match="/document_ids"):
        await attach(company, seller, ids[20:], quote)


async def test_vendor_stores_500_mb_at_most_even_when_all_comes_at_once(
    company: SmallCompany, store: FileStore
) -> None:
    seller, rival = await company.vendor_contact("Alder"), await company.vendor_contact("Birke")
    await uploaded(company, seller, store)
    async with company.owner.begin() as connection:
        left = 2 * len(files.PDF)
        await connection.execute(text("UPDATE documents SET size = :size"), {"size": 500_000_000 - left})
    answers = await asyncio.gather(
        *(uploaded(company, seller, store) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(answer, Document) for answer in answers) == 2
    assert {type(answer) for answer in answers if not isinstance(answer, Document)} == {QuotaFull}
    assert (await uploaded(company, rival, store)).state == "clean"
