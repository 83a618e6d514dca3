"""Lines that people wrote, with what each must be read as; a question counts as right where the line says so."""

from pathlib import Path

import pytest

from stack.evaluate.reading_cases import Outcome, ReadingCase, judge, load_cases

LINES = load_cases(Path(__file__).with_name("real_lines.jsonl"))


def test_every_line_is_there() -> None:
    assert len(LINES) == 228


@pytest.mark.parametrize("case", LINES, ids=str)
def test_a_real_line_is_read_right(case: ReadingCase) -> None:
    assert judge(case) is Outcome.right
