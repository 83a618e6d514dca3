"""The proof's installation moved to another folder or another copy of its data, and back.

One rule: it is stopped while its files move, and started by ``./parley up`` as anybody would.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from stack import installation
from stack.errors import StackError
from stack.paths import Paths
from stack.prove.live_services import LiveServices
from stack.prove.proof_installation import ProofInstallation


def at_other_paths(proof: ProofInstallation, paths: Paths) -> ProofInstallation:
    """The same installation as it is found in another folder."""
    moved = replace(proof, installed=installation.load(paths), services=LiveServices(paths))
    moved.crew = proof.crew
    return moved


@contextlib.asynccontextmanager
async def on_small_disk(proof: ProofInstallation, free_megabytes: int) -> AsyncIterator[ProofInstallation]:
    """The installation running from a file system in memory with so much room left; it needs root."""
    folder = proof.paths.var.with_name("prove-small")
    await proof.stack("down")
    used = sum(file.lstat().st_size for file in proof.paths.var.rglob("*") if not file.is_dir())
    folder.mkdir(exist_ok=True)
    _run(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={used // 1_000_000 + free_megabytes}m,mode=711",
        "tmpfs",
        str(folder),
    )
    paths = Paths(proof.paths.root, folder)
    try:
        _run("cp", "-a", f"{proof.paths.var}/.", str(folder))
        small = at_other_paths(proof, paths)
        await small.stack("up", "--without", "n8n")
        yield small
        await small.stack("down")
        await asyncio.to_thread(_copy_back, folder, proof.paths.var)
    finally:
        with contextlib.suppress(StackError):
            await at_other_paths(proof, paths).stack("down")
        _run("umount", "-l", str(folder))
        folder.rmdir()
        await proof.stack("up", "--without", "n8n")


def _copy_back(folder: Path, var: Path) -> None:
    """What was done on the small disk has happened."""
    for name in ("postgres", "redis", "files", "checkpoints", "run"):
        shutil.rmtree(var / name, ignore_errors=True)
        _run("cp", "-a", str(folder / name), str(var / name))


def may_mount() -> bool:
    return os.geteuid() == 0 and shutil.which("mount") is not None


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise StackError(f"{words[0]}: {done.stderr.strip()}")
