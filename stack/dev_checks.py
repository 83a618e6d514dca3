"""``test`` and ``check``: what must pass before every commit.

One rule: each tool's own output is shown, and the first failure is named at the end.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from stack.paths import Paths


def test(paths: Paths, args: Sequence[str]) -> int:
    """Run all tests except the journeys through real processes."""
    pytest_args = list(args) or [
        *("-n", str(test_processes()), "--dist", "loadscope"),
        *("-m", "not journey and not n8n and not page"),
    ]
    return _run(paths, [sys.executable, "-m", "pytest", *pytest_args])


def test_processes() -> int:
    """Two more than there are cores, because tests wait for PostgreSQL and for each other's servers; eight at most."""
    return min(8, (os.cpu_count() or 1) + 2)


def check(paths: Paths) -> int:
    """Format, lint, types, import contracts, architecture tests; all of them are run."""
    commands = (
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
        ("stack.contracts",),
        ("pytest", "tests/architecture"),
    )
    failed = [" ".join(args) for args in commands if _run_named(paths, args)]
    print(f"check: failed in {', '.join(failed)}" if failed else "check: all passed")
    return 1 if failed else 0


def _run_named(paths: Paths, args: Sequence[str]) -> int:
    print(f"== {' '.join(args)}", flush=True)
    return _run(paths, [sys.executable, "-m", *args])


def _run(paths: Paths, args: Sequence[str]) -> int:
    """Share bytecode in a folder outside the sources; else every process of the tests compiles for seconds."""
    removed = ("DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE")
    env = {name: value for name, value in os.environ.items() if name not in removed}
    env["PYTHONPYCACHEPREFIX"] = str(paths.var / "pycache")
    return subprocess.run(args, cwd=paths.root, env=env).returncode
