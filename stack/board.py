"""The board: what the supervisor knows about its parts, in a file that ``status`` and the next ``up`` read.

One rule: only the supervisor writes it, whole; readers trust it only while the supervisor is really alive.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from stack import process
from stack.files import read_json, write_json
from stack.part import UP, Part, State


@dataclass
class Row:
    """What is known about one part."""

    state: State = State.waiting
    required: bool = True
    pid: int = 0
    since: str = ""
    restarts: int = 0
    seconds: float = 0.0
    detail: str = ""
    stop: int = 15
    patience: float = 25.0


@dataclass
class Board:
    """All parts, the supervisor's own pid, and the addresses."""

    file: Path
    pid: int = 0
    since: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    parts: dict[str, Row] = field(default_factory=dict)

    def open(self, parts: list[Part]) -> None:
        """Show every part as waiting."""
        self.parts = {
            part.name: Row(required=part.required, stop=int(part.stop), patience=part.patience)
            for part in parts
        }
        self.write()

    def set(self, name: str, **changes: Any) -> None:
        """Change one row and write the file."""
        row = self.parts[name]
        for key, value in changes.items():
            setattr(row, key, value)
        self.write()

    def write(self) -> None:
        """Write the whole board."""
        rows = {name: asdict(row) for name, row in self.parts.items()}
        shown = {"pid": self.pid, "since": self.since, "facts": self.facts, "problem": self.problem}
        write_json(self.file, shown | {"parts": rows}, mode=0o600)

    @property
    def alive(self) -> bool:
        """Whether the supervisor that wrote this is running."""
        return self.pid > 0 and process.same(self.pid, self.since)

    @property
    def ready(self) -> bool:
        """Whether every required part is up."""
        return self.alive and bool(self.parts) and not self.missing

    @property
    def missing(self) -> list[str]:
        """The required parts that are not up."""
        return [name for name, row in self.parts.items() if row.required and row.state not in UP]


def read(file: Path) -> Board:
    """The board as last written; empty when there is none."""
    kept: Mapping[str, Any] = read_json(file)
    board = Board(file, int(kept.get("pid", 0)), str(kept.get("since", "")))
    board.facts = dict(kept.get("facts", {}))
    board.problem = str(kept.get("problem", ""))
    for name, row in dict(kept.get("parts", {})).items():
        board.parts[name] = Row(**{**row, "state": State(row["state"])})
    return board
