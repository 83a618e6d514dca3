"""``up`` and ``down`` as a person sees them: start the supervisor in the background, tell what happens, go.

One rule: these only read the board; what runs is the supervisor's alone.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TypedDict

from stack import board as boards
from stack import checks, leftovers, n8n, process
from stack.board import Board, Row
from stack.child import dies_with_parent
from stack.part import State
from stack.paths import Paths
from stack.plan import Options
from stack.problem import StackProblem
from stack.supervisor import last_words

PATIENCE = 240.0
STOP_PATIENCE = 110.0
_TRIES = 5


class Person(TypedDict, total=False):
    """One row of the sandbox's people, as far as the stack reads it."""

    id: int | str
    first_name: str
    last_name: str
    note: str


@dataclass
class Telling:
    """Says each change of a part once."""

    started: float = field(default_factory=time.monotonic)
    said: dict[str, str] = field(default_factory=dict)
    spoke: float = field(default_factory=time.monotonic)

    def tell(self, board: Board) -> None:
        """A line per part that became ready or failed; every ten seconds what is waited for."""
        for name, row in board.parts.items():
            self._once(name, _line(name, row))
        if time.monotonic() - self.spoke > 10:
            self._say(f"  waiting for {', '.join(board.missing) or 'the supervisor'}")

    def _once(self, name: str, line: str) -> None:
        if line and self.said.get(name) != line:
            self.said[name] = line
            self._say(line)

    def _say(self, line: str) -> None:
        self.spoke = time.monotonic()
        print(f"{line}", flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def _line(name: str, row: Row) -> str:
    match row.state:
        case State.ready | State.done:
            return f"  {name:<10} {row.state} ({row.seconds:.1f} s)"
        case State.failed | State.restarting if row.detail:
            return f"  {name:<10} tries again: {row.detail}"
        case State.running if name == "n8n-setup":
            return f"  {name:<10} goes on in the background"
        case _:
            return ""


def up(paths: Paths, options: Options, *, attached: bool = False) -> int:
    """Bring everything up and say where it is; a second ``up`` only says where it is."""
    paths.make()
    board = boards.read(paths.state)
    if board.alive and board.ready:
        print("Parley is running already.")
        _other_options(board, options)
        _addresses(board)
        return 0
    child = None if board.alive else _start(paths, options, attached)
    telling = Telling()
    try:
        board = _follow(paths, child, telling)
        print(f"Parley is ready ({telling.seconds:.1f} s).")
        _addresses(board)
        return child.wait() if child and attached else 0
    except KeyboardInterrupt:
        return _interrupted(paths, child if attached else None)


def _interrupted(paths: Paths, child: "subprocess.Popen[bytes] | None") -> int:
    if child is None:
        print("\nIt goes on in the background: './parley status' shows it, './parley down' stops it.")
        return 130
    print("\nStopping.")
    child.send_signal(signal.SIGTERM)
    return child.wait()


def _start(paths: Paths, options: Options, attached: bool) -> "subprocess.Popen[bytes]":
    print("Starting Parley.", flush=True)
    words = [sys.executable, "-m", "stack", "supervise"]
    words += [] if options.n8n else ["--without", "n8n"]
    words += [] if options.demo else ["--no-demo"]
    with (paths.logs / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            words,
            cwd=paths.root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent() if attached else None,
        )


def _follow(paths: Paths, child: "subprocess.Popen[bytes] | None", telling: Telling) -> Board:
    """Watch the board until everything required is up."""
    while True:
        board = boards.read(paths.state)
        if child and child.poll():
            raise StackProblem(board.problem or f"the supervisor ended: see {paths.logs / 'supervisor.log'}")
        if board.alive:
            telling.tell(board)
            if board.ready:
                return board
            _give_up(paths, board)
        elif child is None:
            raise StackProblem("Parley was stopped meanwhile: type './parley up'")
        if telling.seconds > PATIENCE:
            missing = ", ".join(board.missing)
            raise StackProblem(
                f"not ready after {PATIENCE:.0f} s ({missing}): type './parley logs' or './parley down'"
            )
        time.sleep(0.1)


def _give_up(paths: Paths, board: Board) -> None:
    for name in board.missing:
        row = board.parts[name]
        if row.restarts >= _TRIES and row.detail:
            log = paths.logs / f"{name}.log"
            raise StackProblem(
                f"{name} does not start: {row.detail}; see {log}, and type './parley down' to stop the rest"
            )


def _other_options(board: Board, options: Options) -> None:
    was = board.facts.get("options", {})
    if was != {"n8n": options.n8n, "demo": options.demo}:
        print("It was started with other options: type './parley down' first to change them.")


def _addresses(board: Board) -> None:
    facts = board.facts
    print(f"\n  API       {facts['api']}   (its description: {facts['api']}/openapi.json)")
    if facts.get("sandbox"):
        print(f"  Sandbox   {facts['sandbox']}   (chat as a demo person)")
    print(f"  n8n       {n8n_line(board)}")
    if not facts.get("fence", True):
        print("  Database fence off: DATABASE_URL may not make roles, so every process uses the same login.")
    for person, link in people_links(board):
        print(f"    {person:<44} {link}")
    print("\n  ./parley status   ./parley logs   ./parley down")


def n8n_line(board: Board) -> str:
    """n8n in words."""
    match n8n_state(board):
        case "ready":
            return str(board.facts["n8n"])
        case "installing":
            said = last_words(board.file.parents[1] / "logs" / "n8n-setup.log")
            return f"is being installed in the background; events wait for it ({said})"
        case "starting":
            return "is starting; events wait for it"
        case "off":
            return "off (--without n8n)"
        case "failed":
            return f"failed: {_n8n_detail(board)}"
        case other:
            return other


def _n8n_detail(board: Board) -> str:
    rows = (board.parts.get("n8n-setup"), board.parts.get("n8n"))
    return next((row.detail for row in rows if row and row.detail), "see var/logs/n8n.log")


def n8n_state(board: Board) -> str:
    """absent, installing, starting, ready, failed or off."""
    setup, runs = board.parts.get("n8n-setup"), board.parts.get("n8n")
    if not board.alive:
        return "absent"
    if setup is None or runs is None:
        return "off"
    if setup.state is State.failed:
        return "failed"
    if setup.state is not State.done:
        return "starting" if n8n.is_installed(Paths.here()) else "installing"
    if runs.state is State.ready:
        return "ready"
    return "failed" if runs.restarts >= _TRIES else "starting"


def people_links(board: Board) -> list[tuple[str, str]]:
    """A name and a sandbox link per demo person."""
    sandbox = board.facts.get("sandbox")
    if not sandbox:
        return []
    try:
        people = checks.fetch(f"{sandbox}/control/people")
    except (OSError, ValueError):
        return []
    if isinstance(people, dict):
        people = people.get("people", people.get("items", []))
    rows: list[Person] = people if isinstance(people, list) else []
    return [
        (_called(row), f"{sandbox}/?as={row['id']}") for row in sorted(rows, key=lambda row: str(row["id"]))
    ]


def _called(row: Person) -> str:
    name = " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))
    return f"{name} ({row['note']})" if row.get("note") else name


def down(paths: Paths) -> int:
    """Stop everything, in order; a second ``down`` finds nothing and says so."""
    board = boards.read(paths.state)
    if not board.alive:
        left = leftovers.clean(paths, board)
        print(f"Stopped what was left: {', '.join(left)}." if left else "Parley is not running.")
        return 0
    print("Stopping Parley.", flush=True)
    process.send(board.pid, signal.SIGTERM)
    _wait_stopped(paths, board.pid, board.since)
    print("Parley is stopped.")
    return 0


def _wait_stopped(paths: Paths, pid: int, since: str) -> None:
    deadline = time.monotonic() + STOP_PATIENCE
    while process.same(pid, since):
        if time.monotonic() > deadline:
            print("It takes too long: ending what is left.")
            os.kill(pid, signal.SIGKILL)
            leftovers.clean(paths, boards.read(paths.state))
        time.sleep(0.1)
