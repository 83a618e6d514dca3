"""Runs use cases from the command line, each in a transaction, as the installation's administrator.

One rule: whoever can read an installation's secrets is its administrator.

Like everybody's, their actions are in the log, under the name "command line".
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from administration.errors import CommandError, DatabaseAway
from api.text import fill_commands, refusal
from core.access.actor import Actor, ActorKind, Channel
from core.access.roles import Role
from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine, make_engine
from core.kernel.errors import DomainError, Invalid
from core.uow import Uow
from core.wiring import REACTIONS

T = TypeVar("T")
UseCaseCall = Callable[[Uow, Actor], Awaitable[T]]
COMMAND_LINE = Actor(
    ActorKind.service,
    "command line",
    "command line",
    frozenset({Role.admin}),
    channel=Channel.system,
)


def run_use_case(database_url: str, use_case: UseCaseCall[T]) -> T:
    """Run it and commit, or print in one sentence why not."""

    async def work(engine: Engine) -> T:
        return await in_transaction(engine, use_case)

    return run_work(database_url, work)


def run_work(database_url: str, work: Callable[[Engine], Awaitable[T]]) -> T:
    """Run what commits piece by piece, or print in one sentence why not."""
    try:
        return asyncio.run(_run(database_url, work))
    except Invalid as error:
        raise CommandError("; ".join(f"{one.field}: {one.message}" for one in error.errors)) from None
    except DomainError as error:
        raise CommandError(fill_commands(refusal(error.code, error.facts(), "en"))) from None
    except OSError as error:
        raise DatabaseAway(f"the database does not answer ({error})") from None
    except DATABASE_ERRORS as error:
        raise CommandError(f"the database refuses ({error}): 'parley doctor' says more") from None


async def in_transaction(engine: Engine, use_case: UseCaseCall[T]) -> T:
    """Run it and commit."""
    async with engine.begin() as connection:
        uow = Uow(connection, actor=COMMAND_LINE, clock=engine.clock, reactions=REACTIONS)
        result = await use_case(uow, COMMAND_LINE)
        await uow.finish()
    return result


async def _run(url: str, work: Callable[[Engine], Awaitable[T]]) -> T:
    engine = make_engine(url, size=1, name="parley command line")
    try:
        return await work(engine)
    finally:
        await engine.dispose()
