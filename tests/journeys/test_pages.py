"""What the pages tell a reader to type, typed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.journeys.running_installation import ROOT, RunningInstallation

pytestmark = [pytest.mark.journey, pytest.mark.n8n, pytest.mark.timeout(1800)]


def blocks(page: Path) -> list[str]:
    """The shell blocks of a page, in their order."""
    return re.findall(r"```bash\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_whole_purchase_by_curl(installation: RunningInstallation) -> None:
    page = blocks(ROOT / "docs" / "curl.md")
    script = "set -euo pipefail\n" + "\n".join(f"echo '== {n}'\n{block}" for n, block in enumerate(page, 1))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env=os.environ | {"PARLEY_VAR": str(installation.var), "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = dict(part.partition("\n")[::2] for part in f"\n{done.stdout.strip()}".split("\n== ")[1:])
    assert outputs["2"].startswith("REQ-")
    assert outputs["4"].split() == ["3580.00", "3580.00"]
    assert outputs["5"] == "approved"
    assert outputs["6"] == "acknowledged"
    assert outputs["7"].split() == ["partly_received", "completed"]
    assert outputs["8"].splitlines()[0].endswith("request.created Rosa Keller")
    assert outputs["8"].splitlines()[-1] == "True"
