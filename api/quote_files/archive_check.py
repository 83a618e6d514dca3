"""The process that looks through one uploaded archive: ``python -m api.quote_files.archive_check NAME``.

One rule: it answers with the media type, or with the name of the refusal, and imports nothing that it does not need.

The file is on stdin. Looking through what a workbook unpacks to takes seconds of a processor for a hostile one.
"""

import sys

from api.quote_files import reader_limits as limits
from core.documents.kinds import media_type_of
from core.kernel.errors import UnsupportedMedia


def main(arguments: list[str]) -> int:
    limits.apply()
    (name,) = arguments
    try:
        told = media_type_of(name, sys.stdin.buffer.read())
    except UnsupportedMedia as refusal:
        told = type(refusal).__name__
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
