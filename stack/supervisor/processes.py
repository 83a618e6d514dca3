"""Whether a process is really ours: its pid alone may belong to another process by now.

One rule: a process is signalled only if its start time is the recorded one, or if it has our mark.

The mark is a variable of the installation in the process's environment.
"""

import os
import signal
import subprocess
from pathlib import Path

MARK = "PARLEY_INSTALLATION"


def start_time(pid: int) -> str | None:
    """When a process was started, as a text to compare; None when it is gone (or only a zombie)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _start_time_by_ps(pid)
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else f"{_boot()}/{fields[19]}"


def _start_time_by_ps(pid: int) -> str | None:
    result = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return result.stdout.strip() or None


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]


def is_same(pid: int, since: str) -> bool:
    """Whether the process with this pid is the recorded one."""
    return bool(since) and start_time(pid) == since


def all_marked(mark: str) -> list[int]:
    """Every process of the installation with this var folder (Linux; elsewhere only recorded pids are known)."""
    return [pid for pid in _all_pids() if is_marked(pid, mark) and start_time(pid)]


def is_marked(pid: int, mark: str) -> bool:
    """Whether the installation with this var folder started the process."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"{MARK}={mark}".encode() in variables


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def send_signal(pid: int, signal_number: signal.Signals) -> None:
    """Signal one process; it may have ended already."""
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return
