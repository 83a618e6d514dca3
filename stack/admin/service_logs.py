"""``logs``: the last lines of one service's log, or of all; one log can be followed."""

import time

from stack.errors import StackError
from stack.paths import Paths

_LAST_LINES = 40


def logs(paths: Paths, service: str | None, *, follow: bool) -> int:
    """Print them."""
    found = {log.stem: log for log in sorted(paths.logs.glob("*.log"))}
    if not found:
        raise StackError("there are no logs yet: type './parley up'")
    if service is None:
        for name, log in found.items():
            print(f"== {name}")
            print("\n".join(log.read_text(errors="replace").splitlines()[-8:]))
        return 0
    if service not in found:
        raise StackError(f"there is no service {service}: type one of {', '.join(found)}")
    with found[service].open(errors="replace") as file:
        print("".join(file.readlines()[-_LAST_LINES:]), end="")
        while follow:
            print(file.read(), end="", flush=True)
            time.sleep(0.3)
    return 0
