"""The canonical text in SQL: the same as in Python, or null; whatever the value, whatever shape it is rendered with."""

import json
import random
from collections.abc import AsyncIterator

import pytest
import rfc8785
from sqlalchemy import text

from core.db.connection import Connection
from core.log.rendering import Items, Members, Scalar, canonical_expression, rendered, shape_of
from core.log.tables import audit_events
from tests.core.log.log_env import LogEnv
from tests.support.world import World

STRINGS = (
    "",
    "a",
    'qu"ote',
    "back\\slash",
    "\x01\x1f\x7f\u2028",
    "é😀",
    '", "',
    "5.0",
    "null",
    "{}",
    "\n\t\b\f\r",
)
NUMBERS = (0, -1, 7, 123456789012345, 9007199254740992, 10**18, 0.5, 5.0, -0.0, 1e22, 1e-7)
NAMES = ("a", "b", "lines", "Z", "a.b", "10", "null", "é", "with space", "quo'te")


@pytest.fixture
async def connection(log_env: LogEnv) -> AsyncIterator[Connection]:
    async with log_env.app.connect() as opened:
        yield opened


def some_value(dice: random.Random, depth: int = 0) -> object:
    match dice.randrange(10 if depth < 3 else 6):
        case 0 | 1 | 2:
            return dice.choice(STRINGS)
        case 3:
            return dice.choice(NUMBERS)
        case 4:
            return dice.randrange(1000)
        case 5:
            return dice.choice([None, True, False])
        case 6 | 7:
            return [some_value(dice, depth + 1) for _ in range(dice.randrange(3))]
        case _:
            names = dice.sample(NAMES, dice.randrange(4))
            return {name: some_value(dice, depth + 1) for name in names}


def changed(value: object, dice: random.Random) -> object:
    """The same value, with something else somewhere in it."""
    if isinstance(value, dict) and value:
        name = dice.choice(list(value))
        rest = {key: item for key, item in value.items() if key != name}
        return rest if dice.random() < 0.3 else {**rest, name: changed(value[name], dice)}
    if isinstance(value, list) and value:
        return [*value[:-1], changed(value[-1], dice)]
    return some_value(dice, 2)


async def text_in_sql(connection: Connection, shape: Scalar | Items | Members, value: str) -> str | None:
    found: str | None = await connection.scalar(
        text(f"SELECT {rendered(shape, 'data')} FROM (SELECT CAST(:value AS jsonb) AS data) AS given"),
        {"value": value},
    )
    return found


def text_in_python(value: str) -> str | None:
    try:
        return rfc8785.dumps(json.loads(value)).decode()
    except ValueError:
        return None


async def test_the_text_is_that_of_python_or_null(connection: Connection) -> None:
    dice = random.Random(8785)
    equal = 0
    for _ in range(600):
        model = some_value(dice)
        shape = shape_of(model)
        if shape is None:
            continue
        for value in (model, changed(model, dice), some_value(dice)):
            stored = await connection.scalar(
                text("SELECT CAST(CAST(:value AS jsonb) AS text)"), {"value": json.dumps(value)}
            )
            found = await text_in_sql(connection, shape, stored)
            assert found in (None, text_in_python(stored)), (shape, stored)
            equal += found is not None
    assert equal > 300


async def test_names_that_are_not_plain_are_left_to_python() -> None:
    assert shape_of({"quo'te": 1}) is None
    assert shape_of([{"a": 1}, {"b": 1}]) is None
    assert shape_of({"a": 0.5}) is None
    assert canonical_expression({"x'; DROP TABLE people; --": [Scalar(numeric=False)]}) == "NULL::text"


async def test_every_row_of_a_purchase_has_its_text(
    connection: Connection, world: World, log_env: LogEnv
) -> None:
    await world.an_order(acknowledged=True)
    rows = await log_env.rows("SELECT type, data FROM audit_events")
    shapes: dict[str, list[Scalar | Items | Members]] = {}
    for row in rows:
        shape = shape_of(row.data)
        assert shape is not None, row.data
        shapes.setdefault(row.type, []).append(shape)
    expression = canonical_expression(shapes)
    wrong = await connection.scalar(
        text(f"SELECT count(*) FROM audit_events WHERE ({expression} = canonical) IS NOT TRUE")
    )
    assert (len(rows) > 20, wrong) == (True, 0)


def test_every_column_that_is_hashed_is_in_the_expression() -> None:
    expression = canonical_expression({"a": [Scalar(numeric=False)]})
    hashed = {column.name for column in audit_events.columns} - {
        *("seq", "canonical", "digest", "position", "chain", "traceparent")
    }
    assert {name for name in hashed if f'"{name}":' not in expression} == set()
