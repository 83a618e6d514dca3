"""The clock: a table of what becomes due by itself, checked every second.

One rule: the use case checks again inside its own transaction whether it is due, so that two clocks or a late one
change nothing twice.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, text

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import repo as accounts
from core.amendments import reminders
from core.amendments import repo as amendments
from core.awards import service as awarding
from core.db import attempts
from core.db.connection import DATABASE_ERRORS
from core.db.idempotency import KEY_LIFE, idempotency_keys
from core.delegations import repo as delegations
from core.delegations import service as delegation_service
from core.demand import service as demand
from core.escalations import repo as escalations
from core.escalations import service as escalating
from core.escalations.commands import HandleStuckStep, RemindStep
from core.findings import service as findings
from core.insights import repo as insights
from core.insights.model import SCORES_KEPT
from core.issuing import service as issuing
from core.kernel.clock import NEVER
from core.kernel.errors import DomainError
from core.log import deliveries
from core.mails import repo as mails
from core.mails.model import MAILS_KEPT
from core.messages import repo as messages
from core.messages.service import DRAFT_LIFE
from core.notifications import digests
from core.orders import repo as orders
from core.orders.commands import IssueOrder
from core.quote_drafts import repo as quote_drafts
from core.quote_drafts.service import DRAFT_LIFE as QUOTE_DRAFT_LIFE
from core.quotes import repo as quotes
from core.quotes import service as quoting
from core.reassignments import service as reassignments
from core.reassignments.commands import RouteApproval
from core.rfqs import repo as rfqs
from core.standings import service as standings
from core.uow import Uow
from core.vendor_links import repo as vendor_links
from core.vendor_links.policy import COLLEAGUES_KEPT, KEPT_AFTERWARDS
from core.vendor_scores import service as vendor_scores
from core.web_sessions import repo as web_sessions
from workers.runtime import Runtime

log = structlog.get_logger()

LOCK = 0x636C6F636B  # "clock"
TICK_SECONDS = 1.0
CLEANUP_INTERVAL = dt.timedelta(minutes=10)
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock) AS locked, clock_timestamp() AS shown")


@dataclass(frozen=True)
class ScheduledTask:
    """One row: how to find what is due now, and the command to run for each."""

    name: str
    role: Role
    due: Callable[[Uow], Awaitable[Sequence[Any]]]
    run: Callable[[Uow, Actor, Any], Awaitable[object]]


SCHEDULED_TASKS = (
    ScheduledTask(
        "close RFQs whose deadline has passed",
        Role.system_deadlines,
        lambda uow: rfqs.past_deadline(uow, uow.now),
        awarding.close_due,
    ),
    ScheduledTask(
        "expire quotes whose validity has ended",
        Role.system_deadlines,
        lambda uow: quotes.past_validity(uow, uow.now.date()),
        quoting.expire_quote,
    ),
    ScheduledTask(
        "issue orders that nobody can undo any more",
        Role.system_deadlines,
        lambda uow: orders.due_to_issue(uow, uow.now),
        lambda uow, actor, order_id: issuing.issue(uow, actor, IssueOrder(order_id)),
    ),
    ScheduledTask(
        "end delegations whose time is over",
        Role.system_deadlines,
        lambda uow: delegations.past_until(uow, uow.now),
        delegation_service.expire,
    ),
    ScheduledTask(
        "send approval cards when n8n named nobody in time",
        Role.system_deadlines,
        lambda uow: escalations.unrouted(uow, uow.now),
        lambda uow, actor, approval_id: reassignments.route(uow, actor, RouteApproval(approval_id, None)),
    ),
    ScheduledTask(
        "remind approvers who wait too long",
        Role.system_deadlines,
        lambda uow: escalations.overdue(uow, uow.now),
        lambda uow, actor, step_id: escalating.remind(uow, actor, RemindStep(step_id)),
    ),
    ScheduledTask(
        "find approvals that nobody can decide",
        Role.system_deadlines,
        escalations.stuck_steps,
        lambda uow, actor, step_id: escalating.handle_stuck_step(uow, actor, HandleStuckStep(step_id)),
    ),
    ScheduledTask(
        "remind vendors before an RFQ closes",
        Role.system_deadlines,
        lambda uow: amendments.due_for_reminder(uow, uow.now),
        reminders.remind,
    ),
    ScheduledTask("begin the day's forecast of demand", Role.system_insights, demand.due, demand.begin),
    ScheduledTask(
        "begin the day's second look at what was to be approved lately",
        Role.system_insights,
        findings.due_again,
        findings.begin_again,
    ),
    ScheduledTask(
        "begin the day's scoring of vendors", Role.system_insights, vendor_scores.due, vendor_scores.begin
    ),
    ScheduledTask(
        "warn of vendors below a bound, hold them, and end that",
        Role.system_insights,
        standings.due,
        standings.apply,
    ),
    ScheduledTask(
        "send the day's digest at the person's hour",
        Role.system_notices,
        digests.people_due,
        digests.begin_digest,
    ),
    ScheduledTask(
        "send the notices that were held over the quiet hours",
        Role.system_notices,
        digests.people_to_release,
        digests.release_notices,
    ),
)


async def run(runtime: Runtime, stop: asyncio.Event) -> None:
    """Until stopped: tick every second."""
    last_cleanup = NEVER
    while not stop.is_set():
        try:
            await tick(runtime)
            await park_poison(runtime)
            if runtime.clock.now() - last_cleanup >= CLEANUP_INTERVAL:
                await delete_expired(runtime)
                last_cleanup = runtime.clock.now()
        except DATABASE_ERRORS as error:
            log.warning("clock.away", why=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), TICK_SECONDS)
        except TimeoutError:
            continue


async def tick(runtime: Runtime) -> None:
    """Check every row of the table once, in order; an advisory lock allows one clock at a time."""
    rows = iter(SCHEDULED_TASKS)
    while (found := await _next_due(runtime, rows)) is not None:
        task, due = found
        for subject in due:
            await _run(runtime, task, subject)


async def _next_due(
    runtime: Runtime, rows: Iterator[ScheduledTask]
) -> tuple[ScheduledTask, Sequence[Any]] | None:
    """The next row with something due; all rows that are not due are checked in one transaction."""
    async with runtime.engine.begin() as connection:
        only = (await connection.execute(_TRY_LOCK, {"lock": LOCK})).one()
        if not only.locked:
            return None
        runtime.clock.heard(only.shown)
        for task in rows:
            due = await task.due(runtime.uow(connection, Actor.system(task.role)))
            if due:
                return task, due
    return None


async def _run(runtime: Runtime, task: ScheduledTask, subject: Any) -> None:
    """Run one command in its own transaction; an error, such as a missing rate, is logged and stops no other command.

    What failed is still due and is tried again in the next second.
    """
    actor = Actor.system(task.role)
    try:
        async with runtime.engine.begin() as connection:
            uow = runtime.uow(connection, actor)
            await task.run(uow, actor, subject)
            await uow.finish()
    except DomainError as error:
        log.warning("clock.refused", task=task.name, code=error.code)
    except Exception as error:
        log.error("clock.failed", task=task.name, subject=str(subject), exc_info=error)


async def park_poison(runtime: Runtime) -> None:
    """Park deliveries whose worker died five times; administrators get a notice."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, Actor.system(Role.system_notices))
        for event in await deliveries.park_poison(connection, uow.now):
            await uow.record(event)
        await uow.finish()


async def delete_expired(runtime: Runtime) -> None:
    """Delete old idempotency keys, drafts, mails and named colleagues, expired tokens, failed attempts, and old
    scores that nobody was shown.
    """
    now = runtime.clock.now()
    async with runtime.engine.begin() as connection:
        await connection.execute(
            delete(idempotency_keys).where(idempotency_keys.c.kept_since < now - KEY_LIFE)
        )
        await messages.delete_old_drafts(connection, now - DRAFT_LIFE)
        await attempts.delete_expired(connection, now)
        await accounts.delete_expired(connection, now)
        await web_sessions.delete_expired(connection, now)
        await vendor_links.delete_expired(connection, now, KEPT_AFTERWARDS)
        await vendor_links.delete_old_colleagues(connection, now - COLLEAGUES_KEPT)
        await mails.delete_old(connection, now - MAILS_KEPT)
        await quote_drafts.delete_old(connection, now - QUOTE_DRAFT_LIFE)
        await insights.delete_unshown(connection, now - SCORES_KEPT)
