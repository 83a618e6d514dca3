"""The statements of figures: how many and how much by week, what is in the middle, and the rows behind one number.

One rule: figures are exact; nothing is estimated or sampled. Numbers and amounts are added up by week. Which bucket of
lengths holds a percentile follows from how many are in each, and the value itself is then looked for among its facts.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, String, bindparam, text
from sqlalchemy.sql.elements import TextClause

from core.analytics.model import FactRow, FigureRow, Kind
from core.analytics.sections import AGE_DAYS, OLDEST, STAGES, WEEKS, SectionSpec
from core.db.base import Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kept_facts.facts import MONTHS, RATE_DAYS
from core.stage_visits.model import EXACT

Values = Mapping[str, Any]
MOST_ROWS = 200
_SHARES = "0.5, 0.85, 0.9"
_TAKEN = {
    Kind.sum: "sum(total) FILTER (WHERE {when})",
    Kind.share: "round(100 * sum(total) FILTER (WHERE {when}) / sum(n) FILTER (WHERE {when}), 1)",
    Kind.number: "sum(n) FILTER (WHERE {when})",
}
"""For each kind that can be added up: the value of one window."""
_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("since", "until", "now", "today"), Moment),
    **dict.fromkeys(("before_week", "since_week", "until_week", "this_week"), Date),
    **dict.fromkeys(("key", "last_key"), String),
}
_ENDED = "f.left_at IS NOT NULL AND NOT f.stopped"


def _bound(sql: str) -> TextClause:
    """The statement with the types of the parameters that it has."""
    statement = text(sql)
    names = [name for name in _TYPES if name in statement._bindparams]
    return statement.bindparams(*(bindparam(name, type_=_TYPES[name]) for name in names))


def _listed(spec: SectionSpec) -> str:
    return ", ".join(f"'{stage}'" for stage in spec.stages)


def _weeks(spec: SectionSpec, *, working: bool) -> str:
    """What is kept by week of a section: key, week, bucket, n, total."""
    first = ":since_week" if spec.alone else ":before_week"
    window = f"w.n > 0 AND w.week >= {first} AND w.week < :until_week"
    if spec.fact is None:
        key = "w.week::text" if spec is WEEKS else "w.stage"
        return (
            f"SELECT {key} AS key, w.week, w.bucket, w.n, 0 AS total FROM visit_weeks w"
            f" WHERE w.worked = {working} AND w.stage IN ({_listed(spec)}) AND {window}"
        )
    key = f"v.{spec.of_vendor}" if spec.grouped else "w.key"
    columns = f"{key} AS key, w.week, w.bucket, w.n, w.total"
    join = " JOIN vendors v ON v.id::text = w.key" if spec.grouped else ""
    whole = f"SELECT {columns} FROM figure_weeks w{join} WHERE w.fact = '{spec.fact.name}' AND {window}"
    if not spec.over:
        return whole
    begun = (
        f"SELECT key, week, bucket, 1::bigint AS n, value AS total FROM figure_facts"
        f" WHERE fact = '{spec.fact.name}' AND week = :this_week AND at < :today"
    )
    return f"{whole} AND w.week < :this_week UNION ALL SELECT {columns} FROM ({begun}) w{join} WHERE {window}"


def _label(spec: SectionSpec) -> str:
    """What the row of a key is called; looked up for the rows that are shown, and not for all that are counted."""
    if spec.of_vendor and not spec.grouped:
        return f"(SELECT v.{spec.of_vendor} FROM vendors v WHERE v.id = key::uuid)"
    return "key" if spec.grouped or spec.by_itself else "''"


def _order(spec: SectionSpec) -> str:
    if spec.by_key:
        return "key"
    return "value DESC NULLS LAST, n DESC, key" if spec.kind is Kind.sum else "n DESC, key"


def _added(spec: SectionSpec) -> str:
    """A section whose facts are added up; of sums also the rows that are not shown, because they are one row more."""
    most = "" if spec.kind is Kind.sum else f" LIMIT {spec.most}"
    now, before = (_TAKEN[spec.kind].format(when=f"week {sign} :since_week") for sign in (">=", "<"))
    return (
        f"SELECT '{spec.name}' AS section, key, {_label(spec)} AS label,"
        f" coalesce(sum(n) FILTER (WHERE week >= :since_week), 0)::bigint AS n, {now}::numeric AS value,"
        f" coalesce(sum(n) FILTER (WHERE week < :since_week), 0)::bigint AS previous_n, {before}::numeric AS previous,"
        f" NULL::numeric[] AS high FROM ({_weeks(spec, working=False)}) weeks GROUP BY key"
        f" ORDER BY {_order(spec)}{most}"
    )


def _one(spec: SectionSpec, *, working: bool) -> str:
    """The fact at a place in its bucket, as ``p`` says it."""
    between = "f.week >= p.first AND f.week < p.last"
    if spec.fact is None:
        value, bucket = ("working_s", "working_bucket") if working else ("calendar_s", "bucket")
        stage = f"'{spec.stages[0]}'" if spec is WEEKS else "p.key"
        known = " AND f.working_s IS NOT NULL" if working else ""
        found = (
            f"SELECT f.{value} FROM stage_visits f WHERE {_ENDED}{known} AND f.stage = {stage}"
            f" AND f.{bucket} = p.bucket AND {between} ORDER BY f.{value} OFFSET p.place - 1 LIMIT 1"
        )
        return f"SELECT CASE WHEN p.bucket < {EXACT} THEN p.bucket ELSE ({found}) END AS value"
    return (
        f"SELECT f.value FROM figure_facts f WHERE f.fact = '{spec.fact.name}' AND {_of_key(spec, 'p.key')}"
        f" AND f.bucket >= 0 AND f.bucket = p.bucket AND {between} ORDER BY f.value OFFSET p.place - 1 LIMIT 1"
    )


def _of_key(spec: SectionSpec, key: str) -> str:
    if not spec.grouped:
        return f"f.key = {key}"
    return f"f.key = ANY(ARRAY(SELECT v.id::text FROM vendors v WHERE v.{spec.of_vendor} = {key}))"


def _middle(spec: SectionSpec, *, working: bool) -> str:
    """A section with percentiles: the first value that so many of 100 do not exceed."""
    first, last = (
        ("p.key::date", "p.key::date + 7")
        if spec is WEEKS
        else (
            "CASE WHEN p.recent THEN CAST(:since_week AS date) ELSE :before_week END",
            "CASE WHEN p.recent THEN CAST(:until_week AS date) ELSE :since_week END",
        )
    )
    return f"""
      WITH counted AS (
        SELECT key, week >= :since_week AS recent, bucket, sum(n)::int AS n
        FROM ({_weeks(spec, working=working)}) weeks GROUP BY key, recent, bucket
      ), shown AS (
        SELECT key, coalesce(sum(n) FILTER (WHERE recent), 0) AS lately FROM counted
        GROUP BY key ORDER BY lately DESC, key LIMIT {spec.most}
      ), ranked AS (
        SELECT counted.*, sum(n) OVER (PARTITION BY key, recent ORDER BY bucket) AS up_to,
          sum(n) OVER (PARTITION BY key, recent) AS whole
        FROM counted JOIN shown USING (key)
      ), places AS (
        SELECT p.*, ceil(share * whole) - up_to + n AS place, share, {first} AS first, {last} AS last
        FROM ranked p JOIN unnest(ARRAY[{_SHARES}]) share ON recent OR share = 0.5
        WHERE ceil(share * whole) > up_to - n AND ceil(share * whole) <= up_to
      )
      SELECT '{spec.name}' AS section, key, {_label(spec)} AS label,
        coalesce(max(whole) FILTER (WHERE recent), 0)::bigint AS n,
        max(value) FILTER (WHERE recent AND share = 0.5)::numeric AS value,
        coalesce(max(whole) FILTER (WHERE NOT recent), 0)::bigint AS previous_n,
        max(value) FILTER (WHERE NOT recent)::numeric AS previous,
        ARRAY[max(value) FILTER (WHERE share = 0.85), max(value) FILTER (WHERE share = 0.9)]::numeric[] AS high
      FROM places p CROSS JOIN LATERAL ({_one(spec, working=working)}) found
      GROUP BY key ORDER BY {_order(spec)}
    """


def _ages(spec: SectionSpec) -> str:
    """What is open now, by how long it has been."""
    return (
        f"SELECT '{spec.name}' AS section, key, '' AS label, count(*) AS n, count(*)::numeric AS value,"
        " 0::bigint AS previous_n, NULL::numeric AS previous, NULL::numeric[] AS high"
        f" FROM ({_OPEN.format(stages=_listed(spec))}) f GROUP BY key ORDER BY key"
    )


_YOUNGER = " ".join(
    f"WHEN :now - entered_at < interval '{days} days' THEN '{key}'" for key, days in AGE_DAYS.items()
)
_OPEN = (
    f"SELECT CASE {_YOUNGER} ELSE '{OLDEST}' END AS key, request_id, entered_at AS at,"
    " extract(epoch FROM :now - entered_at) AS value FROM stage_visits"
    " WHERE left_at IS NULL AND stage IN ({stages})"
)


def _figures(spec: SectionSpec, *, working: bool) -> str:
    if spec.now:
        return _ages(spec)
    return _middle(spec, working=working) if spec.kind is Kind.middle else _added(spec)


@cache
def figures_statement(specs: tuple[SectionSpec, ...], *, working: bool = False) -> Prebuilt:
    """The figures of some sections, one after the other."""
    union = " UNION ALL ".join(f"(SELECT * FROM ({_figures(spec, working=working)}) f)" for spec in specs)
    return Prebuilt(_bound(f"SELECT * FROM ({union}) figures"))


def _behind(spec: SectionSpec, *, working: bool) -> str:
    """What one number is counted from: request_id, label, at, value."""
    if spec.now:
        return f"SELECT f.*, '' AS label FROM ({_OPEN.format(stages=_listed(spec))}) f WHERE f.key = :key"
    if spec.fact is None:
        value = "working_s" if working else "calendar_s"
        key = "f.week::text" if spec is WEEKS else "f.stage"
        return (
            f"SELECT f.request_id, '' AS label, f.left_at AS at, f.{value} AS value FROM stage_visits f"
            f" WHERE {_ENDED} AND f.stage IN ({_listed(spec)}) AND {key} = :key AND f.{value} IS NOT NULL"
            " AND f.left_at >= :since AND f.left_at < :until"
        )
    label = "f.key" if spec.by_itself else "''"
    if spec.of_vendor:
        label = f"(SELECT v.{spec.of_vendor} FROM vendors v WHERE v.id = f.key::uuid)"
    over = " AND f.at < :today" if spec.over else ""
    return (
        f"SELECT f.request_id, {label} AS label, f.at, f.value FROM figure_facts f"
        f" WHERE f.fact = '{spec.fact.name}' AND {_of_key(spec, ':key')} AND f.at >= :since AND f.at < :until{over}"
    )


@cache
def _rows_statement(spec: SectionSpec, *, working: bool) -> Prebuilt:
    order = "facts.at" if spec.now else "facts.at DESC"
    return Prebuilt(
        _bound(
            "SELECT facts.request_id, r.number, facts.label, facts.at, facts.value"
            f" FROM (SELECT * FROM ({_behind(spec, working=working)}) facts"
            f" ORDER BY {order}, request_id LIMIT {MOST_ROWS + 1}) facts"
            " JOIN procurement_requests r ON r.id = facts.request_id"
            f" ORDER BY {order}, facts.request_id"
        )
    )


RATES_USED = Prebuilt(
    _bound(
        "SELECT min(key) FILTER (WHERE key <> '') AS first, max(key) FILTER (WHERE key <> '') AS last,"
        " coalesce(sum(n) FILTER (WHERE key = ''), 0)::bigint AS unconverted"
        f" FROM figure_weeks WHERE fact = '{RATE_DAYS.name}' AND n > 0 AND week >= :since_week AND week < :until_week"
    )
)
STILL_OPEN = Prebuilt(
    _bound(
        "SELECT stage, count(*) AS n, extract(epoch FROM :now - min(entered_at))::bigint AS oldest_s"
        f" FROM stage_visits WHERE left_at IS NULL AND stage IN ({_listed(STAGES)}) GROUP BY stage"
    )
)
MEASURED = Prebuilt(
    text("SELECT position, calendar <> '' AND calendar NOT LIKE '% > %' AS working_known FROM measured_log")
)
MONTHS_SPENT = Prebuilt(
    _bound(
        "SELECT sum(total) FILTER (WHERE key = :key) AS this_month, sum(total) FILTER (WHERE key = :last_key)"
        " AS last_month, coalesce(sum(n) FILTER (WHERE key = :key), 0)::bigint AS orders"
        f" FROM figure_weeks WHERE fact = '{MONTHS.name}' AND key IN (:key, :last_key) AND week >= :before_week"
    )
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
    connection: Connection, specs: tuple[SectionSpec, ...], values: Values, *, working: bool
) -> Mapping[str, list[FigureRow]]:
    """The figures by section."""
    found: dict[str, list[FigureRow]] = {spec.name: [] for spec in specs}
    for row in await connection.execute(figures_statement(specs, working=working), values):
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


async def rows(
    connection: Connection, spec: SectionSpec, values: Values, *, working: bool
) -> Sequence[FactRow]:
    """What one figure was counted from, one more than are shown."""
    found = await connection.execute(_rows_statement(spec, working=working), values)
    return [FactRow(row.request_id, row.number, row.label, row.at, _decimal(row.value)) for row in found]


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
