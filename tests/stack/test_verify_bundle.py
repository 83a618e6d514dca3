"""``parley-verify``: a bundle in a file, checked without a database and without anything else of ours."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from administration.verify_bundle import main
from core.log.notes import verifier_key
from tests.core.log.log_env import KEY
from tests.core.log.test_checkpoints import OTHER
from tests.core.log.test_proofs import Bundle
from tests.core.log.test_proofs import bundle as bundle

OWN = (
    "core",
    "core.log",
    "core.log.bundle",
    "core.log.commitments",
    "core.log.merkle",
    "core.log.notes",
    "administration",
    "administration.verify_bundle",
)
LOADED = """
import sys
import administration.verify_bundle
OWN = ("core", "administration")
print(*(name for name in sys.modules if "." not in name or name.split(".")[0] in OWN))
"""


@pytest.fixture
def file(bundle: Bundle, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    return path


def test_a_bundle_is_proven_by_a_key_and_a_checkpoint_that_were_kept(
    file: Path, bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(bundle["earlier"][0]["checkpoint"]["note"], encoding="utf-8")
    assert main([str(file), "--key", verifier_key(KEY.public_key()), "--checkpoint", str(kept)]) == 0
    told = capsys.readouterr().out
    assert "5 events stand in the log of 21 events, word for word." in told
    assert "1 came after its checkpoint" in told
    assert "4, 13 events" in told
    assert "--key" not in told


def test_a_reader_without_a_key_is_told_what_that_means(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file)]) == 0
    assert "The key is the file's own" in capsys.readouterr().out


def test_a_bundle_by_another_key_is_not_proven(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file), "--key", verifier_key(OTHER.public_key())]) == 1
    assert capsys.readouterr().err.startswith("NOT PROVEN: ")


@pytest.mark.parametrize("content", ["", "no JSON", "\xff"])
def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(content.encode("latin-1"))
    assert main([str(path)]) == 2
    assert main([str(tmp_path / "nowhere.json")]) == 2


@pytest.mark.parametrize("content", ["[]", "7", "null", "{}", '{"format": "parley-bundle/1"}'])
def test_another_json_is_no_bundle(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(content, encoding="utf-8")
    assert main([str(path)]) == 1


def test_it_needs_nothing_but_python_and_cryptography() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    names = set(loaded.stdout.split())
    assert {name for name in names if name.split(".")[0] in ("core", "administration")} == set(OWN)
    others = {name for name in names if "." not in name} - set(sys.stdlib_module_names) - {"__main__"}
    assert {name for name in others if not name.startswith("_")} == {"core", "administration", "cryptography"}
