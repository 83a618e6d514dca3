"""From what is known of demand to the scores of a run.

One rule: what was worked out from the same facts before is not worked out again.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from core.demand.model import (
    CATEGORY,
    INPUTS,
    ITEM,
    ITEMS,
    LAST_YEAR,
    LEAD,
    PROOF,
    REORDER,
    SILENT,
    VERSION,
    Ahead,
    BoughtFrom,
    DemandInputs,
    Outlook,
)
from core.forecasts import forecasting, method
from core.forecasts.forecasting import DemandHistory, ItemGroups
from core.insights.model import NewScore, ScoreReason, ScoreSubject
from core.insights.service import RunOutcome


@dataclass(frozen=True)
class _Known:
    """The inputs as numbers, and from what each subject's scores follow."""

    inputs: DemandInputs
    history: DemandHistory
    groups: ItemGroups
    prints: Mapping[ScoreSubject, str]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """The first day and the last of the months that draws are made from."""
        last = self.history.last_month
        first = max(self.history.first, forecasting.months_after(last, 1 - method.LONG_WINDOW))
        return first, forecasting.months_after(last, 1) - dt.timedelta(days=1)


def work_out(inputs: DemandInputs) -> RunOutcome:
    """The scores of all subjects whose facts have changed; those that have no demand any more are closed."""
    history = forecasting.history_of(inputs.demand, inputs.until)
    gone = [ScoreSubject(*each) for each in inputs.before]
    if history is None:
        return RunOutcome((), {}, 0, only=gone)
    known = _known(inputs, history)
    changed = {each for each, of in known.prints.items() if inputs.before.get((each.kind, each.id)) != of}
    closed = [each for each in gone if each not in known.prints]
    scores = tuple(_changed_scores(known, changed)) if changed else ()
    metrics = {"items": len(history.names), "changed": len(changed)}
    only = [*sorted(changed, key=lambda each: (each.kind, each.id)), *closed]
    return RunOutcome(scores, metrics, len(history.names), known.window, only)


def _known(inputs: DemandInputs, history: DemandHistory) -> _Known:
    category = {name: each.category for name, each in inputs.facts.items() if each.category is not None}
    prices = {name: each.price for name, each in inputs.facts.items() if each.price is not None}
    groups = forecasting.grouped(history, category, prices)
    prints = {
        ScoreSubject(ITEM, name): _print(
            VERSION,
            history.first,
            history.months[row].tolist(),
            inputs.facts.get(name),
        )
        for row, name in enumerate(history.names)
    }
    left_out: dict[str, int] = {}
    for name in history.names:
        if name in category and name not in prices:
            left_out[category[name]] = left_out.get(category[name], 0) + 1
    for place, group in enumerate(groups.names):
        members = [history.names[row] for row in np.flatnonzero(groups.of == place)]
        own = [prints[ScoreSubject(ITEM, name)] for name in members]
        prints[ScoreSubject(CATEGORY, group)] = _print(inputs.currency, own, left_out.get(group, 0))
    return _Known(inputs, history, groups, prints, left_out)


def _print(*facts: object) -> str:
    return blake2b(repr(facts).encode(), digest_size=12).hexdigest()


def _changed_scores(known: _Known, changed: set[ScoreSubject]) -> Iterator[NewScore]:
    """A category is worked out with all its items, so they are, too."""
    history, groups = known.history, known.groups
    anew = [ScoreSubject(CATEGORY, name) in changed for name in groups.names]
    rows = np.array(
        [
            row
            for row, name in enumerate(history.names)
            if ScoreSubject(ITEM, name) in changed or (groups.of[row] >= 0 and anew[groups.of[row]])
        ],
        dtype=np.intp,
    )
    leads = {name: each.known_lead for name, each in known.inputs.facts.items() if each.known_lead}
    found = forecasting.outlooks(history, groups, leads, rows)
    for kind, outlooks in ((ITEM, found.items), (CATEGORY, found.groups)):
        for outlook in outlooks:
            subject = ScoreSubject(kind, outlook.name)
            if subject in changed:
                yield from _scores(known, subject, outlook)


def _scores(known: _Known, subject: ScoreSubject, outlook: Outlook) -> Iterator[NewScore]:
    first, last = known.window
    common = [
        ScoreReason(LAST_YEAR, {"quantity": outlook.last_year, "months": outlook.active_last_year}),
        ScoreReason(INPUTS, {"of": known.prints[subject]}),
        *_of_category(known, subject),
    ]
    for ahead in Ahead:
        found = outlook.ranges.get(ahead)
        yield NewScore(
            subject,
            ahead.value,
            found.middle if found else None,
            found.low if found else None,
            found.high if found else None,
            outlook.active_months,
            first,
            last,
            (*_proof(outlook, ahead), *common),
        )
    if outlook.reorder is not None:
        bought = known.inputs.facts[outlook.name]
        yield NewScore(
            subject, REORDER, outlook.reorder, None, None, bought.lead_orders, first, last, _lead(bought)
        )


def _proof(outlook: Outlook, ahead: Ahead) -> Iterator[ScoreReason]:
    """Why nothing is said, or how the range did on months that it had not seen."""
    if outlook.why_silent is not None:
        yield ScoreReason(SILENT, {"why": outlook.why_silent.value})
    proof = outlook.held_out.get(ahead)
    if proof is not None:
        yield ScoreReason(
            PROOF,
            {"within": proof.within, "origins": proof.origins, "ours": proof.ours, "last": proof.last},
        )


def _of_category(known: _Known, subject: ScoreSubject) -> Iterator[ScoreReason]:
    if subject.kind == CATEGORY:
        place = known.groups.names.index(subject.id)
        yield ScoreReason(
            ITEMS,
            {
                "items": int((known.groups.of == place).sum()),
                "left_out": known.left_out.get(subject.id, 0),
                "currency": known.inputs.currency,
            },
        )


def _lead(bought: BoughtFrom) -> tuple[ScoreReason, ...]:
    return (
        ScoreReason(LEAD, {"vendor": bought.vendor, "days": bought.lead_days, "orders": bought.lead_orders}),
    )
