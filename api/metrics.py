"""A process's metrics in Prometheus' format, on a port of their own.

    serve_metrics()                  once, at a process's start; nothing without PARLEY_METRICS_PORT
    watch_disk("files", folder)      how full the disk is that a folder is on

One rule: a label never has a value that somebody outside chose, and no metric names a person, a vendor or a purchase.

Each process counts for itself and is asked for itself; docs/metrics.md describes every metric.
"""

import math
import shutil
from pathlib import Path

from prometheus_client import Gauge, disable_created_metrics, start_http_server
from pydantic import Field

from api.startup import ProcessSettings, settings_or_exit

disable_created_metrics()  # type: ignore[no-untyped-call]  # as many series again, which nobody reads
_DISK_FREE = Gauge(
    "parley_disk_free_ratio", "How much of the disk is free that a folder is on, 0 to 1.", ("place",)
)


class MetricsSettings(ProcessSettings):
    """The variables are described in docs/operations.md."""

    port: int | None = Field(default=None, ge=1, le=65_535, validation_alias="PARLEY_METRICS_PORT")
    host: str = Field(default="127.0.0.1", validation_alias="PARLEY_METRICS_HOST")


def serve_metrics() -> None:
    """Answer on the port in a thread; a port that is taken ends the process with a sentence."""
    settings = settings_or_exit(MetricsSettings, "the metrics' port")
    if settings.port is None:
        return
    try:
        start_http_server(settings.port, settings.host)
    except OSError as error:
        raise SystemExit(
            f"PARLEY_METRICS_PORT={settings.port} cannot be listened on ({error.strerror}): choose a free port, "
            "such as 9400, or leave it out"
        ) from None


def watch_disk(place: str, folder: Path) -> None:
    """From now on the process tells how much is free there; looked at when the metrics are asked for.

    A folder that is not there is told as not a number: it must not take the other metrics with it.
    """

    def free() -> float:
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            return math.nan
        return usage.free / usage.total

    _DISK_FREE.labels(place).set_function(free)
