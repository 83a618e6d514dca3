"""Puts Parley's credential and flows into n8n before it starts, by n8n's own command line.

One rule: a flow that a person has edited is never overwritten. What was imported is remembered per flow; a flow
is imported again only when our file changed and what stands in n8n is still what we put there. A flow that was
deleted in the editor comes back with the next ``up``; one that was archived or switched off stays so.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stack.n8n_install import NICE, N8nFailed, Node

CREDENTIAL_ID = "parley-hook"
CREDENTIAL_NAME = "Parley hook"


@dataclass(frozen=True)
class Desk:
    """n8n's command line for one data folder: the words that start it and the environment it gets."""

    node: Node
    program: Path
    data: Path
    env: Mapping[str, str]

    @property
    def database(self) -> Path:
        return self.data / ".n8n" / "database.sqlite"

    @property
    def stamp(self) -> Path:
        return self.data / "imported.json"

    def say(self, *words: str) -> None:
        """Run one n8n command; it may print errors and still exit 0, so callers look at the database after."""
        done = subprocess.run(
            [*NICE, str(self.node.program), str(self.program), *words],
            env=dict(self.env),
            cwd=self.data,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode:
            raise N8nFailed(f"n8n {words[0]} failed: {(done.stdout + done.stderr).strip()[-400:]}")


@dataclass(frozen=True)
class Standing:
    """A flow as it stands in n8n's database: its content as a hash, and whether it is published."""

    digest: str
    active: bool


def import_all(desk: Desk, flows: Path, secret: str, log: Callable[[str], None]) -> None:
    """Make n8n hold the credential and every flow of the folder, published, edited ones left alone."""
    stamp = _stamp(desk)
    _credential(desk, stamp, secret, log)
    files = {
        json.loads(file.read_text(encoding="utf-8"))["id"]: file for file in sorted(flows.glob("*.json"))
    }
    due = _due(desk, stamp, files, log)
    if not due:
        return
    log(f"n8n: importing {len(due)} flows")
    for flow_id in due:
        stamp[flow_id] = {"file": "", "standing": ""}
    _remember(desk, stamp)
    _take_down(desk, due)
    _import(desk, [files[flow_id] for flow_id in due])
    for flow_id in due:
        desk.say("publish:workflow", f"--id={flow_id}")
    _check_and_remember(desk, stamp, {flow_id: files[flow_id] for flow_id in due})


def standing(database: Path) -> dict[str, Standing]:
    """Every flow in n8n's database by id; empty before n8n's first command."""
    if not database.exists():
        return {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as db:
        rows = db.execute("SELECT id, nodes, connections, activeVersionId FROM workflow_entity").fetchall()
    return {row[0]: Standing(_digest_of_content(row[1], row[2]), row[3] is not None) for row in rows}


def _digest_of_content(nodes: str, connections: str) -> str:
    content = json.dumps([json.loads(nodes), json.loads(connections)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _due(
    desk: Desk, stamp: dict[str, dict[str, str]], files: dict[str, Path], log: Callable[[str], None]
) -> list[str]:
    """The flows to import: missing ones, ones whose import broke off, and ours that nobody edited."""
    there = standing(desk.database)
    due = []
    for flow_id, file in files.items():
        mine, now = stamp.get(flow_id), there.get(flow_id)
        if now is None or (mine is not None and not mine["file"]):
            due.append(flow_id)
        elif mine is not None and mine["file"] != _digest_of_file(file):
            if now == Standing(mine["standing"], active=True):
                due.append(flow_id)
            else:
                log(f"n8n: {file.name} is newer here, but was changed in n8n: what stands in n8n stays")
    return due


def _take_down(desk: Desk, due: list[str]) -> None:
    """Unpublish first: importing over a published flow queues its old version, which the next start would run."""
    there = standing(desk.database)
    for flow_id in due:
        if flow_id in there and there[flow_id].active:
            desk.say("unpublish:workflow", f"--id={flow_id}")


def _import(desk: Desk, files: list[Path]) -> None:
    with tempfile.TemporaryDirectory(dir=desk.data) as folder:
        for file in files:
            shutil.copyfile(file, Path(folder) / file.name)
        desk.say("import:workflow", "--separate", f"--input={folder}")


def _check_and_remember(desk: Desk, stamp: dict[str, dict[str, str]], files: dict[str, Path]) -> None:
    there = standing(desk.database)
    for flow_id, file in files.items():
        now = there.get(flow_id)
        if now is None or not now.active:
            raise N8nFailed(f"n8n did not take the flow {file.name}: see it in n8n's editor")
        stamp[flow_id] = {"file": _digest_of_file(file), "standing": now.digest}
    _remember(desk, stamp)


def _credential(
    desk: Desk, stamp: dict[str, dict[str, str]], secret: str, log: Callable[[str], None]
) -> None:
    """Give n8n the secret by which it recognises Parley; again only when the secret has changed."""
    digest = hashlib.sha256(f"{CREDENTIAL_ID}\0{secret}".encode()).hexdigest()
    if stamp.get(CREDENTIAL_ID, {}).get("file") == digest and _credential_stands(desk.database):
        return
    log("n8n: giving it the secret for Parley's events")
    data = {"keyType": "passphrase", "secret": secret, "algorithm": "HS256"}
    row = {"id": CREDENTIAL_ID, "name": CREDENTIAL_NAME, "type": "jwtAuth", "data": data}
    handle, name = tempfile.mkstemp(dir=desk.data, suffix=".json")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([row], file)
        desk.say("import:credentials", f"--input={name}")
    finally:
        Path(name).unlink()
    if not _credential_stands(desk.database):
        raise N8nFailed("n8n did not take the secret for Parley's events: see var/logs")
    stamp[CREDENTIAL_ID] = {"file": digest, "standing": ""}
    _remember(desk, stamp)


def _credential_stands(database: Path) -> bool:
    if not database.exists():
        return False
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as db:
        try:
            found = db.execute("SELECT 1 FROM credentials_entity WHERE id = ?", (CREDENTIAL_ID,)).fetchone()
        except sqlite3.OperationalError:
            return False
    return found is not None


def _digest_of_file(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _stamp(desk: Desk) -> dict[str, dict[str, str]]:
    try:
        stamp: dict[str, dict[str, str]] = json.loads(desk.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _remember(desk: Desk, stamp: dict[str, dict[str, str]]) -> None:
    part = desk.stamp.with_suffix(".part")
    part.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    part.replace(desk.stamp)
