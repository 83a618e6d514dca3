"""What n8n is given and when an install counts as done, without running n8n."""

import json
import shutil
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack.services import n8n
from stack.services.n8n_flows import N8nCommandLine, FlowState, flow_states
from stack.services.n8n_install import NodeRuntime, N8nFolder, installed_node

ROOT = Path(__file__).parents[2]
SECRET = "a test secret of more than thirty-two bytes"


@dataclass(frozen=True)
class Folders:
    root: Path
    var: Path


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A project folder with an n8n that looks finished."""
    monkeypatch.delenv("PARLEY_N8N_DIR", raising=False)
    shutil.copytree(ROOT / "n8n", tmp_path / "n8n")
    folders = Folders(tmp_path, tmp_path / "var")
    folder = N8nFolder.of(folders)
    node = folder.path / "node" / "bin" / "node"
    for program in (node, folder.program):
        program.parent.mkdir(parents=True)
        program.touch()
    where = {"program": str(node), "npm": str(node), "home": str(folder.path), "version": "24.0.0"}
    folder.stamp_file.write_text(json.dumps({"digest": folder.fingerprint()} | where))
    return folders


def test_a_finished_install_is_not_done_again(folders: Folders) -> None:
    log_lines: list[str] = []
    n8n.install(folders, log_lines.append)
    assert n8n.is_installed(folders)
    assert log_lines == []


def test_a_changed_lock_asks_for_a_new_install(folders: Folders) -> None:
    lock = folders.root / "n8n" / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not n8n.is_installed(folders)
    with pytest.raises(n8n.N8nError, match="not installed yet"):
        n8n.command(folders, 5678)


def test_a_half_written_stamp_is_no_install(folders: Folders) -> None:
    N8nFolder.of(folders).stamp_file.write_text('{"digest": "')
    assert installed_node(N8nFolder.of(folders)) is None


def test_several_installations_can_share_one_install(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_N8N_DIR", str(folders.var / "n8n"))
    other = Folders(folders.root, tmp_path / "elsewhere")
    assert n8n.command(other, 5678) == n8n.command(folders, 5678)


def test_n8n_is_given_nothing_of_parleys_own(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "BOT_KEY", "PARLEY_DB_APP_URL", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.setenv(name, "canary")
    env = n8n.environment(folders, 5678, SECRET, "http://127.0.0.1:8080")
    assert "canary" not in env.values()
    assert {name for name in env if SECRET in env[name]} == {"N8N_HOOK_SECRET"}
    assert env["N8N_BLOCK_ENV_ACCESS_IN_NODE"] == "true"
    assert env["N8N_LISTEN_ADDRESS"] == "127.0.0.1"
    assert Path(env["N8N_USER_FOLDER"]) == folders.var / "n8n" / "data"


def test_parley_is_never_reached_through_a_proxy(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "intern.test")
    env = n8n.environment(folders, 5678, SECRET, "http://parley.test:8080")
    assert env["HTTPS_PROXY"] == "http://proxy.test:3128"
    assert {"intern.test", "parley.test", "127.0.0.1"} <= set(env["NO_PROXY"].split(","))


def test_a_short_secret_is_refused(folders: Folders) -> None:
    with pytest.raises(n8n.N8nError, match="32 bytes"):
        n8n.environment(folders, 5678, "short", "http://127.0.0.1:8080")


def test_a_silent_port_is_not_ready() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not n8n.ready(f"http://127.0.0.1:{closed.getsockname()[1]}")


def test_a_flow_is_known_by_its_content_and_not_by_its_layout_in_the_file(tmp_path: Path) -> None:
    n8n_cli = N8nCommandLine(NodeRuntime(tmp_path, tmp_path, tmp_path, "24"), tmp_path, tmp_path, {})
    assert flow_states(n8n_cli.database) == {}
    n8n_cli.database.parent.mkdir()
    with closing(sqlite3.connect(n8n_cli.database)) as db:
        db.execute("CREATE TABLE workflow_entity (id, nodes, connections, activeVersionId)")
        rows = [("a", '[{"x": 1, "y": 2}]', "{}", "v1"), ("b", '[{"y":2,"x":1}]', "{ }", None)]
        db.executemany("INSERT INTO workflow_entity VALUES (?, ?, ?, ?)", rows)
        db.commit()
    states = flow_states(n8n_cli.database)
    assert states["a"].fingerprint == states["b"].fingerprint
    assert states["b"] == FlowState(states["a"].fingerprint, published=False)
