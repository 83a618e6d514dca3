"""``python -m workers``: one worker process. Any number may run.

One rule: on SIGTERM no new hint is taken and running deliveries are finished, within 20 seconds.
"""

from api import logging
from api.metrics import serve_metrics
from api.startup import importing, settings_or_exit
from workers.settings import WorkerSettings


def main() -> None:
    logging.configure()
    serve_metrics()
    settings_or_exit(WorkerSettings, "the worker")
    with importing():
        from workers.main import run_worker
    run_worker()


if __name__ == "__main__":
    main()
