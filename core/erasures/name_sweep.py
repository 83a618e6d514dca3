"""Looking for a person's name and address in every text of the database, and replacing them where Parley may.

One rule: what PostgreSQL lets the app change is changed; what is written once is counted and stays.

The rows of people and their chats are not looked at: what else is there is somebody of the same name.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection
from core.people.model import Person

_COLUMNS = text(
    """
    SELECT c.table_name, c.column_name, c.data_type = 'jsonb' AS is_json,
        coalesce(c.character_maximum_length, 1000000000) AS most,
        has_column_privilege(format('public.%I', c.table_name), c.column_name, 'UPDATE')
            AND c.table_name <> 'audit_events' AS changeable
    FROM information_schema.columns AS c
    JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
    AND c.table_name NOT IN ('people', 'chat_identities')
    AND c.data_type IN ('text', 'character varying', 'jsonb')
    AND has_column_privilege(format('public.%I', c.table_name), c.column_name, 'SELECT')
    ORDER BY c.table_name, c.ordinal_position
    """
)


_START = r"(?:(?<!\w)|(?<=\\[bfnrt]))"
"""Where a word may begin: in JSON also after a line's end, of which the last sign is a letter."""
_NAME = r"{}(?!\w|-\w)"
_ADDRESS = r"(?<![.+-]){}(?!\w|[.-]\w)"
"""Whole ones: ``ann@acme.example`` does not stand in ``jo-ann@acme.example`` or ``ann@acme.example.org``."""


@dataclass(frozen=True)
class _TextColumn:
    """A column that could contain a name; ``most`` characters."""

    table: str
    name: str
    is_json: bool
    most: int
    changeable: bool

    @property
    def where(self) -> str:
        return f"""FROM public."{self.table}" WHERE CAST("{self.name}" AS text) ~ :pattern"""

    @property
    def update(self) -> str:
        replaced = f"""regexp_replace(CAST("{self.name}" AS text), :pattern, :alias, 'g')"""
        value = f"CAST({replaced} AS jsonb)" if self.is_json else f"left({replaced}, {self.most})"
        return (
            f"""UPDATE public."{self.table}" SET "{self.name}" = {value}"""
            f""" WHERE CAST("{self.name}" AS text) ~ :pattern"""
        )


async def sweep(
    connection: Connection, person: Person, alias: str
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Replace name and address wherever they stand; by table, how many rows were changed, and how many had to stay."""
    pattern = pattern_of(person)
    if pattern is None:
        return {}, {}
    replaced: dict[str, int] = {}
    kept: dict[str, int] = {}
    for row in (await connection.execute(_COLUMNS)).all():
        column = _TextColumn(row.table_name, row.column_name, row.is_json, row.most, row.changeable)
        if column.changeable:
            values = {"pattern": pattern, "alias": alias}
            count = (await connection.execute(text(column.update), values)).rowcount
        else:
            count = await connection.scalar(text(f"SELECT count(*) {column.where}"), {"pattern": pattern})
        if count:
            found = replaced if column.changeable else kept
            found[column.table] = max(found.get(column.table, 0), count)
    return replaced, kept


def pattern_of(person: Person) -> str | None:
    """The regular expression of a person's name and address, as whole words; None when neither can be looked for.

    A name of one word is not looked for: "May" also stands where nobody is meant.
    """
    name = person.name if " " in person.name.strip() else ""
    parts = [*_found_as(name, _NAME), *_found_as(person.email or "", _ADDRESS)]
    return f"(?i){_START}(?:{'|'.join(parts)})" if parts else None


def _found_as(words: str, form: str) -> list[str]:
    """How these words are looked for: as they are, and as JSON writes them."""
    spellings = dict.fromkeys((words, json.dumps(words, ensure_ascii=False)[1:-1])) if words else ()
    return [form.format(_escaped(each)) for each in spellings]


def _escaped(words: str) -> str:
    return re.sub(r"([^\w\s])", r"\\\1", words)
