"""``python -m tests.processes.planted FUNCTION MODULE …``: one of our processes, in which this function fails.

Nobody has foreseen it, and its message and a local variable hold what must not be told. A process that runs asyncio's
own event loop says so on standard output.
"""

import asyncio
import pkgutil
import runpy
import sys
from typing import NoReturn

SECRET = "planted-in-a-message-and-a-local-variable"
OTHER_LOOP = "this event loop is not uvloop's"


def fail(*_: object, **__: object) -> NoReturn:
    secret = SECRET
    raise RuntimeError(secret)


def tell_of_other_loops() -> None:
    run_forever = asyncio.BaseEventLoop.run_forever

    def tell(loop: asyncio.BaseEventLoop) -> None:
        print(OTHER_LOOP, flush=True)
        run_forever(loop)

    asyncio.BaseEventLoop.run_forever = tell  # type: ignore[method-assign, assignment]


def main() -> None:
    tell_of_other_loops()
    function, module, *words = sys.argv[1:]
    owner, _, name = function.rpartition(".")
    assert callable(pkgutil.resolve_name(function)), "it has another name by now: see test_logging.FAILING"
    setattr(pkgutil.resolve_name(owner), name, fail)
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
