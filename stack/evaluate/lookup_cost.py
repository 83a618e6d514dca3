"""How long is waited for what is read from history at the moment: on this installation's own purchases.

One rule: what is timed is what a purchase causes; nothing of it is kept.
"""

import time
from collections.abc import Awaitable, Callable
from statistics import median

from sqlalchemy import text

from core.approvals.model import Approval, ApprovalFilter
from core.checks import service as checks
from core.db.pages import PageQuery
from core.decisions import queries as decisions
from core.findings import repo as findings
from core.kernel.ids import RequestId
from core.recommendations import queries as recommendations
from core.recommendations.model import SuggestVendors
from core.recommendations.repo import count_lines
from core.uow import Uow
from stack.evaluate.figure import Figure
from stack.evaluate.who_to_ask import FEATURE as WHO_TO_ASK

AS_PROCESSES_PLAN = text("SET LOCAL plan_cache_mode = force_generic_plan")
"""The API and the workers plan each statement once."""
TIMED = 40
"""The newest purchases that came to an approval; the first look-up prepares the statements and is not counted."""
CHECKED_MS, SUGGESTED_MS = 50.0, 200.0
"""What each may take with 100,000 order lines."""


async def measure_history(uow: Uow) -> list[Figure]:
    """The median of each; nothing before there were a few approvals."""
    newest = await decisions.listing(uow, uow.actor, ApprovalFilter(page=PageQuery(None, TIMED + 1)))
    approvals = [each.approval for each in newest.items]
    if len(approvals) < 2:
        return []
    await uow.connection.execute(AS_PROCESSES_PLAN)
    settings = await findings.settings(uow)

    async def check(approval: Approval) -> None:
        await checks.of_approval(uow, approval, settings)

    async def suggest(approval: Approval) -> None:
        wanted = SuggestVendors(RequestId(approval.request_id))
        await recommendations.suggest(uow, uow.actor, wanted)

    dataset = f"own, {await count_lines(uow.connection):,} lines"
    window = f"{approvals[-1].opened_at.date()} to {approvals[0].opened_at.date()}"
    figures = []
    for name, feature, look_up, most in (
        ("one purchase by all rules, ms", "findings", check, CHECKED_MS),
        ("one suggestion, ms", WHO_TO_ASK, suggest, SUGGESTED_MS),
    ):
        took = await _milliseconds(look_up, approvals)
        figures.append(
            Figure(
                name=name,
                feature=feature,
                dataset=dataset,
                value=median(took),
                must=most,
                aim=most / 2,
                better="lower",
                n=len(took),
                window=window,
                seconds=sum(took) / 1000,
            )
        )
    return figures


async def _milliseconds(
    look_up: Callable[[Approval], Awaitable[None]], approvals: list[Approval]
) -> list[float]:
    took = []
    for approval in approvals:
        begun = time.perf_counter()
        await look_up(approval)
        took.append(1000 * (time.perf_counter() - begun))
    return took[1:]
