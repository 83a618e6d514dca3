"""The picture of the tables, made from the metadata.

    python -m migrations.diagram            show it
    python -m migrations.diagram --write    write docs/tables.md

One rule: the page is never edited by hand; a test fails when it differs from the metadata.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from sqlalchemy import Column, ForeignKey, Table, make_url

from core.db.schema import SLICES, metadata

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"
POSTGRESQL = make_url("postgresql+asyncpg://").get_dialect()()
EVERYWHERE = frozenset({"people"})
"""Nearly every table names a person; those arrows would hide all others."""
ABOUT = (
    "Written by `python -m migrations.diagram --write` from the metadata that the migrations are tested against. "
    "The arrows are foreign keys; those to `people` are left out of the picture and stand in the lists."
)


def page() -> str:
    """The whole page: one entity-relationship diagram, then the columns of each slice's tables."""
    return "\n".join(["# Tables", "", ABOUT, "", "```mermaid", *_diagram(), "```", "", *_lists(), ""])


def _diagram() -> Iterator[str]:
    yield "erDiagram"
    for table in sorted(metadata.tables.values(), key=lambda each: each.name):
        targets = {key.column.table.name for key in table.foreign_keys} - EVERYWHERE
        for target in sorted(targets):
            yield f"  {target} ||--o{{ {table.name} : has"


def _lists() -> Iterator[str]:
    for slice_tables in SLICES:
        yield f"## {_slice_name(slice_tables)}"
        yield ""
        for table in _tables_of(slice_tables):
            yield f"**{table.name}**"
            yield ""
            yield "| column | type | |"
            yield "| --- | --- | --- |"
            for column in table.columns:
                yield f"| {column.name} | {_type(column)} | {_notes(column)} |".replace("  |", " |")
            yield ""


def _slice_name(slice_tables: ModuleType) -> str:
    return slice_tables.__name__.removesuffix(".tables").replace(".", "/")


def _tables_of(slice_tables: ModuleType) -> list[Table]:
    """In the order in which the module defines them; tables that it only imports belong to another slice."""
    shown: list[Table] = []
    source = Path(slice_tables.__file__ or "").read_text(encoding="utf-8")
    for name, value in vars(slice_tables).items():
        if isinstance(value, Table) and f"\n{name} = Table(" in source and value not in shown:
            shown.append(value)
    return shown


def _type(column: Column[object]) -> str:
    """As PostgreSQL names it."""
    return str(column.type.compile(dialect=POSTGRESQL)).lower()


def _notes(column: Column[object]) -> str:
    """Key, reference, and whether it may be empty."""
    keys = ["key"] if column.primary_key else []
    keys += [f"→ {_target(key)}" for key in sorted(column.foreign_keys, key=_target)]
    return ", ".join([*keys, *(["optional"] if column.nullable else [])])


def _target(key: ForeignKey) -> str:
    return key.column.table.name


def main() -> int:
    """Show the page, or write it."""
    parser = argparse.ArgumentParser(description="The picture of the tables.")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
