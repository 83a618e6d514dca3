"""Installs n8n and imports our flows, as a process of its own: it takes minutes and can be stopped.

One rule: its output is for people; ``./parley status`` shows the last line.
"""

import os
import sys
from urllib.parse import urlsplit

from stack.paths import Paths
from stack.services import n8n


def main() -> int:
    """Install, then prepare; both do nothing when there is nothing to do."""
    paths = Paths.here()
    try:
        n8n.install(paths, _print_line)
        port = urlsplit(os.environ["N8N_URL"]).port or 0
        env = n8n.environment(paths, port, os.environ[n8n.SECRET], os.environ["PARLEY_API_URL"])
        n8n.prepare(paths, env, _print_line)
    except n8n.N8nError as error:
        _print_line(str(error))
        return 1
    return 0


def _print_line(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
