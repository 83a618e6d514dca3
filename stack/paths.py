"""Paths: the project's folder, and the folder for everything that runs.

One rule: whatever runs writes under ``var`` and nowhere else, and only its owner reads it.

``PARLEY_VAR`` moves it, so that two installations can share one clone.
"""

import os
from dataclasses import dataclass
from pathlib import Path

OWNER_ONLY = 0o077
"""The umask of everything that the stack starts."""


@dataclass(frozen=True)
class Paths:
    """The folders of one installation."""

    root: Path
    var: Path

    @classmethod
    def here(cls) -> "Paths":
        """The clone that this file is in."""
        root = Path(__file__).resolve().parent.parent
        var = os.environ.get("PARLEY_VAR")
        return cls(root, Path(var).resolve() if var else root / "var")

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def keys(self) -> Path:
        return self.var / "keys"

    @property
    def files(self) -> Path:
        return self.var / "files"

    @property
    def checkpoints(self) -> Path:
        return self.var / "checkpoints"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def lock(self) -> Path:
        return self.run / "supervisor.lock"

    @property
    def secrets(self) -> Path:
        return self.run / "secrets.json"

    @property
    def n8n_ready(self) -> Path:
        return self.run / "n8n.ready"

    @property
    def n8n_database(self) -> Path:
        return self.var / "n8n" / "data" / ".n8n" / "database.sqlite"

    @property
    def private(self) -> tuple[Path, ...]:
        """The folders that only their owner may open."""
        return (self.run, self.keys, self.logs, self.files, self.checkpoints)

    def make(self) -> None:
        """Create the folders, and close those of an earlier version.

        The folder itself stays passable: an embedded PostgreSQL may run as another user, in its own folder below.
        """
        self.var.mkdir(parents=True, exist_ok=True)
        self.var.chmod(0o711)
        for folder in self.private:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        for log in self.logs.glob("*.log"):
            log.chmod(0o600)
