"""Puts Parley's credential and flows into n8n before it starts, with n8n's own command line.

One rule: a flow that a person has edited is never overwritten.

Each import is remembered. A flow is imported again only when our file has changed and n8n still contains what
we imported. A flow that was deleted in the editor comes back with the next ``up``; one that was archived or
switched off stays so.
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

from stack.services.n8n_install import NICE, N8nError, NodeRuntime

CREDENTIAL_ID = "parley-hook"
CREDENTIAL_NAME = "Parley hook"


@dataclass(frozen=True)
class N8nCommandLine:
    """n8n's command line for one data folder: its command and its environment."""

    node: NodeRuntime
    program: Path
    data: Path
    env: Mapping[str, str]

    @property
    def database(self) -> Path:
        return self.data / ".n8n" / "database.sqlite"

    @property
    def stamp_file(self) -> Path:
        return self.data / "imported.json"

    def run(self, *args: str) -> None:
        """Run one n8n command; it may print errors and still exit 0, so callers check the database."""
        result = subprocess.run(
            [*NICE, str(self.node.program), str(self.program), *args],
            env=dict(self.env),
            cwd=self.data,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if result.returncode:
            raise N8nError(f"n8n {args[0]} failed: {(result.stdout + result.stderr).strip()[-400:]}")


@dataclass(frozen=True)
class FlowState:
    """A flow in n8n's database: its content as a hash, and whether it is published."""

    fingerprint: str
    published: bool


def import_all(n8n_cli: N8nCommandLine, flows: Path, secret: str, log: Callable[[str], None]) -> None:
    """Import the credential and every flow of the folder and publish them; edited flows stay as they are."""
    stamp = _read_stamp(n8n_cli)
    _import_credential(n8n_cli, stamp, secret, log)
    files = {
        json.loads(file.read_text(encoding="utf-8"))["id"]: file for file in sorted(flows.glob("*.json"))
    }
    due = _flows_to_import(n8n_cli, stamp, files, log)
    if not due:
        return
    log(f"n8n: importing {len(due)} flows")
    for flow_id in due:
        stamp[flow_id] = {"file": "", "standing": ""}
    _write_stamp(n8n_cli, stamp)
    _unpublish(n8n_cli, due)
    _import_flows(n8n_cli, [files[flow_id] for flow_id in due])
    for flow_id in due:
        n8n_cli.run("publish:workflow", f"--id={flow_id}")
    _verify_and_record(n8n_cli, stamp, {flow_id: files[flow_id] for flow_id in due})


def flow_states(database: Path) -> dict[str, FlowState]:
    """Every flow in n8n's database by id; empty before n8n's first command."""
    if not database.exists():
        return {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as db:
        rows = db.execute("SELECT id, nodes, connections, activeVersionId FROM workflow_entity").fetchall()
    return {row[0]: FlowState(_content_fingerprint(row[1], row[2]), row[3] is not None) for row in rows}


def _content_fingerprint(nodes: str, connections: str) -> str:
    content = json.dumps([json.loads(nodes), json.loads(connections)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _flows_to_import(
    n8n_cli: N8nCommandLine,
    stamp: dict[str, dict[str, str]],
    files: dict[str, Path],
    log: Callable[[str], None],
) -> list[str]:
    """The flows to import: missing, interrupted, or ours, unedited and changed."""
    states = flow_states(n8n_cli.database)
    due = []
    for flow_id, file in files.items():
        recorded, current = stamp.get(flow_id), states.get(flow_id)
        if current is None or (recorded is not None and not recorded["file"]):
            due.append(flow_id)
        elif recorded is not None and recorded["file"] != _file_fingerprint(file):
            if current == FlowState(recorded["standing"], published=True):
                due.append(flow_id)
            else:
                log(f"n8n: {file.name} is newer here, but the flow was edited in n8n and stays as it is")
    return due


def _unpublish(n8n_cli: N8nCommandLine, due: list[str]) -> None:
    """Unpublish first: importing over a published flow queues the old version, and the next start runs it."""
    states = flow_states(n8n_cli.database)
    for flow_id in due:
        if flow_id in states and states[flow_id].published:
            n8n_cli.run("unpublish:workflow", f"--id={flow_id}")


def _import_flows(n8n_cli: N8nCommandLine, files: list[Path]) -> None:
    with tempfile.TemporaryDirectory(dir=n8n_cli.data) as folder:
        for file in files:
            shutil.copyfile(file, Path(folder) / file.name)
        n8n_cli.run("import:workflow", "--separate", f"--input={folder}")


def _verify_and_record(
    n8n_cli: N8nCommandLine, stamp: dict[str, dict[str, str]], files: dict[str, Path]
) -> None:
    states = flow_states(n8n_cli.database)
    for flow_id, file in files.items():
        current = states.get(flow_id)
        if current is None or not current.published:
            raise N8nError(f"n8n did not accept the flow {file.name}: look at it in n8n's editor")
        stamp[flow_id] = {"file": _file_fingerprint(file), "standing": current.fingerprint}
    _write_stamp(n8n_cli, stamp)


def _import_credential(
    n8n_cli: N8nCommandLine, stamp: dict[str, dict[str, str]], secret: str, log: Callable[[str], None]
) -> None:
    """Give n8n the secret by which it recognises Parley; again only when the secret has changed."""
    fingerprint = hashlib.sha256(f"{CREDENTIAL_ID}\0{secret}".encode()).hexdigest()
    if stamp.get(CREDENTIAL_ID, {}).get("file") == fingerprint and _credential_exists(n8n_cli.database):
        return
    log("n8n: storing the secret for Parley's events")
    data = {"keyType": "passphrase", "secret": secret, "algorithm": "HS256"}
    row = {"id": CREDENTIAL_ID, "name": CREDENTIAL_NAME, "type": "jwtAuth", "data": data}
    handle, name = tempfile.mkstemp(dir=n8n_cli.data, suffix=".json")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([row], file)
        n8n_cli.run("import:credentials", f"--input={name}")
    finally:
        Path(name).unlink()
    if not _credential_exists(n8n_cli.database):
        raise N8nError("n8n did not accept the secret for Parley's events: see var/logs")
    stamp[CREDENTIAL_ID] = {"file": fingerprint, "standing": ""}
    _write_stamp(n8n_cli, stamp)


def _credential_exists(database: Path) -> bool:
    if not database.exists():
        return False
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as db:
        try:
            found = db.execute("SELECT 1 FROM credentials_entity WHERE id = ?", (CREDENTIAL_ID,)).fetchone()
        except sqlite3.OperationalError:
            return False
    return found is not None


def _file_fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read_stamp(n8n_cli: N8nCommandLine) -> dict[str, dict[str, str]]:
    try:
        stamp: dict[str, dict[str, str]] = json.loads(n8n_cli.stamp_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _write_stamp(n8n_cli: N8nCommandLine, stamp: dict[str, dict[str, str]]) -> None:
    part = n8n_cli.stamp_file.with_suffix(".part")
    part.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    part.replace(n8n_cli.stamp_file)
