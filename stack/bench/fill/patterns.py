"""Patterns: each template with other people, vendors, cost centres and dates, as rows that SQL multiplies.

A column that holds an id of the purchase becomes the middle of a UUIDv7, between a prefix from the copy's moment and a
suffix from its number. A text with tokens becomes a format, which PostgreSQL fills in by one pass however many tokens
there are; every other column has its value and its own type.

One rule: what a column is follows from the values in the templates, not from a list of columns.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from stack.bench.bench_installation import SqlConnection
from stack.bench.fill.population import Population
from stack.bench.fill.templates import LOG, PatternRow, PurchaseTemplate, render

SCHEMA = "bench_fill"
CHANNELS = ("telegram", "slack", "api")
OPEN_SHARE = 0.02
MOST_VARIANTS = 60
MOST_WEEKS_BACK = 52
_OWN_ID = re.compile(r"\{P\}-7[0-9a-f]{3}-8000-\{K\}")
_TOKENS = re.compile(r"\{[A-Z]\d?\}")
_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


@dataclass(frozen=True)
class PatternColumn:
    """One column: its type, whether it is an id of the purchase, and the tokens in its texts."""

    name: str
    type: str
    is_own_id: bool
    tokens: Sequence[str]

    @property
    def stored_type(self) -> str:
        return "text" if self.is_own_id or self.tokens else self.type

    @property
    def stored(self) -> str:
        """Out of the staged record: of an own id only the middle, ``-7000-8000-``; of a text its format."""
        if self.is_own_id:
            return f'substr(j."{self.name}", 4, 11)'
        staged = "s.text" if self.name == "canonical" else f'j."{self.name}"'
        return self._as_format(staged) if self.tokens else staged

    def _as_format(self, value: str) -> str:
        """REQ-{R0} → REQ-%1$s, with the token's place among this column's tokens."""
        value = f"replace({value}, '%', '%%')"
        for place, token in enumerate(self.tokens, start=1):
            value = f"replace({value}, '{token}', '%{place}$s')"
        return value

    @property
    def copied(self) -> str:
        """The value in a copy ``c`` of the pattern row ``t``."""
        if self.is_own_id:
            return f'(c.p || t."{self.name}" || c.k12)::uuid'
        if not self.tokens:
            return f't."{self.name}"'
        values = ", ".join(f"c.{_copy_column(token)}" for token in self.tokens)
        return f'format(t."{self.name}", {values})::{self.type}'


def _copy_column(token: str) -> str:
    """{P} → p, {K} → k12, {Q0} → q0."""
    return "k12" if token == "{K}" else token.strip("{}").lower()


PatternTables = Mapping[str, Sequence[PatternColumn]]


async def make_patterns(
    connection: SqlConnection,
    templates: Sequence[PurchaseTemplate],
    population: Population,
    requests: int,
    random: Random,
) -> PatternTables:
    """The tables ``bench_fill.patterns`` and one per table of a purchase; returns their columns."""
    tables = {
        table: await _columns(connection, table, templates)
        for table in dict.fromkeys(table for template in templates for table in template.rows)
    }
    await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    await connection.execute(f"CREATE SCHEMA {SCHEMA}")
    await connection.execute(
        f"CREATE UNLOGGED TABLE {SCHEMA}.patterns (pattern int PRIMARY KEY, started timestamptz, copies int,"
        " rfqs int, quotes int, orders int, year int)"
    )
    for table in tables:
        stage = f"{SCHEMA}.staged_{table}"
        await connection.execute(
            f"CREATE UNLOGGED TABLE {stage} (pattern int, ordinal int, body text, text text)"
        )
    shares = _shares(templates, requests)
    number = 0
    for template, copies in zip(templates, shares, strict=True):
        number += await _write_template(connection, template, population, copies, number, random)
    for table, columns in tables.items():
        await _unpack(connection, table, columns)
    return tables


def _shares(templates: Sequence[PurchaseTemplate], requests: int) -> list[int]:
    """How many copies of each: few of what is still open, which is as many as a busy company has at a time."""
    waiting = [template for template in templates if not template.ended]
    ended = len(templates) - len(waiting)
    open_copies = max(1, round(requests * OPEN_SHARE)) if waiting and ended else requests * (not ended)
    left = {True: requests - open_copies, False: open_copies}
    counts = {True: ended, False: len(waiting)}
    found = []
    for template in templates:
        share = left[template.ended] // counts[template.ended]
        found.append(share)
        left[template.ended] -= share
        counts[template.ended] -= 1
    return found


async def _write_template(
    connection: SqlConnection,
    template: PurchaseTemplate,
    population: Population,
    copies: int,
    first: int,
    random: Random,
) -> int:
    """All patterns of one template; how many they are."""
    variants = min(MOST_VARIANTS, copies)
    patterns: list[tuple[object, ...]] = []
    staged: dict[str, list[tuple[int, int, str, str]]] = {table: [] for table in template.rows}
    for variant in range(variants):
        casting = population.cast(template.known_ids, template.cost_centre, random)
        shift = dt.timedelta(weeks=-random.randint(0, MOST_WEEKS_BACK) if template.ended else 0)
        values = template.values(casting, shift, random.choice(CHANNELS))
        for table, rows in template.rows.items():
            for ordinal, row in enumerate(rows):
                body, text = render(row.body, values), render(row.canonical, values)
                staged[table].append((first + variant, ordinal, body, text))
        count = copies // variants + (variant < copies % variants)
        year = (template.order_date + shift).year if template.order_date else None
        numbers = [template.numbers[letter] for letter in "FQO"]
        patterns.append((first + variant, template.started + shift, count, *numbers, year))
    await connection.copy_records_to_table("patterns", records=patterns, schema_name=SCHEMA)
    for table, records in staged.items():
        await connection.copy_records_to_table(f"staged_{table}", records=records, schema_name=SCHEMA)
    return variants


async def _columns(
    connection: SqlConnection, table: str, templates: Sequence[PurchaseTemplate]
) -> list[PatternColumn]:
    rows = [row for template in templates for row in template.rows.get(table, ())]
    values = [json.loads(_shown(row)) for row in rows]
    found = []
    for column in await connection.fetch(_COLUMNS, table):
        name = column["attname"]
        if values and name in values[0]:
            found.append(_column(name, column["type"], [value[name] for value in values]))
    if table == LOG:
        texts = ["".join(part for part in row.canonical if isinstance(part, str)) for row in rows]
        found.append(_column("canonical", "text", texts))
    return found


def _shown(row: PatternRow) -> str:
    """The body as JSON, whatever stands for the tokens that a pattern fills in."""
    return "".join(part if isinstance(part, str) else part.value for part in row.body)


def _column(name: str, kind: str, values: Sequence[object]) -> PatternColumn:
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values if value is not None]
    is_own_id = bool(texts) and kind == "uuid" and all(_OWN_ID.fullmatch(text) for text in texts)
    tokens = sorted({token for text in texts for token in _TOKENS.findall(text)})
    return PatternColumn(name, kind, is_own_id, () if is_own_id else tokens)


async def _unpack(connection: SqlConnection, table: str, columns: Sequence[PatternColumn]) -> None:
    """From the staged texts to typed columns."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    in_body = [column for column in columns if column.name != "canonical"]
    record = ", ".join(f'"{column.name}" {column.stored_type}' for column in in_body)
    values = ", ".join(column.stored for column in columns)
    typed = ", ".join(f'"{column.name}" {column.stored_type}' for column in columns)
    await connection.execute(
        f"CREATE UNLOGGED TABLE {SCHEMA}.{table} (pattern int, ordinal int, {typed});"
        f" INSERT INTO {SCHEMA}.{table} (pattern, ordinal, {names})"
        f" SELECT s.pattern, s.ordinal, {values} FROM {SCHEMA}.staged_{table} s,"
        f" jsonb_to_record(s.body::jsonb) AS j({record});"
        f" CREATE INDEX ON {SCHEMA}.{table} (pattern);"
        f" DROP TABLE {SCHEMA}.staged_{table};"
        f" ANALYZE {SCHEMA}.{table}"
    )
