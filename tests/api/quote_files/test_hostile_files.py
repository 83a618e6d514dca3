"""A hostile file ends in its own process, within its limits, and its sender reads which limit it was."""

import asyncio
import io
import json
import os
import signal
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.child import KINDS, MOST_OF_SENDER, FileReader, OpenedFile
from api.quote_files.fork_server import FileRequest
from api.quote_files.model import FileRow, Gap, PageSize, Task
from api.text import all_keys
from api.text.file_gaps import file_gap
from core.documents.errors import Damaged, Oversized, WrongKind
from core.documents.kinds import media_type_of
from core.kernel.errors import RateLimited, Unavailable, UnsupportedMedia
from tests.api.quote_files.hostile_children import children_that
from tests.api.quote_files.pdf_layouts import LAYOUTS, pdf
from tests.api.quote_files.sheet_layouts import rows, workbook

MEDIA_TYPES = {kind: media_type for media_type, kind in KINDS.items()}
GOOD = workbook(rows(["Item", "Qty", "Price"], ["Laptop", 3, 1180]))


def with_entry(name: str, change: Any) -> bytes:
    """The good workbook with one entry of its archive added or changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            content = given.read(entry)
            made.writestr(entry, change(content) if entry.filename == name else content)
        if name not in given.namelist():
            made.writestr(name, change(b""))
    return out.getvalue()


def corner(book: Any, sheet: Any) -> None:
    """Two cells, with a million rows of sixteen thousand between them."""
    sheet.write(0, 0, "Item")
    sheet.write(1_048_575, 16_383, "x")


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
PAGES = "#pagebreak()\n".join(["x\n"] * (limits.MOST_PAGES + 1))


UPLOADED: Mapping[str, tuple[str, bytes, type[UnsupportedMedia]]] = {
    "an archive inside": ("q.xlsx", with_entry("xl/media/a.png", lambda _: GOOD), Damaged),
    "entities": ("q.xlsx", with_entry(SHEET, lambda content: LAUGHS + content), Damaged),
    "a hundred times its size": ("q.xlsx", with_entry(SHEET, lambda _: b"0" * 20_000_000), Oversized),
    "another ending": ("q.pdf", GOOD, WrongKind),
    "cut off": ("q.xlsx", GOOD[:-30], Damaged),
    "another archive": ("--.xlsx", b"PK\x03\x04", Damaged),
}


@pytest.mark.parametrize("what", UPLOADED)
async def test_an_uploaded_archive_is_refused_as_it_would_be_here(what: str) -> None:
    name, content, refusal = UPLOADED[what]
    async with FileReader().turn("somebody") as opened:
        with pytest.raises(refusal) as refused:
            await opened.media_type(name, content)
    with pytest.raises(refusal) as here:
        media_type_of(name, content)
    assert refused.value.facts() == here.value.facts()


async def test_a_good_workbook_is_taken_by_a_process_of_its_own() -> None:
    async with FileReader().turn("somebody") as opened:
        assert await opened.media_type("q.xlsx", GOOD) == MEDIA_TYPES["xlsx"]


@pytest.mark.parametrize(
    ("code", "refusal"),
    [(-signal.SIGXCPU, Oversized), (-signal.SIGKILL, Oversized), (1, Unavailable), (0, Damaged)],
)
async def test_an_archive_that_ends_its_process_is_not_taken(
    code: int, refusal: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(*_: object, **__: object) -> tuple[int, bytes]:
        return code, b""

    monkeypatch.setattr(OpenedFile, "_run", ended)
    with pytest.raises(refusal):
        await OpenedFile().media_type("q.xlsx", GOOD)


def in_utf16(content: bytes) -> bytes:
    return (EXTERNAL + content).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


HOSTILE: Mapping[str, tuple[str, bytes, GapKind, str]] = {
    "an archive inside": (
        "xlsx",
        with_entry("xl/media/a.png", lambda _: GOOD),
        GapKind.archive_inside,
        "archive",
    ),
    "entities": (
        "xlsx",
        with_entry(SHEET, lambda s: LAUGHS + s.split(b"?>", 1)[1]),
        GapKind.entities,
        "DOCTYPE",
    ),
    "a file of the server": ("xlsx", with_entry(SHEET, lambda s: EXTERNAL + s), GapKind.entities, "DOCTYPE"),
    "entities in UTF-16": ("xlsx", with_entry(SHEET, in_utf16), GapKind.entities, "DOCTYPE"),
    "a bomb": ("xlsx", with_entry("xl/big.xml", lambda _: b" " * 22_000_000), GapKind.too_large, "20 MB"),
    "too many rows": ("xlsx", workbook(rows(*([n] for n in range(1_200)))), GapKind.too_many_rows, "1000"),
    "too many columns": ("xlsx", workbook(rows(list(range(500)))), GapKind.too_many_columns, "240"),
    "a cell in the farthest corner": ("xlsx", workbook(corner), GapKind.too_much_memory, "1024 MB"),
    "too many rows of text": ("csv", b"a;b\n" * 5_000, GapKind.too_many_rows, "1000"),
    "too many pages": ("pdf", pdf(PAGES), GapKind.too_many_pages, "20"),
    "no text": ("pdf", pdf("#rect(width: 5cm, height: 3cm)"), GapKind.no_text, "scan"),
    "no PDF": ("pdf", b"%PDF-1.7\n" + os.urandom(2_000) + b"%%EOF", GapKind.unreadable, "open this file"),
    "no archive": ("xlsx", b"PK\x03\x04" + os.urandom(2_000), GapKind.unreadable, "open this file"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_it_is_refused_with_the_limit_that_it_meets(name: str) -> None:
    kind, content, gap, words = HOSTILE[name]
    reading = await OpenedFile().read(MEDIA_TYPES[kind], content)
    assert reading.rows == ()
    assert reading.refused
    assert [each.kind for each in reading.gaps] == [gap]
    assert words in file_gap(gap.value, reading.gaps[0].facts, "en")


async def test_a_file_that_takes_too_long_or_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WALL_SECONDS", 0.05)
    with children_that("time.sleep(600)") as server:
        reading = await OpenedFile(server).read(MEDIA_TYPES["csv"], b"Item;Price\n")
    assert [each.kind for each in reading.gaps] == [GapKind.too_slow]


async def test_the_child_knows_no_secret_and_writes_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PARLEY_DATABASE_URL", "postgresql://secret")
    lines = (
        "told([*os.environ, *open('/proc/self/environ').read().split('\\0')])\n"
        f"with open({str(tmp_path / 'out')!r}, 'w') as out: out.write('x' * 10)"
    )
    with children_that(lines) as server:
        reading = await OpenedFile(server).read(MEDIA_TYPES["csv"], b"Item;Price\n")
        code, out = await server.answer(FileRequest(Task.read, "csv", b""))
    assert [each.kind for each in reading.gaps] == [GapKind.unreadable]
    assert code == 1
    names = {each.partition("=")[0] for each in json.loads(out)} - {""}
    assert "PATH" in names
    assert names <= {"PATH", "LANG", "SYSTEMROOT", "LC_CTYPE"}
    assert not (tmp_path / "out").exists() or (tmp_path / "out").read_text() == ""


async def test_a_page_is_drawn_and_one_that_is_not_there_is_none() -> None:
    content = pdf(LAYOUTS["two pages with the sum carried over"].source)
    reader = OpenedFile()
    picture = await reader.picture(content, 2)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert await reader.picture(content, 3) is None
    assert await reader.picture(b"%PDF-1.7 %%EOF", 1) is None


async def test_a_file_that_takes_too_much_processor_time_is_told_so_and_starts_nothing() -> None:
    """With one limit for warning and end the kernel kills, and the sender would read of memory."""
    script = (
        "import resource, sys; from api.quote_files import reader_limits as limits; limits.CPU_SECONDS = 1\n"
        "limits.apply(); print(resource.getrlimit(resource.RLIMIT_NPROC), flush=True)\n"
        "while True: pass"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == -signal.SIGXCPU
    assert out.decode().strip() == "(0, 0)"


async def test_slow_files_of_one_sender_hold_up_no_other() -> None:
    reader, order = FileReader(), list[str]()
    ended = asyncio.Event()

    async def slow() -> None:
        async with reader.turn("slow"):
            order.append("slow")
            await ended.wait()

    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(slow()) for _ in range(MOST_OF_SENDER)]
        await asyncio.sleep(0)
        async with reader.turn("other"):
            order.append("other")
        assert order == ["slow", "other"]
        with pytest.raises(RateLimited):
            async with reader.turn("slow"):
                pytest.fail("one too many")
        waiting.pop().cancel()
        ended.set()
    async with reader.turn("slow"):
        order.append("last")
    assert order == ["slow", "other", *["slow"] * (MOST_OF_SENDER - 2), "last"]


def test_what_a_file_says_can_be_stored_and_shown() -> None:
    row = FileRow(item="Lap\0top", text="on request " * 20_000, shown="a\ud800\x1bb")
    assert (row.item, row.shown, len(row.text)) == ("Laptop", "ab", 300)
    assert Gap(kind=GapKind.no_price, facts={"text": "\0x"}).facts == {"text": "x"}
    for width in (0, -1, float("inf"), float("nan"), 1e300):
        with pytest.raises(ValidationError):
            PageSize(width=width, height=100)


def test_every_gap_has_its_sentence_in_every_language() -> None:
    assert {f"uploads.{kind.value}" for kind in GapKind} == {
        key for key in all_keys() if key.startswith("uploads.")
    }
