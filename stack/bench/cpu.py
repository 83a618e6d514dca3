"""The CPU time of whole process trees, read from the system (Linux).

    process_cpu(pid)     one living process with all its threads, to the nanosecond
    tree_cpu(root)       the process, its living descendants, and the children of each that have ended

One rule: a tree counts what has ended too, or short processes would cost nothing.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError

_TICKS_PER_SECOND = 100
"""What /proc counts in, on every platform of Linux."""
_CPU_CLOCK = 2
"""The kind of clock in a Linux clock id: the time that the scheduler has given to a process."""


@dataclass(frozen=True)
class ProcessEntry:
    """One line of the process table: who started it, and the CPU seconds of its children that have ended."""

    parent: int
    ended_children: float


def process_table() -> dict[int, ProcessEntry]:
    """Every process now."""
    found: dict[int, ProcessEntry] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        found[int(folder.name)] = parse_stat(text)
    if not found:
        raise StackError("the bench reads CPU times from /proc: run it on Linux")
    return found


def parse_stat(text: str) -> ProcessEntry:
    """A line of /proc/<pid>/stat; the name in parentheses may contain anything."""
    fields = text.rpartition(")")[2].split()
    return ProcessEntry(int(fields[1]), (int(fields[13]) + int(fields[14])) / _TICKS_PER_SECOND)


def process_cpu(pid: int) -> float:
    """CPU seconds of one process, its threads included; 0 when it has ended."""
    try:
        return time.clock_gettime(~pid << 3 | _CPU_CLOCK)
    except OSError:
        return 0.0


def tree(root: int, table: Mapping[int, ProcessEntry]) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for pid, entry in table.items():
        children.setdefault(entry.parent, []).append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in table:
            found.append(pid)
            waiting += children.get(pid, [])
    return found


def tree_cpu(root: int, leave_out: Collection[int] = ()) -> float:
    """CPU seconds of a process tree; read again when a process came or went while it was read."""
    while True:
        table = process_table()
        pids = [pid for pid in tree(root, table) if pid not in leave_out]
        seconds = sum(process_cpu(pid) + table[pid].ended_children for pid in pids)
        after = process_table()
        if _unchanged(pids, table, after):
            return seconds


def _unchanged(
    pids: Iterable[int], before: Mapping[int, ProcessEntry], after: Mapping[int, ProcessEntry]
) -> bool:
    return all(before[pid] == after.get(pid) for pid in pids)


@dataclass(frozen=True)
class CpuReading:
    """CPU seconds per part at one moment of the monotonic clock."""

    at: float
    parts: Mapping[str, float]

    def since(self, before: "CpuReading") -> "CpuSpan":
        """What was used between two readings."""
        used = {name: seconds - before.parts.get(name, 0.0) for name, seconds in self.parts.items()}
        return CpuSpan(self.at - before.at, used)


@dataclass(frozen=True)
class CpuSpan:
    """CPU seconds per part over some seconds."""

    seconds: float
    parts: Mapping[str, float]

    def without(self, idle: "CpuSpan") -> "CpuSpan":
        """Less what the parts would have used in the same time by themselves."""
        share = self.seconds / idle.seconds
        parts = {name: used - idle.parts.get(name, 0.0) * share for name, used in self.parts.items()}
        return CpuSpan(self.seconds, parts)

    def milliseconds(self, *names: str) -> float:
        return 1000 * sum(self.parts[name] for name in names)


def read_parts(roots: Mapping[str, Collection[int]], leave_out: Collection[int] = ()) -> CpuReading:
    """All parts now, each with all its processes; ``leave_out`` are those that only the measurement itself uses."""
    used = {name: sum(tree_cpu(pid, leave_out) for pid in pids) for name, pids in roots.items()}
    return CpuReading(time.monotonic(), used)
