"""``./parley evaluate insight``: how good the methods are that work something out from history.

One rule: an evaluation runs the production code, and is a row of the table below and a module of its own.

Without ``--data`` it measures a small history that is always the same; with it, the real files in that folder; with
``--history``, what this installation has bought so far.
"""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from administration.run import run_use_case
from core.access.actor import Actor
from core.uow import Uow
from stack.errors import StackError
from stack.evaluate import (
    demand_forecast,
    line_findings,
    lookup_cost,
    scoring_cost,
    vendor_lateness,
    vendor_promises,
    who_to_ask,
)
from stack.evaluate.figure import Figure, as_text
from stack.installation import load
from stack.paths import Paths

Measure = Callable[[Path | None], Sequence[Figure]]
MeasureHistory = Callable[[Uow], Awaitable[Sequence[Figure]]]


@dataclass(frozen=True)
class Evaluation:
    """One row: a method measured on data, on an installation's own history, or on both."""

    name: str
    measure: Measure | None = None
    measure_history: MeasureHistory | None = None


EVALUATIONS: tuple[Evaluation, ...] = (
    Evaluation("vendor_lateness", vendor_lateness.measure, vendor_lateness.measure_history),
    Evaluation("vendor_promises", vendor_promises.measure, vendor_promises.measure_history),
    Evaluation("demand", demand_forecast.measure, demand_forecast.measure_history),
    Evaluation("findings", line_findings.measure, line_findings.measure_history),
    Evaluation("who_to_ask", who_to_ask.measure, who_to_ask.measure_history),
    Evaluation("scoring_cost", scoring_cost.measure),
    Evaluation("lookup_cost", measure_history=lookup_cost.measure_history),
)


def evaluate(paths: Paths, args: argparse.Namespace) -> int:
    """Measure and print; 1 when a floor is missed."""
    if args.data is not None and not args.data.is_dir():
        raise StackError(f"there is no folder {args.data}")
    figures = _measured_history(paths) if args.history else _measured(args.data)
    print(json.dumps([_as_row(figure) for figure in figures], indent=2) if args.json else as_text(figures))
    missed = [figure for figure in figures if figure.missed]
    for figure in missed:
        sign = "below" if figure.better == "higher" else "above"
        print(
            f"parley: {figure.name} ({figure.dataset}) is {sign} {figure.must}: {figure.value:.4f}",
            file=sys.stderr,
        )
    return 1 if missed else 0


def _measured(data: Path | None) -> list[Figure]:
    return [figure for each in EVALUATIONS if each.measure is not None for figure in each.measure(data)]


def _measured_history(paths: Paths) -> list[Figure]:
    return run_use_case(load(paths).databases.app, measured_history)


async def measured_history(uow: Uow, actor: Actor) -> list[Figure]:
    """Every method on this installation's own purchases; of those for which there are too few, nothing."""
    return [
        figure
        for each in EVALUATIONS
        if each.measure_history is not None
        for figure in await each.measure_history(uow)
    ]


def _as_row(figure: Figure) -> dict[str, object]:
    return asdict(figure) | {"missed": figure.missed}
