"""The wheel of this source, installed into a bare environment; once for all tests that need it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment.compose_file import ROOT


def _uv() -> str:
    """The installer that made the environment of the tests, or the machine's own."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    assert found, "uv is missing: pip install uv"
    return found


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that ``uv build`` makes."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([_uv(), "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], check=True, timeout=300)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of the wheel, with the libraries of deploy/requirements.lock and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([_uv(), "venv", "--quiet", "--python", sys.executable, folder], check=True, timeout=60)
    install = [_uv(), "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
    locked = ["--require-hashes", "-r", str(ROOT / "deploy" / "requirements.lock")]
    subprocess.run([*install, *locked], check=True, timeout=600)
    subprocess.run([*install, "--no-deps", "--compile-bytecode", str(wheel)], check=True, timeout=300)
    return folder / "bin"
