"""Type-checks the calls that the sandbox wrote down: ``python -m tests.types LOG.json …`` or a folder of such files.

    Telegram calls     the method's options in npm @grammyjs/types, with the limits of their comments; aiogram's methods
    Telegram updates   Update in the same package: what the sandbox itself says
    Slack blocks       KnownBlock, ModalView, HomeView in npm @slack/types, with their limits; and slack_sdk.models
    Slack calls        the methods of slack_sdk's client and the arguments that they ask for

Run by .ci/run after the journeys and the proofs; it installs the two packages and TypeScript with npm, so it is no
part of ./parley test. What none of them can say stands in docs/sandbox.md.

One rule: a call is checked as it was sent; only numbers and JSON that travelled as text in a form are read first.
"""

import argparse
import inspect
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from aiogram import methods
from pydantic import ValidationError
from slack_sdk import WebClient
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
IN_ANOTHER_WAY: dict[str, tuple[str, ...]] = {}
"""Arguments that Slack takes under another name than slack_sdk's."""
UNDEFINED = "__undefined__"
HEAD = """\
import type { Opts, Update } from "@grammyjs/types";
import type { HomeView, KnownBlock, ModalView } from "@slack/types";
type T = Opts<string>;
"""


def entries(files: Iterable[Path]) -> Iterator[Json]:
    """The calls of these logs that were answered, no refusals and no faults; and the updates that Telegram sent."""
    for file in files:
        for path in sorted(file.glob("*.json")) if file.is_dir() else [file]:
            for entry in json.loads(path.read_text(encoding="utf-8")):
                posted = "delivered" in entry and entry.get("platform") != "telegram"
                if not posted and not {"refused", "fault"} & set(entry):
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
    if "delivered" in entry:
        return f"({_update(sent)}) satisfies Update;"
    attached = {str(value).removeprefix("attach://") for value in sent.values()} & set(sent)
    args = {name: read(name, value) for name, value in sent.items() if name not in attached}
    return f'({json.dumps(args, ensure_ascii=True)}) satisfies T["{entry["method"]}"];'


def _update(sent: Json) -> str:
    """An Update as TypeScript; of the message that is replied to, the types want it said that it replies to none."""
    for kind in ("message", "edited_message"):
        replied = sent.get(kind, {}).get("reply_to_message")
        if replied is not None:
            sent = {
                **sent,
                kind: {**sent[kind], "reply_to_message": {**replied, "reply_to_message": UNDEFINED}},
            }
    return json.dumps(sent).replace(f'"{UNDEFINED}"', "undefined")


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


def by_aiogram(entry: Json) -> Iterator[str]:
    """What aiogram's model of the method finds wrong, and arguments that it does not know."""
    if "delivered" in entry:
        return
    method = entry["method"]
    model = getattr(methods, method[0].upper() + method[1:], None)
    if model is None:
        yield f"{method}: no method of aiogram"
        return
    sent = entry["args"]
    attached = {str(value).removeprefix("attach://") for value in sent.values()} & set(sent)
    args = {name: read(name, value) for name, value in sent.items() if name not in attached}
    for name in set(args) - set(model.model_fields):
        yield f"{method}: aiogram knows no argument {name}"
    try:
        model.model_validate(args)
    except ValidationError as error:
        # a file that travels beside the call is a text here, which aiogram itself never sends
        wrong = [
            each for each in error.errors() if args.get(str(each["loc"][0])) not in _references(attached)
        ]
        yield from (f"{method}: {each['loc']}: {each['msg']}" for each in wrong)


def _references(attached: Collection[str]) -> Collection[str]:
    return {f"attach://{name}" for name in attached}


def by_slack_client(entry: Json) -> Iterator[str]:
    """Whether slack_sdk's client has the method, and whether what it asks for was sent."""
    if not re.fullmatch(r"[a-z]+(\.[A-Za-z]+)+", entry["method"]):
        return  # an answer to a post of Slack, or a file's content
    call = getattr(WebClient, entry["method"].replace(".", "_"), None)
    if call is None:
        yield f"{entry['method']}: no method of slack_sdk"
        return
    asked = [each for each in inspect.signature(call).parameters.values() if each.default is each.empty]
    for each in asked:
        named = each.kind is each.KEYWORD_ONLY and each.name not in entry["args"]
        if named and each.name not in IN_ANOTHER_WAY.get(entry["method"], ()):
            yield f"{entry['method']}: {each.name} is missing"


def typed(lines: dict[str, str]) -> tuple[list[str], int]:
    """What the schemas find wrong, each with the call that it came from; and how many values had a limit there."""
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True, stdout=subprocess.DEVNULL
    )
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".calls-") as folder:
        source = Path(folder) / "calls.ts"
        source.write_text(HEAD + "\n".join(lines) + "\nexport {};\n", encoding="utf-8")
        found = subprocess.run(
            ["node", str(HERE / "check.mjs"), str(source)],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
        )
    judged, known = json.loads(found.stdout), [*HEAD.splitlines(), *lines]
    told = [f"{each['text']}\n    {known[each['line']][:300]}" for each in judged["problems"]]
    return told, judged["limits"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Type-check recorded calls and updates.")
    parser.add_argument("logs", nargs="+", type=Path)
    given = parser.parse_args()
    lines: dict[str, str] = {}
    wrong: list[str] = []
    counted = {"telegram": 0, "slack": 0}
    for entry in entries(given.logs):
        platform = entry.get("platform", "telegram")
        counted[platform] += 1
        wrong += [*by_sdk(entry), *by_slack_client(entry)] if platform == "slack" else by_aiogram(entry)
        for line in slack(entry) if platform == "slack" else [telegram(entry)]:
            lines.setdefault(line, entry["method"])
    found, limits = typed(lines)
    wrong += found
    sys.stdout.write("\n".join([*dict.fromkeys(wrong), ""]) if wrong else "")
    sys.stdout.write(
        f"{counted['telegram']} Telegram and {counted['slack']} Slack calls, {len(lines)} kinds, "
        f"{limits} values with a limit: {len(wrong)} wrong\n"
    )
    return 1 if wrong or not lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
