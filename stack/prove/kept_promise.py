"""A promise that was put to the test: how often it was tried, and each time that it did not hold.

One rule: a failure is a sentence that names what was tried, so that it can be tried again.
"""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.kernel.clock import SystemClock
from stack.bench.report import machine

MOST_SHOWN = 5
"""Failures of one promise that the page lists; all are counted."""


@dataclass
class Promise:
    """What is promised, the attempts so far, and the failures among them."""

    text: str
    attempts: int = 0
    failures: list[str] = field(default_factory=list)
    note: str = ""
    """A figure that was measured on the way."""

    def holds(self, kept: bool, attempt: str) -> bool:
        """Count one attempt; what was tried is kept when the promise did not hold."""
        self.attempts += 1
        if not kept:
            self.failures.append(attempt)
        return kept

    @property
    def kept(self) -> bool:
        """A promise that was never tried is not kept."""
        return self.attempts > 0 and not self.failures


@dataclass(frozen=True)
class ProofReport:
    """The promises of one subject, and where and when they were tried."""

    subject: str
    seed: int
    short: bool
    promises: Sequence[Promise]
    seconds: float
    commit: str
    at: str = field(default_factory=lambda: SystemClock().now().isoformat(timespec="seconds"))
    machine: Mapping[str, Any] = field(default_factory=lambda: machine() | {"release": platform.release()})

    @property
    def kept(self) -> bool:
        return all(promise.kept for promise in self.promises)

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def as_markdown(self) -> str:
        """The page of docs/proofs: the table, then the failures in words."""
        form, where = "short" if self.short else "long", self.machine
        lines = [
            f"# {self.subject.capitalize()}: what was promised, and how often it held",
            "",
            f"{self.at} · commit {self.commit} · seed {self.seed} · {form} form · {self.seconds:.0f} s",
            f"{where['cpus']} CPUs, {where['system']}, Python {where['python']}, load {where['load']}",
            "",
            "| promise | attempts | failures | measured |",
            "| --- | --- | --- | --- |",
            *(
                f"| {each.text} | {each.attempts:,} | {len(each.failures)} | {each.note} |"
                for each in self.promises
            ),
        ]
        for promise in self.promises:
            if not promise.kept:
                lines += ["", f"**{promise.text}**", ""]
                lines += [f"- {each}" for each in promise.failures[:MOST_SHOWN] or ["it was not tried"]]
        return "\n".join([*lines, ""])


def commit_of(root: Path) -> str:
    """The commit of the clone, with a mark when something in it was changed since; unknown without git."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"
