"""Forecasts demand from months: numbers in, numbers out.

One rule: nothing is drawn that did not happen. A third of the draws repeats months of the last 12, a third those of the
last 24, and a third repeats what came after moments like this one, of all items, in the item's own size.

Rows are items, columns are whole months, the latest last, zeros filled in. What has to stand beside its name is sorted
by it, so that neither the order of items nor that of events changes a figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

SEED = 20_260
MONTH, QUARTER, YEAR = 1, 3, 12
SHORT_WINDOW, LONG_WINDOW = 12, 24
DRAWS_OF_EACH = 200
ACTIVE_MONTHS = 8
"""With fewer months of demand, or none in the last 12, an item has no range of its own."""
STILL_ASKED_FOR = 18
SEEN_BEFORE = 4
"""A moment counts as one to compare with when the item had this many months of demand by then."""
COMPARED = 300
COMPARED_LEAST = 200
"""With fewer moments to compare with, all draws repeat the item's own months."""
ORIGINS = 24
"""How many months back moments to compare with lie."""
MOST_GROWTH = 6.0
"""What came after a moment counts as at most so many typical months in one."""
AGES = ((3, 0.3), (6, 0.2), (12, 0.3), (24, 0.2))
"""How much of the intensity each part of the past has: the months up to 3 back, from there to 6, and so on."""
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Moments:
    """Moments of all items, by how intense demand was, and what the months after each brought, in typical months."""

    intensity: Matrix
    after: Matrix


def live(history: Matrix) -> Flags:
    """Which items have enough demand for a range of their own."""
    active: Flags = (history > 0).sum(axis=1) >= ACTIVE_MONTHS
    awake: Flags = history[:, -SHORT_WINDOW:].sum(axis=1) > 0
    return np.logical_and(active, awake)


def typical(history: Matrix) -> Matrix:
    """The mean of the months with demand among the last 24, or of all when those had none; 0 without any."""
    recent = history[:, -LONG_WINDOW:]
    sizes: Matrix = np.where((recent > 0).any(axis=1), _mean_of_active(recent), _mean_of_active(history))
    return sizes


def _mean_of_active(months: Matrix) -> Matrix:
    mean: Matrix = months.sum(axis=1) / np.maximum((months > 0).sum(axis=1), 1)
    return mean


def intensity(history: Matrix) -> Matrix:
    """Demand per month as a share of the typical month, the latest months weighing more."""
    months, found, since = history.shape[1], np.zeros(len(history)), 0
    for age, weight in AGES:
        part = history[:, max(0, months - age) : months - since]
        found += weight * (part.mean(axis=1) if part.shape[1] else 0.0)
        since = age
    sizes = typical(history)
    return np.divide(found, sizes, out=np.zeros_like(found), where=sizes > 0)


def moments(history: Matrix, horizon: int) -> Moments:
    """What there is to compare with: each month of the last two years after which ``horizon`` months are known."""
    last = history.shape[1] - horizon
    found, after = [], []
    for at in range(max(SHORT_WINDOW + 1, last - ORIGINS), last + 1):
        past = history[:, :at]
        kept = (past[:, -STILL_ASKED_FOR:].sum(axis=1) > 0) & ((past > 0).sum(axis=1) >= SEEN_BEFORE)
        found.append(intensity(past[kept]))
        after.append(history[kept, at : at + horizon] / typical(past[kept])[:, None])
    if not found:
        return Moments(np.empty(0), np.empty((0, horizon)))
    all_found = np.concatenate(found)
    order = np.argsort(all_found, kind="stable")
    return Moments(all_found[order], np.minimum(np.concatenate(after)[order], MOST_GROWTH))


def draws_of(compared: Moments) -> int:
    """How many draws there are of each item."""
    return DRAWS_OF_EACH * (3 if len(compared.intensity) >= COMPARED_LEAST else 2)


def paths(history: Matrix, names: Numbers, compared: Moments, horizon: int) -> Matrix:
    """Draws of the next months, ``(items, horizon, draws)``.

    A draw repeats the same months of the past for all items, so that what is asked for together stays together and
    draws of several items may be added.
    """
    random = np.random.default_rng(SEED)
    months = history.shape[1]
    own = [
        history[:, months - min(window, months) :][
            :, random.integers(0, min(window, months), (horizon, DRAWS_OF_EACH))
        ]
        for window in (SHORT_WINDOW, LONG_WINDOW)
    ]
    if len(compared.intensity) < COMPARED_LEAST:
        return np.concatenate(own, axis=2)
    shuffled = random.permutation(DRAWS_OF_EACH)
    return np.concatenate([*own, _alike(history, names, compared, shuffled)], axis=2)


def _alike(history: Matrix, names: Numbers, compared: Moments, shuffled: Numbers) -> Matrix:
    """What came after the moments whose intensity is nearest, in the item's typical months.

    Each item meets them in an order of its own, so that items do not grow together because they were drawn together.
    """
    there = len(compared.intensity)
    nearest = min(COMPARED, max(COMPARED_LEAST // 4, there // 5))
    place = np.searchsorted(compared.intensity, intensity(history)) - nearest // 2
    first = np.clip(place, 0, there - nearest)
    steps = shuffled[(np.arange(DRAWS_OF_EACH)[None, :] + names[:, None]) % DRAWS_OF_EACH]
    chosen = first[:, None] + steps * nearest // DRAWS_OF_EACH
    drawn: Matrix = compared.after.T[:, chosen].transpose(1, 0, 2) * typical(history)[:, None, None]
    return drawn


def name_number(name: str) -> int:
    """A number that follows from the name alone."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")


def in_pieces(rows: int) -> Iterator[slice]:
    """Slices of the rows that fit into memory."""
    for start in range(0, rows, ROWS_AT_ONCE):
        yield slice(start, min(rows, start + ROWS_AT_ONCE))


def quantiles(draws: Matrix, levels: tuple[float, ...]) -> Matrix:
    """One of the draws for each level, ``(items, levels)``; never below that of a lower level."""
    count = draws.shape[1]
    places = [max(0, int(np.ceil(level * (count + 1) - 1e-9)) - 1) for level in levels]
    found: Matrix = np.partition(draws, places, axis=1)[:, places]
    return found


def pinball(actual: Matrix, said: Matrix, level: float) -> Matrix:
    """The loss of a quantile: what was missing at ``level``, what was too much at the rest."""
    error = actual - said
    loss: Matrix = np.maximum(level * error, (level - 1) * error)
    return loss


def whole_and_part(draws: Matrix, months: Matrix) -> Matrix:
    """The demand of so many months, not all of them whole, ``(items, draws)``."""
    shares = np.clip(months[:, None] - np.arange(draws.shape[1])[None, :], 0.0, 1.0)
    total: Matrix = (draws * shares[:, :, None]).sum(axis=1)
    return total
