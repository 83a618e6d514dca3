"""``./parley evaluate language [FILE.jsonl]``: how many lines are read right, asked about, and read wrongly.

One rule: it runs the readers that the chats and the API run, on lines whose meaning was written down before.

Without a file it measures the project's own lines: those that were looked at and those that were set aside.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.errors import StackError
from stack.evaluate.reading_cases import Outcome, ReadingCase, counted, judge, load_cases

LINES = Path(__file__).parents[2] / "tests" / "language"
OWN_FILES = (
    "real_lines.jsonl",
    "corpus/written.jsonl",
    "corpus/set_aside.jsonl",
    "corpus/later.jsonl",
    "corpus/outsider_seen.jsonl",
    "corpus/outsider_unseen.jsonl",
    "corpus/outsider_third.jsonl",
    "corpus/fourth_seen.jsonl",
    "corpus/fourth_unseen.jsonl",
    "corpus/fifth_unseen.jsonl",
    "corpus/sixth_seen.jsonl",
    "corpus/seventh_seen.jsonl",
    "corpus/strangers_seen.jsonl",
    "corpus/strangers_unseen.jsonl",
    "corpus/strangers_second.jsonl",
    "corpus/strangers_third.jsonl",
)
MIN_RIGHT = 0.8
MAX_WRONG = 0.01

Counts = Mapping[tuple[str, str], Mapping[Outcome, int]]


def evaluate_language(args: argparse.Namespace) -> int:
    """Measure and print; 1 when less than four of five are right, or more than one in a hundred wrong."""
    paths = [args.file] if args.file is not None else [LINES / name for name in OWN_FILES]
    missing = next((path for path in paths if not path.is_file()), None)
    if missing is not None:
        raise StackError(f"there is no file {missing}")
    missed = False
    for path in paths:
        cases = load_cases(path)
        counts = counted(cases)
        print(_as_json(path, counts) if args.json else _as_table(path, cases, counts))
        missed = missed or _misses(cases)
    return 1 if missed else 0


def _misses(cases: Sequence[ReadingCase]) -> bool:
    outcomes = [judge(case) for case in cases]
    wrong = outcomes.count(Outcome.wrong) + outcomes.count(Outcome.silent)
    return (
        outcomes.count(Outcome.right) < MIN_RIGHT * len(outcomes)
        or wrong > MAX_WRONG * len(outcomes)
        or Outcome.silent in outcomes
    )


def _as_json(path: Path, counts: Counts) -> str:
    rows = [
        {"file": path.name, "kind": kind, "language": language, **row}
        for (kind, language), row in counts.items()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_table(path: Path, cases: Sequence[ReadingCase], counts: Counts) -> str:
    """A row per kind, then one per language, then all."""
    by_kind = _summed(counts, 0)
    by_language = _summed(counts, 1)
    total = _summed(counts, None)
    heads = [each.value for each in Outcome]
    lines = [f"{path.name} · {len(cases)} lines", f"{'':50}{''.join(f'{head:>8}' for head in heads)}"]
    for name, row in (*by_kind.items(), *by_language.items(), *total.items()):
        lines.append(f"{name:50}{''.join(f'{row[each]:8}' for each in Outcome)}")
    return "\n".join(lines) + "\n"


def _summed(counts: Counts, part: int | None) -> dict[str, dict[Outcome, int]]:
    """The counts added up by kind, by language, or altogether."""
    sums: dict[str, dict[Outcome, int]] = {}
    for names, row in counts.items():
        total = sums.setdefault("all" if part is None else names[part], dict.fromkeys(Outcome, 0))
        for outcome, count in row.items():
            total[outcome] += count
    return sums
