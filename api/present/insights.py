"""Converts switches, hints and runs from read model to wire."""

from collections.abc import Sequence

from api.contract import insights as wire
from core.insights.model import InsightRun, InsightSwitch, Score, ShownHint
from core.insights.queries import ReplayedHint


def switches(source: Sequence[InsightSwitch]) -> wire.InsightSwitchesOut:
    return wire.InsightSwitchesOut(
        switches=tuple(
            wire.InsightSwitchOut(feature=each.feature, enabled=each.enabled, changed_at=each.changed_at)
            for each in source
        )
    )


def hints(source: Sequence[ShownHint]) -> wire.ShownHintsOut:
    return wire.ShownHintsOut(hints=tuple(_hint(each) for each in source))


def replayed(source: ReplayedHint) -> wire.ReplayedHintOut:
    return wire.ReplayedHintOut(
        hint=_hint(source.shown),
        run=_run(source.run) if source.run else None,
        parts=tuple(_part(each) for each in source.scores),
    )


def _hint(source: ShownHint) -> wire.ShownHintOut:
    return wire.ShownHintOut(
        id=source.id,
        person_id=source.person_id,
        person_name=source.person_name,
        shown_at=source.shown_at,
        place=source.place,
        feature=source.feature,
        subject_kind=source.subject.kind,
        subject_id=source.subject.id,
        figures=dict(source.figures),
        run_id=source.run_id,
    )


def _run(source: InsightRun) -> wire.InsightRunOut:
    return wire.InsightRunOut(
        id=source.id,
        version=source.version,
        parameters=dict(source.parameters),
        trained_to=source.trained_to,
        window_from=source.window_from,
        window_to=source.window_to,
        n=source.n,
        metrics=dict(source.metrics),
        status=source.status,
        finished_at=source.finished_at,
    )


def _part(source: Score) -> wire.ReplayedPartOut:
    return wire.ReplayedPartOut(
        part=source.part,
        value=source.value,
        low=source.low,
        high=source.high,
        n=source.n,
        window_from=source.window_from,
        window_to=source.window_to,
    )
