"""Paths: the project's folder, and the folder for everything that runs.

One rule: whatever runs writes under ``var`` and nowhere else.

``PARLEY_VAR`` moves it, so that two installations can share one clone.
"""

import os
from dataclasses import dataclass
from pathlib import Path


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

    def make(self) -> None:
        """Create the folders; others cannot read those with secrets."""
        for folder in (self.var, self.logs, self.files, self.checkpoints):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, self.keys):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
