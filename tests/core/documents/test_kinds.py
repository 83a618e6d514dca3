"""What is taken and what is refused: name and content must agree, and nothing hides in a file."""

import gzip
from random import Random

import pytest

from core.documents.errors import Damaged, Locked, Oversized, WrongEncoding, WrongKind
from core.documents.kinds import clean_name, media_type_of
from core.kernel.errors import UnsupportedMedia
from tests.core.documents import files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("quote.pdf", files.PDF, "application/pdf"),
        ("QUOTE.PDF", files.PDF, "application/pdf"),
        ("prices.csv", files.CSV, "text/csv"),
        ("prices.csv", b"\xef\xbb\xbf" + files.CSV, "text/csv"),
        ("prices.csv", "item;price\r\nStühle;1180,00 €\r\n".encode("cp1252"), "text/csv"),
        ("prices.csv", "товар;цена\r\nстул;1180,00\r\n".encode("cp1251"), "text/csv"),
        ("prices.csv", "item,price\r\n".encode("utf-16"), "text/csv"),
        ("prices.csv", "item,price\r\n".encode("utf-16-le"), "text/csv"),
        ("prices.csv", "Артикул;Цена\r\n".encode("utf-16-le"), "text/csv"),
        ("photo.png", files.png(), "image/png"),
        ("photo.jpg", files.jpeg(), "image/jpeg"),
        ("photo.jpeg", files.jpeg(4000, 3000), "image/jpeg"),
        ("prices.xlsx", files.workbook(), XLSX),
        ("prices.xlsx", files.workbook({"xl/worksheets/sheet1.xml": b"<row/>" * 1000}), XLSX),
    ],
)
def test_whole_files_of_accepted_kinds_are_recognised(name: str, content: bytes, media_type: str) -> None:
    assert media_type_of(name, content) == media_type


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
)


def random_text(size: int) -> bytes:
    """What does not compress."""
    return bytes(Random(1).choices(range(65, 91), k=size))


HOSTILE = {
    "png that calls itself pdf": ("quote.pdf", files.png()),
    "pdf that calls itself png": ("photo.png", files.PDF),
    "program": ("quote.pdf", b"MZ\x90\x00" + b"\0" * 100),
    "script that calls itself csv": ("prices.exe", files.CSV),
    "page": ("page.html", b"<script>alert(1)</script>"),
    "vector picture": ("photo.svg", b"<svg onload='alert(1)'/>"),
    "no ending": ("quote", files.PDF),
    "only an ending": (".pdf", files.png()),
    "two endings": ("quote.pdf.exe", files.PDF),
    "magic bytes alone": ("quote.pdf", b"%PDF-"),
    "truncated pdf": ("quote.pdf", files.PDF[:-10]),
    "pdf with an archive behind": ("quote.pdf", files.PDF + files.workbook()),
    "encrypted pdf": ("quote.pdf", files.PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root")),
    "truncated png": ("photo.png", files.png()[:-5]),
    "png with an archive behind": ("photo.png", files.png() + files.workbook()),
    "png with a wrong checksum": ("photo.png", files.png().replace(b"IEND", b"IENE")),
    "png of four billion pixels": ("photo.png", files.png(65_536, 65_536)),
    "png of no pixels": ("photo.png", files.png(0, 10)),
    "png without a header": ("photo.png", b"\x89PNG\r\n\x1a\n" + files.chunk(b"IEND", b"")),
    "truncated jpeg": ("photo.jpg", files.jpeg()[:-2]),
    "jpeg of four billion pixels": ("photo.jpg", files.jpeg(65_535, 65_535)),
    "jpeg without a frame": ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10" + b"\0" * 14 + b"\xff\xd9"),
    "text with NUL": ("prices.csv", b"item\x00,price"),
    "text with NUL at its end": ("prices.csv", b"<p>price</p>\x00\x00"),
    "text with escape codes": ("prices.csv", b"item\x1b[2J,price"),
    "text in no known encoding": ("prices.csv", b"\xff\xfe\xfa"),
    "blank text": ("prices.csv", b"   \r\n"),
    "archive that is no workbook": ("prices.xlsx", files.archive({"readme.txt": b"hello"})),
    "document that is no workbook": ("prices.xlsx", files.archive({"word/document.xml": b"<w/>"})),
    "truncated archive": ("prices.xlsx", files.workbook()[:-30]),
    "archive cut in the middle": ("prices.xlsx", files.workbook()[:40]),
    "macros": ("prices.xlsx", files.workbook({"xl/vbaProject.bin": b"x"})),
    "macros with another case": ("prices.xlsx", files.workbook({"XL/VBAPROJECT.BIN": b"x"})),
    "old macro sheets": ("prices.xlsx", files.workbook({"xl/macrosheets/sheet1.xml": b"x"})),
    "macros by content type": (
        "prices.xlsx",
        files.workbook(
            {"[Content_Types].xml": b"<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>"}
        ),
    ),
    "embedded program": ("prices.xlsx", files.workbook({"xl/embeddings/oleObject1.bin": b"x"})),
    "link to another workbook": ("prices.xlsx", files.workbook({"xl/externalLinks/externalLink1.xml": b"x"})),
    "archive inside": ("prices.xlsx", files.workbook({"xl/media/image1.png": files.workbook()})),
    "empty archive inside": ("prices.xlsx", files.workbook({"xl/data.bin": b"PK\x05\x06" + b"\0" * 18})),
    "compressed again inside": (
        "prices.xlsx",
        files.workbook({"xl/sheet.xml": gzip.compress(b"x" * 10_000)}),
    ),
    "rar inside": ("prices.xlsx", files.workbook({"xl/data.bin": b"Rar!\x1a\x07\x01\0"})),
    "entity bomb": ("prices.xlsx", files.workbook({"xl/sharedStrings.xml": BILLION_LAUGHS})),
    "entity bomb in utf-16": (
        "prices.xlsx",
        files.workbook({"xl/sharedStrings.xml": BILLION_LAUGHS.decode().encode("utf-16")}),
    ),
    "entity bomb far inside": (
        "prices.xlsx",
        files.workbook({"xl/sharedStrings.xml": random_text(65_536 - 5) + BILLION_LAUGHS}),
    ),
    "external entity": (
        "prices.xlsx",
        files.workbook(
            {"xl/workbook.xml": b'<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]><w>&f;</w>'}
        ),
    ),
    "external definition": (
        "prices.xlsx",
        files.workbook({"xl/workbook.xml": b'<!doctype w SYSTEM "http://169.254.169.254/x.dtd"><w/>'}),
    ),
    "path that leads out": ("prices.xlsx", files.workbook({"../../evil.xml": b"x"})),
    "path with backslashes": ("prices.xlsx", files.workbook({"..\\..\\evil.xml": b"x"})),
    "absolute path": ("prices.xlsx", files.workbook({"/tmp/evil.xml": b"x"})),
    "symbolic link": ("prices.xlsx", files.workbook_with_link()),
    "encrypted workbook": ("prices.xlsx", files.encrypted_workbook()),
    "two members of one name": ("prices.xlsx", files.workbook_with_twins()),
    "bomb by ratio": ("prices.xlsx", files.workbook({"xl/sheet.xml": b"\0" * 30_000_000})),
    "bomb by size": ("prices.xlsx", files.workbook({f"xl/{n}.xml": b"\0" * 20_000_000 for n in range(6)})),
    "bomb whose header lies": ("prices.xlsx", files.lying_bomb()),
    "bomb by count": ("prices.xlsx", files.workbook({f"xl/{n}.xml": b"" for n in range(1000)})),
    "bytes before the archive": ("prices.xlsx", b"PK\x03\x04" + files.workbook()),
    "bytes behind the archive": ("prices.xlsx", files.workbook() + b"MZ"),
}


@pytest.mark.parametrize("why", sorted(HOSTILE))
def test_hostile_file_is_refused(why: str) -> None:
    name, content = HOSTILE[why]
    with pytest.raises(UnsupportedMedia) as refusal:
        media_type_of(name, content)
    assert "PDF" in refusal.value.accepted


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("prices.csv", b"item,price\r\n\xff\x01\r\n", WrongEncoding),
        ("prices.csv", b"\xff\xfei\0t", WrongEncoding),
        ("quote.pdf", files.PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), Locked),
        ("prices.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, Locked),
        ("prices.xlsx", files.workbook({"xl/sheet.xml": b"\0" * 30_000_000}), Oversized),
        ("prices.xlsx", files.workbook()[:-30], Damaged),
        ("quote.pdf", files.PDF[:-8], Damaged),
        ("photo.png", files.png()[:-4], Damaged),
        ("photo.jpg", files.png(), WrongKind),
        ("quote.docx", files.workbook(), WrongKind),
    ],
)
def test_a_refusal_says_what_to_do_about_the_file(
    name: str, content: bytes, refusal: type[UnsupportedMedia]
) -> None:
    with pytest.raises(refusal):
        media_type_of(name, content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("quote.pdf", "quote.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\quote.pdf", "quote.pdf"),
        ("qu\x00ote\r\n.pdf", "quote.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u200b\ufeff.pdf", "pdf"),
        ("  .. ", "file"),
        ("", "file"),
        ("Angebot für März.pdf", "Angebot für März.pdf"),
    ],
)
def test_name_keeps_no_path_control_or_direction_marks(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_long_name_fits_its_column() -> None:
    assert len(clean_name("n" * 5000 + ".pdf")) <= 200
    assert clean_name("n" * 5000 + ".pdf").endswith(".pdf")
    assert len(clean_name("." + "e" * 5000)) <= 200
