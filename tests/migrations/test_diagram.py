"""docs/tables.md shows the tables as they are."""

import re

from core.db.schema import metadata
from migrations.diagram import PAGE, page


def test_the_picture_of_the_tables_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m migrations.diagram --write"


def test_every_table_stands_in_the_lists_once() -> None:
    listed = re.findall(r"^\*\*(\w+)\*\*$", page(), re.MULTILINE)
    assert sorted(listed) == sorted(metadata.tables)
