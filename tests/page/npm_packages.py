"""What the tests of pages take from npm: axe-core and html-validate, and the scripts that the pages themselves name.

    python -m tests.page.npm_packages      called by tests/page/browser.sh

One rule: exactly what the lock files name, under ``var``, and nothing of it is needed to run Parley.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stack.paths import Paths
from stack.services import page_scripts
from stack.services.n8n_install import InstallRun, N8nFolder, install_packages, locked, provided_node, write


@dataclass(frozen=True)
class CheckTools:
    """Where the tools are."""

    node: Path
    modules: Path
    scripts_dir: Path

    @property
    def axe_source(self) -> str:
        return (self.modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    @property
    def html_validate(self) -> Path:
        return self.modules / "html-validate" / "bin" / "html-validate.mjs"


@cache
def check_tools() -> CheckTools:
    """The tools, brought first if they are not there."""
    paths = Paths.here()
    folder = N8nFolder(paths.var / "page-checks", Path(__file__).parent / "npm")
    folder.path.mkdir(parents=True, exist_ok=True)
    node = page_scripts.machines_node() or provided_node(paths, print)
    with locked(folder.path / "install.lock", "the tools that check pages", print) as lock:
        if not _is_installed(folder):
            install_packages(InstallRun(folder, print, lock), node)
            write(folder.stamp_file, json.dumps({"digest": folder.fingerprint()}))
    page_scripts.install(paths, print)
    return CheckTools(node.program, folder.app / "node_modules", page_scripts.served_folder(paths))


def _is_installed(folder: N8nFolder) -> bool:
    try:
        stamp = json.loads(folder.stamp_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp == {"digest": folder.fingerprint()})


if __name__ == "__main__":
    check_tools()
