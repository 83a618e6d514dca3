"""Who may import whom: the contracts of pyproject.toml hold."""

import subprocess
import sys

from tests.architecture.source_files import ROOT


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "stack.contracts"], cwd=ROOT, capture_output=True, text=True, timeout=110
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
