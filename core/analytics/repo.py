"""The statements of figures: the same three around the facts of every section.

One rule: figures are exact; nothing is estimated, sampled or added up from other figures.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Integer, String, bindparam, text
from sqlalchemy.sql.elements import TextClause

from core.analytics import facts
from core.analytics.facts import SectionSpec
from core.analytics.model import FactRow, FigureRow, Kind
from core.db.base import Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row

Values = Mapping[str, Any]
MOST_ROWS = 200
_VALUES = {
    Kind.middle: (
        "percentile_disc(ARRAY[0.5, 0.85, 0.9]) WITHIN GROUP (ORDER BY value)",
        "parts[1]",
        "parts[2:3]",
    ),
    Kind.sum: ("sum(value)", "parts", "NULL::numeric[]"),
    Kind.share: ("round(100 * avg(value), 1)", "parts", "NULL::numeric[]"),
    Kind.number: ("count(value)", "parts", "NULL::numeric[]"),
}
"""For each kind: how the facts of one window are taken together, the value of that, and P85 with P90."""
_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("before", "since", "until", "now"), Moment),
    "zone": String,
    "key": String,
    "working": Boolean,
    "digits": Integer,
}


def _bound(sql: str) -> TextClause:
    """The statement with the types of the parameters that it has."""
    statement = text(sql)
    names = [name for name in _TYPES if name in statement._bindparams]
    return statement.bindparams(*(bindparam(name, type_=_TYPES[name]) for name in names))


def _with_common(sql: str, *, materialized: bool) -> str:
    """The statement behind what it shares with others, which is then read once."""
    how = "MATERIALIZED " if materialized else ""
    parts = [
        f"{name} AS {how}({common})"
        for name, common in facts.COMMON.items()
        if f"FROM {name} " in sql or f"JOIN {name} " in sql
    ]
    return f"WITH {', '.join(parts)} {sql}" if parts else sql


def _figures(spec: SectionSpec) -> str:
    """The figures of a section: each window's facts are taken together once, then put beside each other."""
    parts, value, high = _VALUES[spec.kind]
    recent = "true" if spec.now else "at >= :since"
    greatest = "value DESC NULLS LAST, n DESC, key" if spec.kind is Kind.sum else "n DESC, key"
    return (
        f"SELECT '{spec.name}' AS section, key, max(label) AS label,"
        " coalesce(sum(n) FILTER (WHERE recent), 0)::bigint AS n, max(value) FILTER (WHERE recent) AS value,"
        " coalesce(sum(n) FILTER (WHERE NOT recent), 0)::bigint AS previous_n,"
        " max(value) FILTER (WHERE NOT recent) AS previous, max(high) FILTER (WHERE recent) AS high"
        f" FROM (SELECT key, label, recent, n, ({value})::numeric AS value, ({high})::numeric[] AS high"
        f' FROM (SELECT key COLLATE "C" AS key, {recent} AS recent, max(label) AS label, count(value) AS n,'
        f" {parts} AS parts FROM ({spec.facts}) facts GROUP BY 1, 2) taken) windows"
        f" GROUP BY key ORDER BY {'key' if spec.by_key else greatest}"
    )


@cache
def figures_statement(specs: tuple[SectionSpec, ...]) -> Prebuilt:
    """The figures of some sections, one after the other."""
    union = " UNION ALL ".join(f"({_figures(spec)})" for spec in specs)
    return Prebuilt(_bound(_with_common(f"SELECT * FROM ({union}) figures", materialized=True)))


@cache
def _rows_statement(spec: SectionSpec) -> Prebuilt:
    recent = "" if spec.now else " AND facts.at >= :since"
    order = "facts.at" if spec.now else "facts.at DESC"
    sql = (
        "SELECT facts.request_id, r.number, facts.label, facts.at, facts.value"
        f" FROM ({spec.facts}) facts JOIN procurement_requests r ON r.id = facts.request_id"
        f" WHERE facts.key = :key AND facts.value IS NOT NULL{recent}"
        f" ORDER BY {order}, facts.request_id LIMIT {MOST_ROWS + 1}"
    )
    return Prebuilt(_bound(_with_common(sql, materialized=False)))


RATES_USED = Prebuilt(_bound(facts.RATES_USED))
STILL_OPEN = Prebuilt(_bound(facts.STILL_OPEN))
MEASURED = Prebuilt(
    text("SELECT position, calendar <> '' AND calendar NOT LIKE '% > %' AS working_known FROM measured_log")
)
FORECAST = Prebuilt(
    text(
        """
        SELECT r.id, r.number, v.stage, v.entered_at, c.n, c.ends[1] AS half, c.ends[2] AS most
        FROM procurement_requests r
        JOIN stage_visits v ON v.request_id = r.id AND v.left_at IS NULL AND v.stage NOT IN ('buying', 'deciding')
        CROSS JOIN LATERAL (
          SELECT count(*) AS n, percentile_disc(ARRAY[0.5, 0.85]) WITHIN GROUP (ORDER BY o.calendar_s) AS ends
          FROM stage_visits o WHERE o.left_at IS NOT NULL AND NOT o.stopped AND o.left_at >= :since AND o.left_at < :now
            AND o.stage = v.stage AND o.calendar_s >= extract(epoch FROM :now - v.entered_at)
        ) c WHERE r.number = :key ORDER BY v.entered_at
        """
    ).bindparams(
        bindparam("since", type_=Moment), bindparam("now", type_=Moment), bindparam("key", type_=String)
    )
)
"""Where a purchase is, and how long those stayed there that had stayed as long already."""


async def figures(
    connection: Connection, specs: tuple[SectionSpec, ...], values: Values
) -> Mapping[str, list[FigureRow]]:
    """The figures by section."""
    found: dict[str, list[FigureRow]] = {spec.name: [] for spec in specs}
    for row in await connection.execute(figures_statement(specs), values):
        found[row.section].append(_figure(row))
    return found


def _figure(row: Row) -> FigureRow:
    p85, p90 = row.high or (None, None)
    return FigureRow(
        key=row.key,
        label=row.label,
        n=row.n,
        value=_decimal(row.value),
        previous_n=row.previous_n,
        previous=_decimal(row.previous),
        p85=_decimal(p85),
        p90=_decimal(p90),
    )


async def rows(connection: Connection, spec: SectionSpec, values: Values) -> Sequence[FactRow]:
    """What one figure was counted from, one more than are shown."""
    found = await connection.execute(_rows_statement(spec), values)
    return [FactRow(row.request_id, row.number, row.label, row.at, _decimal(row.value)) for row in found]


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
