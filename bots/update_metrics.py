"""What comes in from a chat platform: how much, how long it takes, and when the platform was last heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Gauge, Histogram

_SECONDS = Histogram(
    "parley_update_seconds",
    "Seconds that one update of a chat platform took, the waiting for its person's turn included.",
    ("platform",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25),
)
_HEARD_AT = Gauge(
    "parley_bot_heard_timestamp_seconds",
    "When the platform last said something: an update, or an answer to polling.",
    ("platform",),
)


def heard(platform: str) -> None:
    """The platform has just said something."""
    _HEARD_AT.labels(platform).set_to_current_time()


@contextmanager
def handling(platform: str) -> Iterator[None]:
    """Observe how long an update takes, however it ends."""
    heard(platform)
    begun = perf_counter()
    try:
        yield
    finally:
        _SECONDS.labels(platform).observe(perf_counter() - begun)
