"""What a process that was forked for one file does: the request and the file on its stdin, the answer on its stdout.

One rule: whatever a file does to it is told as one sentence.

A request is a line of JSON, a task and what it needs to know: the kind of the file, the page or the file's name.
"""

import io
import json
import zipfile

import pypdfium2

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.csv_text import cells_of as rows_of
from api.quote_files.model import FileReading, Task, refused
from api.quote_files.page_image import png_of
from api.quote_files.pdf_words import pages_of
from api.quote_files.printed import read_pages
from api.quote_files.quote_table import best_of, read_table
from api.quote_files.workbooks import cells_of as sheets_of
from core.documents.kinds import media_type_of
from core.kernel.errors import UnsupportedMedia

_OWN_TABLE = b"Item;Quantity in pieces;Price EUR;Days\nScrew;2;1.50;3 weeks\n"


def warm_up() -> None:
    """Load what any file needs, by files of our own: the words of all languages, and the parts of the libraries."""
    blank = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.save(blank)
    read("csv", _OWN_TABLE)
    read("pdf", blank.getvalue())
    png_of(blank.getvalue(), 1)


def answer() -> None:
    """Answer the one request of this process."""
    with open(0, "rb", closefd=False) as given, open(1, "wb", closefd=False) as told:
        task, detail = json.loads(given.readline())
        told.write(_answer(Task(task), detail, given.read()))


def _answer(task: Task, detail: str, content: bytes) -> bytes:
    match task:
        case Task.picture:
            return png_of(content, int(detail))
        case Task.archive:
            return _kind_or_refusal(detail, content).encode()
        case Task.read:
            return _reading(detail, content).model_dump_json().encode()


def _reading(kind: str, content: bytes) -> FileReading:
    try:
        return read(kind, content)
    except MemoryError:
        return refused(GapKind.too_much_memory, limit=f"{limits.MEMORY_MB} MB")
    except Exception:  # noqa: BLE001 the outermost handler: a library may raise anything over a hostile file
        return refused(GapKind.unreadable)


def _kind_or_refusal(name: str, content: bytes) -> str:
    """The media type of an uploaded archive, or the name of the refusal.

    Looking through what a workbook unpacks to takes seconds of a processor for a hostile one.
    """
    try:
        return media_type_of(name, content)
    except UnsupportedMedia as refusal:
        return type(refusal).__name__


def read(kind: str, content: bytes) -> FileReading:
    """What a file of this kind says."""
    match kind:
        case "pdf":
            pages = pages_of(content)
            return pages if isinstance(pages, FileReading) else read_pages(pages)
        case "csv":
            rows = rows_of(content)
            return rows if isinstance(rows, FileReading) else read_table(rows)
    try:
        sheets = sheets_of(content)
    except zipfile.BadZipFile:
        return refused(GapKind.unreadable)
    return sheets if isinstance(sheets, FileReading) else best_of(sheets)
