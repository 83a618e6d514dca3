"""The clock: a table of what becomes due by itself, looked at each second.

One rule: a row says what is due and which use case runs then; the use case decides again inside its own
transaction, so that two clocks, or a late one, change nothing twice.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import repo as accounts
from core.approvals import repo as approvals
from core.approvals import service as approving
from core.approvals.commands import Route
from core.awards import service as awarding
from core.db.idempotency import KEPT, idempotency_keys
from core.delegations import repo as delegations
from core.delegations import service as delegating
from core.escalations import repo as escalations
from core.escalations import service as escalating
from core.escalations.commands import FindHelp, Remind
from core.kernel.errors import DomainError
from core.log import deliveries
from core.messages import repo as messages
from core.messages.service import DRAFT_LIFE
from core.notifications import digests
from core.orders import repo as orders
from core.orders import service as ordering
from core.orders.commands import Issue
from core.quotes import repo as quotes
from core.quotes import service as quoting
from core.rfqs import reminders
from core.rfqs import repo as rfqs
from core.uow import Uow
from workers.runtime import Runtime

log = structlog.get_logger()

LOCK = 0x636C6F636B  # "clock"
EVERY = 1.0
TIDY_EVERY = dt.timedelta(minutes=10)
_ALONE = text("SELECT pg_try_advisory_xact_lock(:lock)")


@dataclass(frozen=True)
class Chore:
    """What is due now, and the command for each."""

    name: str
    role: Role
    due: Callable[[Uow], Awaitable[Sequence[Any]]]
    run: Callable[[Uow, Actor, Any], Awaitable[object]]


CHORES = (
    Chore(
        "close RFQs whose deadline has passed",
        Role.system_deadlines,
        lambda uow: rfqs.past_deadline(uow, uow.now),
        awarding.close_due,
    ),
    Chore(
        "expire quotes whose validity has ended",
        Role.system_deadlines,
        lambda uow: quotes.past_validity(uow, uow.now.date()),
        quoting.expire_quote,
    ),
    Chore(
        "issue orders that nobody can undo any more",
        Role.system_deadlines,
        lambda uow: orders.to_issue(uow, uow.now),
        lambda uow, actor, order_id: ordering.issue(uow, actor, Issue(order_id)),
    ),
    Chore(
        "end delegations whose time is over",
        Role.system_deadlines,
        lambda uow: delegations.over(uow, uow.now),
        delegating.expire,
    ),
    Chore(
        "send approval cards when n8n named nobody in time",
        Role.system_deadlines,
        lambda uow: approvals.unrouted(uow, uow.now),
        lambda uow, actor, approval_id: approving.route(uow, actor, Route(approval_id, None)),
    ),
    Chore(
        "remind approvers who wait too long",
        Role.system_deadlines,
        lambda uow: escalations.overdue(uow, uow.now),
        lambda uow, actor, step_id: escalating.remind(uow, actor, Remind(step_id)),
    ),
    Chore(
        "find approvals that nobody can decide",
        Role.system_deadlines,
        escalations.dead_ends,
        lambda uow, actor, step_id: escalating.find_help(uow, actor, FindHelp(step_id)),
    ),
    Chore(
        "remind vendors before an RFQ closes",
        Role.system_deadlines,
        lambda uow: rfqs.to_remind(uow, uow.now),
        reminders.remind,
    ),
    Chore(
        "send the day's digest at the person's hour", Role.system_notices, digests.due, digests.begin_digest
    ),
    Chore(
        "tell what was kept over the quiet hours",
        Role.system_notices,
        digests.kept_too_long,
        digests.release_notices,
    ),
)


async def run(runtime: Runtime, stop: asyncio.Event) -> None:
    """Until stopped, each second."""
    tidied = runtime.clock.now() - TIDY_EVERY
    while not stop.is_set():
        try:
            await tick(runtime)
            await park_poison(runtime)
            if runtime.clock.now() - tidied >= TIDY_EVERY:
                await tidy(runtime)
                tidied = runtime.clock.now()
        except (DBAPIError, PoolTimeout, OSError) as error:
            log.warning("clock.away", why=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue


async def tick(runtime: Runtime) -> None:
    """Look at every row of the table once, in its order; one clock at a time."""
    rows = iter(CHORES)
    while (found := await _next_due(runtime, rows)) is not None:
        chore, due = found
        for subject in due:
            await _run(runtime, chore, subject)


async def _next_due(runtime: Runtime, rows: Iterator[Chore]) -> tuple[Chore, Sequence[Any]] | None:
    """The next row with something due; a second in which nothing is due is one transaction."""
    async with runtime.engine.begin() as connection:
        if not await connection.scalar(_ALONE, {"lock": LOCK}):
            return None
        for chore in rows:
            due = await chore.due(runtime.uow(connection, Actor.system(chore.role)))
            if due:
                return chore, due
    return None


async def _run(runtime: Runtime, chore: Chore, subject: Any) -> None:
    """One command in its own transaction; whatever stops it, such as a missing rate, stops no other.

    It waits for the next second, and the clock goes on.
    """
    actor = Actor.system(chore.role)
    try:
        async with runtime.engine.begin() as connection:
            uow = runtime.uow(connection, actor)
            await chore.run(uow, actor, subject)
            await uow.finish()
    except DomainError as error:
        log.warning("clock.refused", chore=chore.name, code=error.code)
    except Exception as error:
        log.error("clock.failed", chore=chore.name, subject=str(subject), exc_info=error)


async def park_poison(runtime: Runtime) -> None:
    """A delivery that killed its worker five times is parked, and administrators hear of it."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, Actor.system(Role.system_notices))
        for fact in await deliveries.park_poison(connection, uow.now):
            await uow.record(fact)
        await uow.finish()


async def tidy(runtime: Runtime) -> None:
    """Drop what nobody needs any more: old idempotency keys, drafts, run-out tokens and tries."""
    now = runtime.clock.now()
    async with runtime.engine.begin() as connection:
        await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.kept_since < now - KEPT))
        await messages.drop_old_drafts(connection, now - DRAFT_LIFE)
        await accounts.drop_old(connection, now)
