"""``python -m tests.processes.loose_ends``: everything that a process may say outside its own events, then its end."""

import gc
import logging
import threading
import warnings

import structlog

from api import logging as ours
from tests.processes.planted import SECRET, fail


class Unraisable:
    def __del__(self) -> None:
        fail()


def main() -> None:
    ours.configure()
    library = logging.getLogger("library")
    library.info("told %s", SECRET)
    library.warning("told %s", SECRET)
    library.warning(f"{SECRET} was told")
    library.error("failed: %s", RuntimeError(SECRET))
    library.error(OSError(SECRET))
    library.log(55, "beyond the last level")
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    structlog.get_logger().info("own.event", value=RuntimeError(SECRET), person=Unraisable)
    warnings.warn(SECRET, stacklevel=1)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Unraisable()
    gc.collect()
    raise ExceptionGroup(SECRET, [KeyError(SECRET), ValueError(SECRET)])


if __name__ == "__main__":
    main()
