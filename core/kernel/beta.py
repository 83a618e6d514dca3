"""Quantiles of beta distributions, each given by its mean and by how many facts it is worth.

One rule: numpy and nothing more, because a larger library for one function would take longer to load than to compute.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_STEPS, MOST_TERMS, TINY = 60, 40, 1e-12
NEAR = 1e-8
"""How near a quantile is given; the continued fraction ends when its factors are that near to 1."""


def beta_quantile(mean: Floats, strength: Floats, share: Floats | float) -> Floats:
    """The value below which a beta distribution of this mean and strength has ``share`` of its mass.

    Several shares are given as a column, and there is a row of quantiles for each. By Newton's steps; one that leaves
    what is known to hold the quantile is replaced by halving that.
    """
    a = np.maximum(mean * strength, TINY)
    b = np.maximum((1 - mean) * strength, TINY)
    scale = _log_gamma(a + b) - _log_gamma(a) - _log_gamma(b)
    asked = np.broadcast_shapes(np.shape(share), a.shape)
    low, high, guess = np.zeros(asked), np.ones(asked), np.full(asked, 0.5)
    for _ in range(MOST_STEPS):
        missing = share - _beta_below(guess, a, b, scale)
        low, high = np.where(missing > 0, guess, low), np.where(missing > 0, high, guess)
        step = guess + missing / _density(guess, a, b, scale)
        following = np.where((low < step) & (step < high), step, (low + high) / 2)
        moved, guess = np.abs(following - guess).max(initial=0), following
        if moved < NEAR:
            break
    return np.asarray(guess, dtype=np.float64)


def _density(x: Floats, a: Floats, b: Floats, scale: Floats) -> Floats:
    return np.asarray(np.exp(scale + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)) + TINY, dtype=np.float64)


def _beta_below(x: Floats, a: Floats, b: Floats, scale: Floats) -> Floats:
    """The regularised incomplete beta function, by its continued fraction on the side where that converges fast."""
    swapped = x > (a + 1) / (a + b + 2)
    x, a, b = np.where(swapped, 1 - x, x), np.where(swapped, b, a), np.where(swapped, a, b)
    with np.errstate(divide="ignore"):
        front = np.exp(scale + a * np.log(x) + b * np.log1p(-x)) / a
    value = front * _fraction(x, a, b)
    return np.asarray(np.where(swapped, 1 - value, value), dtype=np.float64)


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """Lentz's way through the continued fraction (Numerical Recipes, 6.4)."""
    c, d = np.ones_like(x), 1 / _not_zero(1 - (a + b) * x / (a + 1))
    result = d.copy()
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1 / _not_zero(1 + term * d), _not_zero(1 + term / c)
            result = result * (d * c)
        if np.abs(d * c - 1).max(initial=0) < NEAR:
            break
    return result


def _not_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < TINY, TINY, values)


_log_gamma: Callable[[Floats], Floats] = np.vectorize(math.lgamma, otypes=[np.float64])
