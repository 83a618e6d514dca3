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
_NOW, _BEFORE = "FILTER (WHERE at >= :since)", "FILTER (WHERE at < :since)"
_VALUES = {
    Kind.middle: "percentile_disc(0.5) WITHIN GROUP (ORDER BY value) {}",
    Kind.sum: "sum(value) {}",
    Kind.share: "round(100 * avg(value) {}, 1)",
    Kind.number: "count(value) {}",
}
_HIGH = f"percentile_disc(ARRAY[0.85, 0.9]) WITHIN GROUP (ORDER BY value) {_NOW}"
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


@cache
def figures_statement(spec: SectionSpec) -> Prebuilt:
    """The figures of a section; of a present section everything counts."""
    value = _VALUES[spec.kind]
    now, before = ("", "FILTER (WHERE false)") if spec.now else (_NOW, _BEFORE)
    high = _HIGH if spec.kind is Kind.middle else "NULL::numeric[]"
    greatest = "value DESC NULLS LAST, n DESC, key" if spec.kind is Kind.sum else "n DESC, key"
    order = "key" if spec.by_key else greatest
    return Prebuilt(
        _bound(
            f"SELECT key, max(label) AS label, count(value) {now} AS n, {value.format(now)} AS value,"
            f" count(value) {before} AS previous_n, {value.format(before)} AS previous, {high} AS high"
            f" FROM ({spec.facts}) facts GROUP BY key ORDER BY {order}"
        )
    )


@cache
def _rows_statement(spec: SectionSpec) -> Prebuilt:
    recent = "" if spec.now else " AND facts.at >= :since"
    order = "facts.at" if spec.now else "facts.at DESC"
    return Prebuilt(
        _bound(
            "SELECT facts.request_id, r.number, facts.label, facts.at, facts.value"
            f" FROM ({spec.facts}) facts JOIN procurement_requests r ON r.id = facts.request_id"
            f" WHERE facts.key = :key AND facts.value IS NOT NULL{recent}"
            f" ORDER BY {order}, facts.request_id LIMIT {MOST_ROWS + 1}"
        )
    )


RATES_USED = Prebuilt(_bound(facts.RATES_USED))
STILL_OPEN = Prebuilt(_bound(facts.STILL_OPEN))
MEASURED = Prebuilt(text("SELECT position, calendar <> '' AS working_known FROM measured_log"))
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


async def figures(connection: Connection, spec: SectionSpec, values: Values) -> list[FigureRow]:
    found = await connection.execute(figures_statement(spec), values)
    return [_figure(row) for row in found]


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
