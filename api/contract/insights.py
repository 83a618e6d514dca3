"""Switches of what is worked out from history, and what was shown to whom, on the wire."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import Flag, InputModel, Moment, OutputModel
from core.insights.states import Feature as Feature
from core.insights.states import HintPlace as HintPlace
from core.insights.states import RunStatus as RunStatus

FigureOut = str | int | float | None
Figures = dict[str, FigureOut]


class InsightSwitchIn(InputModel):
    """Switched off, a feature leaves no trace on cards and pages, and its runs stop."""

    enabled: Annotated[Flag, Field(examples=[False])]


class InsightSwitchOut(OutputModel):
    feature: Feature
    enabled: bool
    changed_at: Moment | None


class InsightSwitchesOut(OutputModel):
    switches: tuple[InsightSwitchOut, ...]


class ShownHintOut(OutputModel):
    """What a person saw, where and when first. ``run_id`` null: it was counted at that moment."""

    id: UUID
    person_id: UUID
    person_name: str
    shown_at: Moment
    place: HintPlace
    feature: Feature
    subject_kind: str
    subject_id: str
    figures: Figures
    run_id: UUID | None


class ShownHintsOut(OutputModel):
    hints: tuple[ShownHintOut, ...]


class InsightRunOut(OutputModel):
    """Which method with which parameters, from what was known at ``trained_to``."""

    id: UUID
    version: str
    parameters: Figures
    trained_to: Moment
    window_from: dt.date | None
    window_to: dt.date | None
    n: int
    metrics: Figures
    status: RunStatus
    finished_at: Moment | None


class ReplayedPartOut(OutputModel):
    """A part as the run wrote it; closed since, or still in force."""

    part: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    window_from: dt.date
    window_to: dt.date


class ReplayedHintOut(OutputModel):
    """A hint with the run behind it and all that this run said about its subject."""

    hint: ShownHintOut
    run: InsightRunOut | None
    parts: tuple[ReplayedPartOut, ...]
