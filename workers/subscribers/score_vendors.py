"""The subscriber ``scores``: carries out a scoring of all vendors that was begun."""

from core.insights.service import RunOutcome
from core.log.events import Event
from core.log.stored import StoredEvent
from core.vendor_facts.model import FactColumns
from core.vendor_scores import service
from core.vendor_scores.events import VendorScoringBegun
from core.vendor_scores.model import PartsOfVendors
from workers.broker import Queue
from workers.insight_runs import RunStage, RunWork, carry_out
from workers.runtime import Runtime

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = (VendorScoringBegun,)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    await carry_out(runtime, event.subject_id, caused_by=stored, work=WORK)


def _parts_before(known: FactColumns, _: None) -> PartsOfVendors:
    """By a library that takes long to load and that only a scoring needs."""
    from core.vendor_scores.scoring import parts_of

    return parts_of(known)


def _worked_out(known: FactColumns, before: PartsOfVendors) -> RunOutcome:
    from core.vendor_scores.scoring import scores_since

    scored = scores_since(known, before)
    return RunOutcome(scored.scores, scored.metrics, scored.n, scored.window)


WORK = RunWork(
    service.STEPS,
    [RunStage(service.known_before, _parts_before), RunStage(service.known, _worked_out)],
)
