"""Files over HTTP: taken by content and name, bound to their key, given back as attachments only."""

import io
import zipfile

import httpx2
import pytest

from core.people.model import Person
from tests.api.quote_files.test_hostile_files import GOOD
from tests.support.api import Api
from tests.support.world import World

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


async def upload(
    api: Api, by: Person, content: bytes, name: str = "quote.pdf", key: str | None = None
) -> httpx2.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await api.as_(by).send("POST", "/documents", files={"file": (name, content)}, headers=headers)


async def test_a_file_comes_back_byte_for_byte_and_cannot_run(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    made = (await upload(api, contact, PDF, "Angebot Büro.pdf")).json()
    assert (made["media_type"], made["size"]) == ("application/pdf", len(PDF))
    got = await api.as_(contact).send("GET", f"/documents/{made['id']}")
    assert got.content == PDF
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''Angebot%20B%C3%BCro.pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("sandbox")


async def test_no_process_of_the_api_looks_into_an_archive(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would not answer anybody else meanwhile, and would keep a connection to the database."""

    def opened_here(name: str, content: bytes) -> str:
        raise AssertionError(f"{name} is opened here")

    monkeypatch.setattr("core.documents.service.media_type_of", opened_here)
    _, contact = await world.a_vendor()
    made = await upload(api, contact, GOOD, "quote.xlsx")
    assert (made.status_code, made.json()["name"]) == (201, "quote.xlsx")
    for content in (_macro_book(), _bomb()):
        assert (await upload(api, contact, content, "quote.xlsx")).status_code == 415


async def test_a_key_is_bound_to_the_file_and_not_to_the_forms_boundary(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    first = await upload(api, contact, PDF, key="k")
    second = await upload(api, contact, PDF, key="k")
    assert first.json()["id"] == second.json()["id"]
    assert (await upload(api, contact, PDF + b"x", key="k")).json()["code"] == "idempotency.mismatch"


async def test_a_vendors_file_is_nobody_elses(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    _, other = await world.a_vendor()
    made = (await upload(api, contact, PDF)).json()
    for person in (other, await world.an_officer(), await world.an_admin()):
        assert (await api.as_(person).send("GET", f"/documents/{made['id']}")).status_code == 404


def _macro_book() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"):
            book.writestr(name, "x")
    return file.getvalue()


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            book.writestr(name, b"0" * 20_000_000)
    return file.getvalue()


REFUSED = {
    "program": (b"MZ\x90\x00", "quote.exe", 415),
    "program called a PDF": (b"MZ\x90\x00" * 10, "quote.pdf", 415),
    "PDF called a picture": (PDF, "quote.png", 415),
    "page": (b"<html><script>1</script></html>", "quote.html", 415),
    "workbook with macros": (_macro_book(), "quote.xlsx", 415),
    "bomb": (_bomb(), "quote.xlsx", 415),
    "no ending": (PDF, "quote", 415),
    "empty": (b"", "quote.pdf", 422),
    "10 MB and a byte": (PDF + b"0" * 10_000_000, "quote.pdf", 413),
    "20 MB": (PDF + b"0" * 20_000_000, "quote.pdf", 413),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_hostile_files_are_refused(api: Api, world: World, name: str) -> None:
    content, file_name, status = REFUSED[name]
    answer = await upload(api, await world.a_requester(), content, file_name)
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_file_that_a_scanner_knows_is_kept_and_never_served(api: Api, world: World) -> None:
    requester = await world.a_requester()
    made = await upload(api, requester, EICAR, "notes.csv")
    assert made.status_code == 201
    got = await api.as_(requester).send("GET", f"/documents/{made.json()['id']}")
    assert (got.status_code, got.json()["code"]) == (409, "documents.quarantined")


async def test_a_form_without_a_file_names_the_field(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    wrong = await caller.send("POST", "/documents", files={"other": ("x.pdf", PDF)})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "/file")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    broken = await caller.send("POST", "/documents", content=b"--y\r\n", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "unreadable_body")
    plain = await caller.send("POST", "/documents", {"file": "x"})
    assert plain.status_code == 415
