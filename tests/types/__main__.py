"""Type-checks the calls that the sandbox wrote down: ``python -m tests.types LOG.json …`` or a folder of such files.

    Telegram calls   the method's options in npm @grammyjs/types
    Slack blocks     KnownBlock, ModalView, HomeView in npm @slack/types; and slack_sdk.models

Run by .ci/run after the journeys; it installs the two packages and TypeScript with npm, so it is no part of
./parley test.

One rule: a call is checked as it was sent; only numbers and JSON that travelled as text in a form are read first.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

HERE = Path(__file__).parent
Json = dict[str, Any]
WORDS = {
    *("text", "caption", "name", "title", "description", "short_description", "url", "secret_token"),
    *("callback_query_id", "document", "file_id"),
}
"""Arguments that stay text even when they look like a number or JSON."""
WRONG = (SlackObjectFormationError, ValueError, TypeError, KeyError, AttributeError)
"""What the models of slack_sdk raise at something that they do not take."""
HEAD = """\
import type { Opts } from "@grammyjs/types";
import type { HomeView, KnownBlock, ModalView } from "@slack/types";
type T = Opts<string>;
"""


def entries(files: Iterable[Path]) -> Iterator[Json]:
    """The calls of these logs that were answered: no refusals, no faults, nothing that the sandbox itself posted."""
    for file in files:
        for path in sorted(file.glob("*.json")) if file.is_dir() else [file]:
            for entry in json.loads(path.read_text(encoding="utf-8")):
                if not {"refused", "fault", "delivered"} & set(entry):
                    yield entry


def read(name: str, value: Any) -> Any:
    """An argument of a form as the method takes it."""
    if not isinstance(value, str) or name in WORDS:
        return value
    if value in ("true", "True", "false", "False"):
        return value.lower() == "true"
    if re.fullmatch(r"-?\d{1,15}", value):
        return int(value)
    if value[:1] in "[{" and not value.endswith("…"):
        return json.loads(value)
    return value


def telegram(entry: Json) -> str:
    """The call as a value of its method's options; the file that ``attach://`` names travels beside them."""
    sent = entry["args"]
    attached = {str(value).removeprefix("attach://") for value in sent.values()} & set(sent)
    args = {name: read(name, value) for name, value in sent.items() if name not in attached}
    return f'({json.dumps(args, ensure_ascii=True)}) satisfies T["{entry["method"]}"];'


def slack(entry: Json) -> Iterator[str]:
    """The blocks and the view of a call; what else it carries has no types in @slack/types."""
    args = entry["args"]
    blocks, view = args.get("blocks"), args.get("view")
    if isinstance(blocks, list):
        yield f"({json.dumps(blocks)}) satisfies KnownBlock[];"
    if isinstance(view, dict):
        kind = "HomeView" if view["type"] == "home" else "ModalView"
        yield f"({json.dumps(view)}) satisfies {kind};"


def by_sdk(entry: Json) -> Iterator[str]:
    """What slack_sdk's own models find wrong."""
    args = entry["args"]
    view = args.get("view") if isinstance(args.get("view"), dict) else {}
    for block in [*_list(args.get("blocks")), *_list(view.get("blocks"))]:
        try:
            made = Block.parse(block)
            if made is None:
                yield f"{entry['method']}: no block of slack_sdk: {block['type']}"
            else:
                made.validate_json()
        except WRONG as error:
            yield f"{entry['method']}: {error}: {json.dumps(block)[:300]}"
    if view:
        try:
            View(**view).validate_json()
        except WRONG as error:
            yield f"{entry['method']}: {error}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def typed(lines: dict[str, str]) -> list[str]:
    """What tsc finds wrong; each line with the call that it came from."""
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True, stdout=subprocess.DEVNULL
    )
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".calls-") as folder:
        source = Path(folder) / "calls.ts"
        source.write_text(HEAD + "\n".join(lines) + "\nexport {};\n", encoding="utf-8")
        tsc = [str(HERE / "node_modules/.bin/tsc"), "--noEmit", "--strict", "--skipLibCheck"]
        found = subprocess.run(
            [*tsc, "--moduleResolution", "bundler", "--module", "esnext", "--target", "es2022", str(source)],
            cwd=HERE,
            capture_output=True,
            text=True,
        )
    told = []
    known = [*HEAD.splitlines(), *lines]
    for line in found.stdout.splitlines():
        match = re.search(r"calls\.ts\((\d+),", line)
        told.append(f"{line}\n    {known[int(match[1]) - 1][:300]}" if match else line)
    return told if found.returncode else []


def main() -> int:
    parser = argparse.ArgumentParser(description="Type-check recorded calls.")
    parser.add_argument("logs", nargs="+", type=Path)
    given = parser.parse_args()
    lines: dict[str, str] = {}
    wrong: list[str] = []
    counted = {"telegram": 0, "slack": 0}
    for entry in entries(given.logs):
        platform = entry.get("platform", "telegram")
        counted[platform] += 1
        if platform == "slack":
            wrong += by_sdk(entry)
        for line in slack(entry) if platform == "slack" else [telegram(entry)]:
            lines.setdefault(line, entry["method"])
    wrong += typed(lines)
    sys.stdout.write("\n".join([*dict.fromkeys(wrong), ""]) if wrong else "")
    sys.stdout.write(
        f"{counted['telegram']} Telegram and {counted['slack']} Slack calls, {len(lines)} kinds: {len(wrong)} wrong\n"
    )
    return 1 if wrong or not lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
