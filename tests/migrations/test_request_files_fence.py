"""Files of a request behind row-level security: a vendor's login sees what went along, and no other file of ours."""

import datetime as dt
from pathlib import Path

from core.attachments import service as attachments
from core.attachments.commands import AttachFiles
from core.documents import service as documents
from core.documents.commands import UploadDocument
from core.documents.store import FileStore
from core.kernel.ids import DocumentId
from core.sourcing import service as sourcing
from core.sourcing.commands import SendRfq
from tests.migrations.test_vendor_fence import TwoVendors, as_vendor, two_vendors

__all__ = ["two_vendors"]
CONTENT = b"item,price\nlaptop,1180\n"


async def names_seen(two_vendors: TwoVendors, vendor_id: object) -> list[str]:
    connection = await as_vendor(two_vendors, vendor_id)  # type: ignore[arg-type]
    found = await connection.fetch("SELECT name FROM documents WHERE vendor_id IS NULL ORDER BY name")
    await connection.close()
    return [row["name"] for row in found]


async def test_a_vendors_login_sees_the_files_that_went_along_and_no_other(
    two_vendors: TwoVendors, tmp_path: Path
) -> None:
    world, store = two_vendors.world, FileStore(tmp_path)
    requester, officer = await world.a_requester(), await world.an_officer()
    request = (await world.a_request(requester)).request
    files: dict[str, DocumentId] = {}
    for name, inside in (("drawing.csv", False), ("offer.csv", False), ("budget.csv", True)):
        uploaded = await world.act(requester, documents.upload, UploadDocument(name, CONTENT, store))
        files[name] = uploaded.id
        await world.act(requester, attachments.attach, AttachFiles(request.id, (uploaded.id,), inside))
    alder, birke = two_vendors.alder.vendor_id, two_vendors.birke.vendor_id
    assert alder is not None
    until = world.now + dt.timedelta(days=3)
    vendor, contact = await world.a_vendor()
    send = SendRfq(request.id, (vendor.id,), until, "", files=(files["drawing.csv"],))
    await world.act(officer, sourcing.send_rfq, send)
    assert await names_seen(two_vendors, contact.vendor_id) == ["drawing.csv"]
    assert await names_seen(two_vendors, alder) == await names_seen(two_vendors, birke) == []
