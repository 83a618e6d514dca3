"""``logs``: the last lines of a part's log, or of all; one at a time can be followed."""

import time

from stack.paths import Paths
from stack.problem import StackProblem

_LAST = 40


def logs(paths: Paths, part: str | None, *, follow: bool) -> int:
    """Print them."""
    found = {log.stem: log for log in sorted(paths.logs.glob("*.log"))}
    if not found:
        raise StackProblem("there are no logs yet: type './parley up'")
    if part is None:
        for name, log in found.items():
            print(f"== {name}")
            print("\n".join(log.read_text(errors="replace").splitlines()[-8:]))
        return 0
    if part not in found:
        raise StackProblem(f"no part is called {part}: type one of {', '.join(found)}")
    with found[part].open(errors="replace") as file:
        print("".join(file.readlines()[-_LAST:]), end="")
        while follow:
            print(file.read(), end="", flush=True)
            time.sleep(0.3)
    return 0
