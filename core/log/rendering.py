"""The canonical text (RFC 8785) of a stored event as an SQL expression, so that PostgreSQL compares it by itself.

One rule: the expression gives the text that ``canonical_text`` makes, or null; it never gives another text.

There is one expression for each shape of ``data`` in a sample of the log. A row of any other shape gives null, and so
does a value whose text is not certain, such as a number with a fraction; Python then looks at that row. A name goes
into an expression only if it is plain: what the database contains is not trusted.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_SAMPLED_ROWS = 4000
_MOST_SHAPES = 200

_SAMPLE = text(
    """
    SELECT type, (array_agg(data::text ORDER BY octet_length(data::text) DESC))[1] AS longest
    FROM (
        SELECT type, data, ARRAY(SELECT jsonb_object_keys(data)) AS names
        FROM public.audit_events TABLESAMPLE SYSTEM (CAST(:share AS real))
        WHERE jsonb_typeof(data) = 'object' LIMIT :rows
    ) AS sampled
    GROUP BY type, names ORDER BY count(*) DESC LIMIT :shapes
    """
)
"""The longest of each kind: a list that is empty in one event may have items in another."""

_BEFORE_DATA = """'{"actor":' || to_json(actor)
    || ',"actor_kind":' || to_json(actor_kind)
    || ',"causation_id":' || coalesce('"' || causation_id || '"', 'null')
    || ',"channel":' || to_json(channel)
    || ',"chat_id":' || coalesce(to_json(chat_id)::text, 'null')
    || ',"correlation_id":' || to_json(correlation_id)
    || ',"data":'"""
_AFTER_DATA = """',"id":"' || id
    || '","message_id":' || coalesce(to_json(message_id)::text, 'null')
    || ',"occurred_at":"' || replace(
        to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '')
    || '+00:00","on_behalf_of":' || coalesce('"' || on_behalf_of || '"', 'null')
    || ',"request_id":' || coalesce('"' || request_id || '"', 'null')
    || ',"subject_id":"' || subject_id
    || '","subject_kind":' || to_json(subject_kind)
    || ',"subject_version":' || subject_version
    || ',"type":' || to_json(type) || '}'"""
CERTAIN_TIME = "occurred_at >= '0001-01-02 00:00:00+00' AND occurred_at < '9999-12-30 00:00:00+00'"
"""Python has no text for other times."""


@dataclass(frozen=True)
class Scalar:
    """A string, true, false or null; a whole number too when ``numeric``."""

    numeric: bool


@dataclass(frozen=True)
class Items:
    """A list whose items have one shape."""

    of: "Shape"


@dataclass(frozen=True)
class Members:
    """An object with exactly these names, in their order."""

    of: tuple[tuple[str, "Shape"], ...]


Shape = Scalar | Items | Members


def shape_of(value: object) -> Shape | None:
    """The shape of a JSON value; None for one that is not rendered in SQL."""
    match value:
        case bool() | str() | None:
            return Scalar(numeric=False)
        case int():
            return Scalar(numeric=True)
        case list():
            shapes = {shape_of(item) for item in value} or {Scalar(numeric=False)}
            shape = shapes.pop()
            return Items(shape) if shape is not None and not shapes else None
        case dict():
            return _members_of(value)
        case _:
            return None


def _members_of(value: Mapping[str, object]) -> Members | None:
    shapes = [(name, shape_of(value[name])) for name in sorted(value)]
    known = tuple((name, shape) for name, shape in shapes if shape and _PLAIN_NAME.fullmatch(name))
    return Members(known) if len(known) == len(shapes) else None


def rendered(shape: Shape, value: str, text_of: str | None = None, depth: int = 0) -> str:
    """The expression for a jsonb ``value``; null when it has another shape.

    ``text_of`` is an expression for the same value as text, a string without its quotes: where the value is a member,
    PostgreSQL has a much faster operator for that.
    """
    match shape:
        case Scalar(numeric):
            return _rendered_scalar(value, text_of or f"({value} #>> '{{}}')", numeric)
        case Items(of):
            return _rendered_items(of, value, depth)
        case Members(of):
            return _rendered_members(of, value, depth)


def _rendered_scalar(value: str, text_of: str, numeric: bool) -> str:
    """A number is certain while it has no fraction and is far below 2^53. The usual kind is asked for first."""
    short = f"octet_length({text_of}) < 16 AND position('.' IN {text_of}) = 0"
    number = f"WHEN 'number' THEN CASE WHEN {short} THEN {text_of} END " if numeric else ""
    return (
        f"CASE jsonb_typeof({value}) {number}WHEN 'string' THEN {value}::text "
        f"WHEN 'null' THEN 'null' WHEN 'boolean' THEN {text_of} END"
    )


def _rendered_items(of: Shape, value: str, depth: int) -> str:
    """``string_agg`` leaves a null item out, so the items are counted. OFFSET 0: each item is made only once."""
    item = f"item{depth}"
    listed = "CASE WHEN count(*) = count(made) THEN '[' || coalesce(string_agg(made, ','), '') || ']' END"
    made = rendered(of, item, depth=depth + 1)
    items = f"SELECT {made} AS made FROM jsonb_array_elements({value}) AS {item} OFFSET 0"
    return f"CASE WHEN jsonb_typeof({value}) = 'array' THEN (SELECT {listed} FROM ({items}) AS items) END"


def _rendered_members(of: tuple[tuple[str, Shape], ...], value: str, depth: int) -> str:
    """A missing member makes the whole null; so does one more than these."""
    names = ", ".join(f"'{name}'" for name, _ in of)
    members = [
        f'"{name}":\' || ' + rendered(inner, f"({value} -> '{name}')", f"({value} ->> '{name}')", depth)
        for name, inner in of
    ]
    text_of_all = " || ',".join(members)
    opened = f"'{{{text_of_all} || '}}'" if members else "'{}'"
    only = f"CASE WHEN {value} - ARRAY[{names}]::text[] = '{{}}' THEN {opened} END"
    return f"CASE WHEN jsonb_typeof({value}) = 'object' THEN {only} END"


def canonical_expression(shapes: Mapping[str, Iterable[Shape]]) -> str:
    """The canonical text of a row of ``audit_events``; null when its type or shape is not among these."""
    types_by_shapes: dict[tuple[Shape, ...], list[str]] = {}
    for name, of in shapes.items():
        if _PLAIN_NAME.fullmatch(name):
            types_by_shapes.setdefault(tuple(of), []).append(f"'{name}'")
    cases = " ".join(
        f"WHEN type IN ({', '.join(names)}) THEN coalesce({', '.join(rendered(shape, 'data') for shape in of)})"
        for of, names in types_by_shapes.items()
    )
    if not cases:
        return "NULL::text"
    return f"CASE WHEN {CERTAIN_TIME} THEN {_BEFORE_DATA} || CASE {cases} END || {_AFTER_DATA} END"


async def sampled_shapes(connection: Connection, rows: int) -> Mapping[str, Iterable[Shape]]:
    """The most frequent shapes of each type, from a sample of a log with so many rows."""
    share = min(100.0, 100 * _SAMPLED_ROWS / max(rows, 1))
    facts = {"share": share, "rows": _SAMPLED_ROWS, "shapes": _MOST_SHAPES}
    shapes: dict[str, list[Shape]] = {}
    for row in await connection.execute(_SAMPLE, facts):
        shape = _shape_of_text(row.longest)
        if shape is not None and shape not in shapes.get(row.type, ()):
            shapes.setdefault(row.type, []).append(shape)
    return shapes


def _shape_of_text(example: str) -> Shape | None:
    try:
        return shape_of(json.loads(example))
    except (ValueError, RecursionError):
        return None
