"""What every test may ask for: a real PostgreSQL and a real Redis of its own.

What is imported lives to the end, so no collection of garbage looks at it: that was a tenth of the suite's time.
"""

import gc

pytest_plugins = ["tests.support.postgres", "tests.support.shelf", "tests.support.redis", "tests.support.api"]

gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
