"""Rows of runs, scores and hints as the slice's model, and back.

One rule: JSON becomes a typed value here and travels no further.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from core.db.connection import Row
from core.insights.model import (
    STALE_AFTER,
    Figures,
    Hint,
    InsightRun,
    NewScore,
    Score,
    ScoreReason,
    ScoreSubject,
    ShownHint,
)
from core.insights.states import Feature, HintPlace, RunStatus

IN_ORDER = "in_order"
"""A list of lists would reach the driver as one array of two dimensions, so each score's list is inside an object."""


def score_row(score: NewScore, run: InsightRun, row_id: UUID) -> dict[str, Any]:
    """A score as it is inserted; its run says when it was worked out."""
    return {
        "id": row_id,
        "feature": run.feature.value,
        "subject_type": score.subject.kind,
        "subject_id": score.subject.id,
        "part": score.part,
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "n": score.n,
        "window_from": score.window_from,
        "window_to": score.window_to,
        "reasons": {IN_ORDER: [asdict(reason) for reason in score.reasons]},
        "run_id": run.id,
    }


def score_of(row: Row, now: dt.datetime) -> Score:
    """From its row, in which ``reasons`` may be text: so they travel in an array."""
    reasons = from_json(row.reasons) if isinstance(row.reasons, str) else row.reasons
    return Score(
        ScoreSubject(row.subject_type, row.subject_id),
        row.part,
        row.value,
        row.low,
        row.high,
        row.n,
        row.window_from,
        row.window_to,
        tuple(_reasons(reasons[IN_ORDER])),
        run_id=row.run_id,
        computed_at=row.computed_at,
        stale=now - row.computed_at > STALE_AFTER,
    )


def _reasons(stored: Iterable[Mapping[str, Any]]) -> Iterable[ScoreReason]:
    for each in stored:
        yield ScoreReason(str(each["code"]), _figures(each["facts"]))


def _figures(stored: Mapping[str, Any]) -> Figures:
    return {str(name): value for name, value in stored.items() if isinstance(value, str | int | float | None)}


def run_of(row: Row) -> InsightRun:
    return InsightRun(
        id=row.id,
        feature=Feature(row.feature),
        version=row.version,
        parameters=_figures(row.parameters),
        trained_to=row.trained_to,
        started_at=row.started_at,
        status=RunStatus(row.status),
        finished_at=row.finished_at,
        window_from=row.window_from,
        window_to=row.window_to,
        metrics=_figures(row.metrics),
        n=row.n,
    )


def hint_row(hint: Hint, row_id: UUID, person_id: UUID) -> dict[str, Any]:
    """A hint as it is inserted; the statement says when it was shown."""
    return {
        "id": row_id,
        "person_id": person_id,
        "request_id": hint.request_id,
        "place": hint.place.value,
        "feature": hint.feature.value,
        "subject_type": hint.subject.kind,
        "subject_id": hint.subject.id,
        "run_id": hint.run_id,
        "figures": dict(hint.figures),
    }


def shown_of(row: Row) -> ShownHint:
    return ShownHint(
        Feature(row.feature),
        HintPlace(row.place),
        ScoreSubject(row.subject_type, row.subject_id),
        _figures(row.figures),
        row.run_id,
        row.request_id,
        id=row.id,
        person_id=row.person_id,
        person_name=row.person_name,
        shown_at=row.shown_at,
    )
