"""``./parley evaluate language``: what it prints, and when it fails."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from stack.cli import _parser
from stack.errors import StackError
from stack.evaluate.run_language import evaluate_language

RIGHT: Mapping[str, object] = {
    "kind": "price",
    "reads": "quote",
    "locale": "en",
    "text": "450 10d",
    "expect": {"prices": {"1": "450"}, "lead": "10"},
}
WRONG: Mapping[str, object] = {**RIGHT, "expect": {"prices": {"1": "451"}}}


def measured(tmp_path: Path, *cases: Mapping[str, object], flags: tuple[str, ...] = ()) -> int:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(json.dumps(dict(case)) for case in cases), encoding="utf-8")
    return evaluate_language(_parser().parse_args(["evaluate", "language", str(path), *flags]))


def test_lines_of_a_file_are_counted_by_kind_and_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(tmp_path, RIGHT) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[1:] == [
        ["right", "asked", "wrong", "silent"],
        *([name, "1", "0", "0", "0"] for name in ("price", "en", "all")),
        [],
    ]


def test_a_silently_wrong_line_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(tmp_path, RIGHT, WRONG, flags=("--json",)) == 1
    counted = json.loads(capsys.readouterr().out)
    assert [(row["right"], row["silent"]) for row in counted] == [(1, 1)]


def test_a_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"lines\.jsonl:2 is no case"):
        measured(tmp_path, RIGHT, {"text": "450"})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    arguments = _parser().parse_args(["evaluate", "language", str(tmp_path / "none.jsonl")])
    with pytest.raises(StackError, match="there is no file"):
        evaluate_language(arguments)
