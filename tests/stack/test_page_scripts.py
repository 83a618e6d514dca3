"""The scripts of the pages come by npm, once, and nothing waits for them."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack import installation
from stack.options import Options
from stack.paths import Paths
from stack.ports import PortClaims
from stack.services import page_scripts
from stack.services.n8n_install import InstallRun, N8nError, NodeRuntime
from stack.services.service_table import all_services

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Folders:
    root: Path
    var: Path


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    for name in ("PARLEY_SCRIPTS_HOME", "PARLEY_N8N_DIR"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(ROOT / "api" / "web" / "npm", tmp_path / "api" / "web" / "npm")
    return Folders(tmp_path, tmp_path / "var")


def test_they_are_installed_once_and_again_for_a_new_lock(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def bring(run: InstallRun, node: NodeRuntime) -> None:
        runs.append(run.folder.source.name)
        page_scripts.served_folder(folders).mkdir(parents=True, exist_ok=True)

    node = NodeRuntime(Path("node"), Path("npm-cli.js"), Path(), "20.0.0")
    monkeypatch.setattr(page_scripts, "install_packages", bring)
    monkeypatch.setattr(page_scripts, "machines_node", lambda: None)
    monkeypatch.setattr(page_scripts, "provided_node", lambda *_: node)
    for _ in range(2):
        page_scripts.install(folders, runs.append)
    assert runs == ["npm", "the scripts of the pages are installed"]
    lock = folders.root / "api" / "web" / "npm" / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not page_scripts.is_installed(folders)


def test_without_npm_it_says_so_and_the_pages_do_without(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> NodeRuntime:
        raise N8nError("no network")

    monkeypatch.setattr(page_scripts, "machines_node", lambda: None)
    monkeypatch.setattr(page_scripts, "provided_node", refuse)
    monkeypatch.setattr(Paths, "here", lambda: folders)
    assert page_scripts.main() == 1
    assert "pages do without script for now: no network" in capsys.readouterr().out
    assert not page_scripts.is_installed(folders)


def test_the_lock_pins_one_package_and_names_no_address() -> None:
    lock = json.loads((ROOT / "api" / "web" / "npm" / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert {name: each["version"] for name, each in packages.items()} == {"node_modules/htmx.org": "4.0.1"}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert "://" not in json.dumps(lock)


@pytest.mark.parametrize("with_n8n", [True, False])
def test_nothing_waits_for_them_with_n8n_and_without(tmp_path: Path, *, with_n8n: bool) -> None:
    paths = Paths(ROOT, tmp_path / "var")
    paths.make()
    with PortClaims() as claims:
        created = installation.create(paths, Options(n8n=with_n8n), claims)
    services = {each.name: each for each in all_services(created)}
    scripts = services["page-scripts"]
    assert scripts.one_shot
    assert not scripts.required
    assert [each.name for each in services.values() if "page-scripts" in (*each.after, *each.uses)] == []
    launched = services["api"].launch()
    assert launched.env["PARLEY_SCRIPTS_DIR"] == str(page_scripts.served_folder(paths))
