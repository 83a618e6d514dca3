"""``python -m workers``: Dramatiq with the actors of ``workers.main``; what follows is for its own command line.

One rule: the output of Dramatiq's own processes is logged like everything else.
"""

import multiprocessing
import runpy
import sys

from api import logging
from api.startup import settings_or_exit
from workers.settings import WorkerSettings, check_dramatiq


class Child(multiprocessing.Process):
    """A process whose unforeseen end is an event; by itself it would print the error with its message."""

    def run(self) -> None:
        try:
            super().run()
        except Exception as error:  # noqa: BLE001 - the outermost handler of this process
            sys.excepthook(type(error), error, error.__traceback__)
            raise SystemExit(1) from None


def main() -> None:
    logging.configure()
    check_dramatiq()
    settings_or_exit(WorkerSettings, "the worker")
    multiprocessing.Process = Child  # type: ignore[misc]  # this is how Dramatiq makes its own
    sys.argv[1:] = ["workers.main", "--skip-logging", *sys.argv[1:]]
    runpy.run_module("dramatiq", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
