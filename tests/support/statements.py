"""Statements are compiled once in a test process, not once for every engine that a test makes.

One rule: this changes no statement. SQLAlchemy keeps what it compiled by engine and dialect; every engine of ours has
the same dialect with the same settings, so all may use what one has compiled.
"""

from functools import partial
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from core.db import engine

_compiled: dict[Any, Any] = {}


def _alike(one: PGDialect_asyncpg, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_type(one: PGDialect_asyncpg) -> int:
    return hash(type(one))


def share() -> None:
    """From now on, for every engine of ``core.db.engine``."""
    PGDialect_asyncpg.__eq__ = _alike  # type: ignore[method-assign, assignment]
    PGDialect_asyncpg.__hash__ = _hash_of_type  # type: ignore[method-assign, assignment]
    engine.create_async_engine = partial(  # type: ignore[attr-defined]
        create_async_engine, execution_options={"compiled_cache": _compiled}
    )
