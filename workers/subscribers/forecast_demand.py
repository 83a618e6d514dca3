"""The subscriber ``demand``: carries out a forecast that was begun."""

from core.demand import service
from core.demand.events import DemandForecastBegun
from core.demand.model import DemandInputs
from core.insights.service import RunOutcome
from core.log.events import Event
from core.log.stored import StoredEvent
from workers.broker import Queue
from workers.insight_runs import RunStage, RunWork, carry_out
from workers.runtime import Runtime

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = (DemandForecastBegun,)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    await carry_out(runtime, event.subject_id, caused_by=stored, work=WORK)


def _worked_out(inputs: DemandInputs, _: None) -> RunOutcome:
    """By a library that takes long to load and that only a forecast needs."""
    from core.forecasts.run_scores import work_out

    return work_out(inputs)


WORK = RunWork(service.STEPS, [RunStage(service.inputs, _worked_out)])
