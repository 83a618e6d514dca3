"""The scripts of the pages: brought by npm in the background, with n8n and without it.

    python -m stack.services.page_scripts      a process of its own, called by ``up``

One rule: pages do without them. Whatever fails here is said in the log, and the next ``up`` tries again.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from stack.paths import Paths
from stack.services.n8n_install import (
    InstallRun,
    N8nError,
    N8nFolder,
    N8nPaths,
    NodeRuntime,
    install_packages,
    locked,
    provided_node,
    write,
)

OLDEST_NODE = 18
"""What npm needs to unpack a package; n8n needs a newer one."""


def _folder(paths: N8nPaths) -> N8nFolder:
    """``PARLEY_SCRIPTS_HOME`` lets several installations share one."""
    shared = os.environ.get("PARLEY_SCRIPTS_HOME")
    return N8nFolder(
        Path(shared) if shared else paths.var / "page-scripts", paths.root / "api" / "web" / "npm"
    )


def served_folder(paths: N8nPaths) -> Path:
    """Where npm puts what the pages name; perhaps not there yet."""
    return _folder(paths).app / "node_modules" / "htmx.org" / "dist"


def is_installed(paths: N8nPaths) -> bool:
    """Whether exactly what the lock file names is there."""
    folder = _folder(paths)
    try:
        stamp = json.loads(folder.stamp_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return stamp == {"digest": folder.fingerprint()} and served_folder(paths).is_dir()


def install(paths: N8nPaths, log: Callable[[str], None]) -> None:
    """Bring what is missing; N8nError when npm cannot."""
    folder = _folder(paths)
    folder.path.mkdir(parents=True, exist_ok=True)
    with locked(folder.path / "install.lock", "the scripts of the pages", log) as lock:
        if is_installed(paths):
            return
        install_packages(InstallRun(folder, log, lock), machines_node() or provided_node(paths, log))
        write(folder.stamp_file, json.dumps({"digest": folder.fingerprint()}))
        log("the scripts of the pages are installed")


def machines_node() -> NodeRuntime | None:
    """Any Node of the machine that has npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    asked = subprocess.run([program, "-p", "process.versions.node"], capture_output=True, text=True)
    version = asked.stdout.strip()
    if asked.returncode or not version.split(".")[0].isdecimal() or int(version.split(".")[0]) < OLDEST_NODE:
        return None
    entry = Path(npm).resolve()
    node = Path(program)
    return NodeRuntime(node, entry, node.parent.parent, version) if entry.suffix == ".js" else None


def _print_line(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """Install; one that failed is no reason to stop anything else."""
    try:
        install(Paths.here(), _print_line)
    except (N8nError, OSError) as error:
        _print_line(f"pages do without script for now: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
