"""A process of ours with a wrong clock: ``python -m stack.prove.skewed_process SECONDS MODULE [ARGUMENT …]``.

One rule: only its own clock is wrong; everybody else's, PostgreSQL's too, is right.
"""

import datetime as dt
import runpy
import sys

import time_machine


def main() -> None:
    seconds, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(seconds))  # noqa: TID251 the clock that is set wrong
    with time_machine.travel(wrong, tick=True):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
