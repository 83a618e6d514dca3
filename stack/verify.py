"""``test`` and ``check``: what must hold before anything is committed.

One rule: each tool's own output is shown, and the first line that failed is named at the end.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from stack.paths import Paths


def test(paths: Paths, words: Sequence[str]) -> int:
    """All tests but the journeys through real processes, on two workers."""
    own = list(words) or ["-n", "2", "-m", "not journey and not n8n and not page"]
    return _run(paths, [sys.executable, "-m", "pytest", *own])


def check(paths: Paths) -> int:
    """Format, lint, types, import contracts, architecture tests; every one is run."""
    commands = (
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
        ("stack.contracts",),
        ("pytest", "tests/architecture"),
    )
    failed = [" ".join(words) for words in commands if _said(paths, words)]
    print(f"check: failed in {', '.join(failed)}" if failed else "check: all is well")
    return 1 if failed else 0


def _said(paths: Paths, words: Sequence[str]) -> int:
    print(f"== {' '.join(words)}", flush=True)
    return _run(paths, [sys.executable, "-m", *words])


def _run(paths: Paths, words: Sequence[str]) -> int:
    """Compiled once, and not beside the sources: else every process of the tests compiles for seconds."""
    kept_out = ("DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE")
    env = {name: value for name, value in os.environ.items() if name not in kept_out}
    env["PYTHONPYCACHEPREFIX"] = str(paths.var / "pycache")
    return subprocess.run(words, cwd=paths.root, env=env).returncode
