"""Files for tests, made here byte by byte: whole ones of every accepted kind, and hostile ones."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
CSV = "item,price\r\nStühle,1180.00\r\n".encode()
CONTENT_TYPES = b'<Types><Override PartName="/xl/workbook.xml" ContentType="sheet.main+xml"/></Types>'
WORKBOOK = {"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": b"<workbook/>"}
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 1, height: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    picture = chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + picture + chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1) -> bytes:
    application = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + application + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9"


def archive(members: dict[str, bytes], *, level: int = 9) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def workbook(extra: dict[str, bytes] | None = None) -> bytes:
    return archive({**WORKBOOK, **(extra or {})})


def encrypted_workbook() -> bytes:
    """The flag alone is enough: whoever sets it says that the rest cannot be looked at."""
    content = bytearray(workbook())
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying_bomb() -> bytes:
    """Headers that say one byte, over a member that inflates to 40 MB."""
    content = workbook({"xl/sheet.xml": b"\0" * 40_000_000})
    return content.replace(struct.pack("<I", 40_000_000), struct.pack("<I", 1))


def workbook_with_link() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in WORKBOOK.items():
            made.writestr(name, content)
        link = zipfile.ZipInfo("xl/sheet.xml")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return target.getvalue()


def workbook_with_twins() -> bytes:
    """Two members of one name: one reader takes the first, another the last."""
    content = workbook({"xl/sheetA.xml": b"<sheet/>", "xl/sheetB.xml": b"<sheet/>"})
    return content.replace(b"xl/sheetB.xml", b"xl/sheetA.xml")
