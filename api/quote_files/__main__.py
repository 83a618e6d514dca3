"""The process that opens one file: ``python -m api.quote_files KIND [PAGE]``, the file on stdin, the reading on stdout.

One rule: it opens nothing before its limits hold, and whatever a file does to it is told as one sentence.

With PAGE it answers the picture of that page instead.
"""

import sys
import zipfile

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.model import FileReading, refused
from api.quote_files.quote_table import best_of, read_table


def main(arguments: list[str]) -> int:
    limits.apply()
    kind, *page = arguments
    content = sys.stdin.buffer.read()
    if page:
        from api.quote_files.page_image import png_of

        sys.stdout.buffer.write(png_of(content, int(page[0])))
        return 0
    try:
        reading = read(kind, content)
    except MemoryError:
        reading = refused(GapKind.too_much_memory, limit=f"{limits.MEMORY_MB} MB")
    except Exception:  # noqa: BLE001 the outermost handler: a library may raise anything over a hostile file
        reading = refused(GapKind.unreadable)
    sys.stdout.write(reading.model_dump_json())
    return 0


def read(kind: str, content: bytes) -> FileReading:
    """What a file of this kind says; each kind imports the library that opens it, and no other."""
    match kind:
        case "pdf":
            from api.quote_files.pdf_words import pages_of
            from api.quote_files.printed import read_pages

            pages = pages_of(content)
            return pages if isinstance(pages, FileReading) else read_pages(pages)
        case "csv":
            from api.quote_files.csv_text import cells_of as rows_of

            rows = rows_of(content)
            return rows if isinstance(rows, FileReading) else read_table(rows)
    from api.quote_files.workbooks import cells_of

    try:
        sheets = cells_of(content)
    except zipfile.BadZipFile:
        return refused(GapKind.unreadable)
    return sheets if isinstance(sheets, FileReading) else best_of(sheets)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
