"""How deliveries end, and how long they take, by subscriber."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Histogram

_ENDED = Counter(
    "parley_deliveries",
    "Attempts of deliveries by how they ended: done, postponed, failed or rejected.",
    ("subscriber", "outcome"),
)
_SECONDS = Histogram(
    "parley_delivery_seconds",
    "Seconds that one attempt of a delivery took.",
    ("subscriber",),
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 15, 60),
)


@contextmanager
def timed(subscriber: str) -> Iterator[None]:
    """Observe how long the block takes, however it ends."""
    begun = perf_counter()
    try:
        yield
    finally:
        _SECONDS.labels(subscriber).observe(perf_counter() - begun)


def count_ended(subscriber: str, outcome: str) -> None:
    _ENDED.labels(subscriber, outcome).inc()
