"""What the relay tells: what it has sealed, and how the installation stands, as the database says.

One rule: a figure that could not be read is not told as an old one: ``parley_vitals_timestamp_seconds`` says of when
they are, and an alert looks at that first.
"""

import datetime as dt
from collections.abc import Mapping

from prometheus_client import Counter, Gauge

from core.monitoring.model import Vitals

_SEALED = Counter("parley_events_sealed", "Events that this relay has sealed, by type.", ("type",))
_READ_AT = Gauge("parley_vitals_timestamp_seconds", "When the figures below were read from the database.")
_LOG_SIZE = Gauge("parley_log_events", "The last position of the log.")
_UNSEALED = Gauge("parley_log_unsealed_events", "Events without a position, counted up to 10,000.")
_OLDEST_UNSEALED = Gauge(
    "parley_log_oldest_unsealed_seconds", "How long the oldest of them waits; 0 without any."
)
_OLDEST_UNCOVERED = Gauge(
    "parley_log_oldest_uncovered_seconds", "Age of the oldest event that no checkpoint covers; 0 without any."
)
_VERIFIED_AT = Gauge(
    "parley_log_verified_timestamp_seconds", "When the whole log was last verified; 0 for never."
)
_INTACT = Gauge("parley_log_intact", "1 when the last verification found the log intact, 0 when it did not.")
_DUE = Gauge("parley_deliveries_due", "Deliveries whose time has come.", ("subscriber",))
_OLDEST_DUE = Gauge(
    "parley_delivery_oldest_due_seconds", "How long the oldest of them waits.", ("subscriber",)
)
_PARKED = Gauge("parley_deliveries_parked", "Deliveries that failed for good and wait for an administrator.")
_APPROVALS = Gauge(
    "parley_approvals_open", "Approvals that wait for a decision, by how long at least.", ("for_at_least",)
)
_DEAD_ENDS = Gauge("parley_approvals_dead_end", "Open steps that nobody is left to decide.")
_RFQS_OVERDUE = Gauge("parley_rfqs_overdue", "RFQs that are open a minute after their deadline.")
_QUOTES_DUE = Gauge("parley_quotes_due", "Invitations without an answer to RFQs that close within a day.")
_BACKED_UP_AT = Gauge("parley_backup_timestamp_seconds", "When the newest backup was made; 0 for never.")
_DATABASE_BYTES = Gauge("parley_database_bytes", "The size of the database.")
N8N_READY = Gauge(
    "parley_n8n_ready", "1 when n8n answers, 0 when it does not; not told without n8n.", ("url",)
)
CERTIFICATE_EXPIRES = Gauge(
    "parley_certificate_expires_timestamp_seconds",
    "When the certificate of PARLEY_API_URL expires.",
    ("host",),
)


def count_sealed(by_type: Mapping[str, int]) -> None:
    for event_type, count in by_type.items():
        _SEALED.labels(event_type).inc(count)


def tell(vitals: Vitals, now: dt.datetime) -> None:
    """Set every figure to what was read ``now``."""
    _LOG_SIZE.set(vitals.log_size)
    _UNSEALED.set(vitals.unsealed)
    _OLDEST_UNSEALED.set(_age(vitals.oldest_unsealed_at, now))
    _OLDEST_UNCOVERED.set(_age(vitals.oldest_uncovered_at, now))
    _VERIFIED_AT.set(_moment(vitals.verified_at))
    _INTACT.set(0 if vitals.intact is False else 1)
    _PARKED.set(vitals.parked)
    _APPROVALS.labels("0d").set(vitals.approvals_open)
    _APPROVALS.labels("1d").set(vitals.approvals_open_a_day)
    _APPROVALS.labels("3d").set(vitals.approvals_open_three_days)
    _DEAD_ENDS.set(vitals.approvals_dead_end)
    _RFQS_OVERDUE.set(vitals.rfqs_overdue)
    _QUOTES_DUE.set(vitals.quotes_due)
    _BACKED_UP_AT.set(_moment(vitals.backed_up_at))
    _DATABASE_BYTES.set(vitals.database_bytes)
    _tell_due(vitals, now)
    _READ_AT.set(now.timestamp())


def _tell_due(vitals: Vitals, now: dt.datetime) -> None:
    """A subscriber with nothing due is not told: what it had before must not stand there for ever."""
    _DUE.clear()
    _OLDEST_DUE.clear()
    for subscriber, due in vitals.due.items():
        _DUE.labels(subscriber).set(due.count)
        _OLDEST_DUE.labels(subscriber).set(_age(due.oldest_due_at, now))


def _age(moment: dt.datetime | None, now: dt.datetime) -> float:
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)


def _moment(moment: dt.datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
