"""SQL statements are compiled once in a test process, not once for every engine that a test makes.

One rule: this changes no statement. SQLAlchemy caches compiled statements by engine and dialect; all our engines have
the same dialect with the same settings, so they can share one cache.
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
    """Share the cache between all engines that ``core.db.engine`` makes from now on."""
    PGDialect_asyncpg.__eq__ = _alike  # type: ignore[method-assign, assignment]
    PGDialect_asyncpg.__hash__ = _hash_of_type  # type: ignore[method-assign, assignment]
    engine.create_async_engine = partial(  # type: ignore[attr-defined]
        create_async_engine, execution_options={"compiled_cache": _compiled}
    )
