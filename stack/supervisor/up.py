"""``up`` and ``down`` as a person sees them: start the supervisor in the background, report progress, exit.

One rule: these only read the status file; only the supervisor starts and stops services.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TypedDict

from stack import http_client
from stack.errors import StackError
from stack.options import Options
from stack.paths import OWNER_ONLY, Paths
from stack.services import n8n
from stack.supervisor import orphans, processes
from stack.supervisor.launcher import die_with_parent
from stack.supervisor.service import ServiceState
from stack.supervisor.status_file import ServiceStatus, StatusFile, read_status
from stack.supervisor.supervisor import last_log_line

UP_TIMEOUT_SECONDS = 240.0
STOP_TIMEOUT_SECONDS = 110.0
_MAX_RESTARTS = 5


class SandboxPerson(TypedDict, total=False):
    """One of the sandbox's people, with the fields that the stack reads."""

    id: int | str
    first_name: str
    last_name: str
    note: str


@dataclass
class ProgressPrinter:
    """Prints each change of a service once."""

    started: float = field(default_factory=time.monotonic)
    printed: dict[str, str] = field(default_factory=dict)
    printed_at: float = field(default_factory=time.monotonic)

    def print_changes(self, status_file: StatusFile) -> None:
        """A line per service that became ready or failed; every ten seconds what is still awaited."""
        for name, status in status_file.services.items():
            self._print_once(name, _status_line(name, status))
        if time.monotonic() - self.printed_at > 10:
            self._print(f"  waiting for {', '.join(status_file.missing) or 'the supervisor'}")

    def _print_once(self, name: str, line: str) -> None:
        if line and self.printed.get(name) != line:
            self.printed[name] = line
            self._print(line)

    def _print(self, line: str) -> None:
        self.printed_at = time.monotonic()
        print(f"{line}", flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def _status_line(name: str, status: ServiceStatus) -> str:
    match status.state:
        case ServiceState.ready | ServiceState.done:
            return f"  {name:<10} {status.state} ({status.seconds:.1f} s)"
        case ServiceState.failed | ServiceState.restarting if status.detail:
            return f"  {name:<10} tries again: {status.detail}"
        case ServiceState.running if name == "n8n-setup":
            return f"  {name:<10} goes on in the background"
        case _:
            return ""


def up(paths: Paths, options: Options, *, attached: bool = False) -> int:
    """Bring everything up and print where it is; a second ``up`` only prints where it is."""
    paths.make()
    status_file = read_status(paths.state)
    if status_file.alive and status_file.ready:
        print("Parley is already running.")
        _warn_about_options(status_file, options)
        _print_addresses(status_file)
        return 0
    supervisor = None if status_file.alive else _start(paths, options, attached)
    progress = ProgressPrinter()
    try:
        status_file = _wait_until_ready(paths, supervisor, progress)
        print(f"Parley is ready ({progress.seconds:.1f} s).")
        _print_addresses(status_file)
        return supervisor.wait() if supervisor and attached else 0
    except KeyboardInterrupt:
        return _interrupted(paths, supervisor if attached else None)


def _interrupted(paths: Paths, supervisor: "subprocess.Popen[bytes] | None") -> int:
    if supervisor is None:
        print("\nIt continues in the background: './parley status' shows it, './parley down' stops it.")
        return 130
    print("\nStopping.")
    supervisor.send_signal(signal.SIGTERM)
    return supervisor.wait()


def _start(paths: Paths, options: Options, attached: bool) -> "subprocess.Popen[bytes]":
    print("Starting Parley.", flush=True)
    args = [sys.executable, "-m", "stack", "supervise"]
    args += [] if options.n8n else ["--without", "n8n"]
    args += [] if options.demo else ["--no-demo"]
    with (paths.logs / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            args,
            umask=OWNER_ONLY,
            cwd=paths.root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent() if attached else None,
        )


def _wait_until_ready(
    paths: Paths, supervisor: "subprocess.Popen[bytes] | None", progress: ProgressPrinter
) -> StatusFile:
    """Watch the status file until everything required is up."""
    while True:
        status_file = read_status(paths.state)
        if supervisor and supervisor.poll():
            raise StackError(
                status_file.error or f"the supervisor ended: see {paths.logs / 'supervisor.log'}"
            )
        if status_file.alive:
            progress.print_changes(status_file)
            if status_file.ready:
                return status_file
            _check_restarts(paths, status_file)
        elif supervisor is None:
            raise StackError("Parley was stopped in the meantime: type './parley up'")
        if progress.seconds > UP_TIMEOUT_SECONDS:
            missing = ", ".join(status_file.missing)
            raise StackError(
                f"not ready after {UP_TIMEOUT_SECONDS:.0f} s ({missing}): type './parley logs' or './parley down'"
            )
        time.sleep(0.05)


def _check_restarts(paths: Paths, status_file: StatusFile) -> None:
    for name in status_file.missing:
        status = status_file.services[name]
        if status.restarts >= _MAX_RESTARTS and status.detail:
            log = paths.logs / f"{name}.log"
            raise StackError(
                f"{name} does not start: {status.detail}; see {log}, and type './parley down' to stop the rest"
            )


def _warn_about_options(status_file: StatusFile, options: Options) -> None:
    started_with = status_file.facts.get("options", {})
    if started_with != {"n8n": options.n8n, "demo": options.demo}:
        print("It was started with other options. To change them, type './parley down' first.")


def _print_addresses(status_file: StatusFile) -> None:
    facts = status_file.facts
    print(f"\n  API       {facts['api']}   (its description: {facts['api']}/openapi.json)")
    print(f"  Dashboard {facts['api']}/   (/dashboard in the chat opens it without a password)")
    if facts.get("sandbox"):
        print(f"  Sandbox   {facts['sandbox']}   (chat as a demo person)")
    print(f"  n8n       {n8n_line(status_file)}")
    if not facts.get("fence", True):
        print(
            "  Database fence off: DATABASE_URL may not create roles, so every process uses the same login."
        )
    for person, link in people_links(status_file):
        print(f"    {person:<44} {link}")
    print("\n  ./parley status   ./parley logs   ./parley down")


def n8n_line(status_file: StatusFile) -> str:
    """The state of n8n in words."""
    match n8n_state(status_file):
        case "ready":
            return str(status_file.facts["n8n"])
        case "installing":
            last_line = last_log_line(status_file.path.parents[1] / "logs" / "n8n-setup.log")
            return f"is being installed in the background; events wait for it ({last_line})"
        case "starting":
            return "is starting; events wait for it"
        case "off":
            return "off (--without n8n)"
        case "failed":
            return f"failed: {_n8n_detail(status_file)}"
        case other:
            return other


def _n8n_detail(status_file: StatusFile) -> str:
    rows = (status_file.services.get("n8n-setup"), status_file.services.get("n8n"))
    return next((status.detail for status in rows if status and status.detail), "see var/logs/n8n.log")


def n8n_state(status_file: StatusFile) -> str:
    """absent, installing, starting, ready, failed or off."""
    setup, runs = status_file.services.get("n8n-setup"), status_file.services.get("n8n")
    if not status_file.alive:
        return "absent"
    if setup is None or runs is None:
        return "off"
    if setup.state is ServiceState.failed:
        return "failed"
    if setup.state is not ServiceState.done:
        return "starting" if n8n.is_installed(Paths.here()) else "installing"
    if runs.state is ServiceState.ready:
        return "ready"
    return "failed" if runs.restarts >= _MAX_RESTARTS else "starting"


def people_links(status_file: StatusFile) -> list[tuple[str, str]]:
    """The name and sandbox link of each demo person."""
    sandbox = status_file.facts.get("sandbox")
    if not sandbox:
        return []
    try:
        people = http_client.fetch(f"{sandbox}/control/people")
    except (OSError, ValueError):
        return []
    if isinstance(people, dict):
        people = people.get("people", people.get("items", []))
    rows: list[SandboxPerson] = people if isinstance(people, list) else []
    return [
        (_display_name(status), f"{sandbox}/?as={status['id']}")
        for status in sorted(rows, key=lambda status: str(status["id"]))
    ]


def _display_name(status: SandboxPerson) -> str:
    name = " ".join(filter(None, (status.get("first_name"), status.get("last_name"))))
    return f"{name} ({status['note']})" if status.get("note") else name


def down(paths: Paths) -> int:
    """Stop everything in order; a second ``down`` finds nothing running and says so."""
    status_file = read_status(paths.state)
    if not status_file.alive:
        stopped = orphans.stop_orphans(paths, status_file)
        print(
            f"Stopped what was still running: {', '.join(stopped)}." if stopped else "Parley is not running."
        )
        return 0
    print("Stopping Parley.", flush=True)
    processes.send_signal(status_file.pid, signal.SIGTERM)
    _wait_stopped(paths, status_file.pid, status_file.since)
    print("Parley is stopped.")
    return 0


def _wait_stopped(paths: Paths, pid: int, since: str) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
    while processes.is_same(pid, since):
        if time.monotonic() > deadline:
            print("This takes too long: killing what is still running.")
            os.kill(pid, signal.SIGKILL)
            orphans.stop_orphans(paths, read_status(paths.state))
        time.sleep(0.1)
