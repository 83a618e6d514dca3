"""``reset``: makes the installation empty again; what was downloaded (n8n's program) stays.

One rule: it deletes only what ``up`` created under ``var``, and never touches a database given by
DATABASE_URL.
"""

import shutil
import sys

from stack.paths import Paths
from stack.supervisor.up import down

_FOLDERS = ("postgres", "redis", "files", "checkpoints", "keys", "run", "logs", "n8n/data")


def reset(paths: Paths, *, confirmed: bool) -> int:
    """Stop everything, ask, delete."""
    if not confirmed and not _confirm(paths):
        print("Nothing was deleted.")
        return 1
    down(paths)
    for name in _FOLDERS:
        shutil.rmtree(paths.var / name, ignore_errors=True)
    (paths.var / "sandbox.json").unlink(missing_ok=True)
    print("Deleted. './parley up' starts empty.")
    return 0


def _confirm(paths: Paths) -> bool:
    if not sys.stdin.isatty():
        print("Type './parley reset --yes' to delete all data of this installation.")
        return False
    return input(f"Delete all data under {paths.var}? Type 'yes': ").strip() == "yes"
