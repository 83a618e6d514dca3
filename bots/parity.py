"""What can be done where: command × platform × role, and press × platform; written from the tables themselves.

    python -m bots.parity            show it
    python -m bots.parity --write    write docs/parity.md

One rule: only the reasons are written here by hand. What a platform forbids and what is not there yet is
named; anything else that one platform lacks is a hole, and ``holes`` finds it.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bots.cards.press import Op
from bots.dialog import menu
from bots.dialog.registry import COMMANDS, PRESSES, UNLINKED_COMMANDS, UNLINKED_PRESSES
from bots.dialog.specs import ButtonSpec, CommandSpec
from bots.slack import home_tab, views
from bots.slack.listeners.commands import MAKE_REQUEST, NEW_REQUEST

PAGE = Path(__file__).parents[1] / "docs" / "parity.md"
ROLES = ("requester", "officer", "manager", "finance", "admin", "auditor", "vendor")
FORBIDDEN: Mapping[str, str] = {
    "a form over the chat": "Telegram's windows are web pages of the bot's own (Mini Apps), which Parley has not: what "
    "a modal asks at once is asked in turn",
    "New request, Make a request": "Telegram has no shortcuts: `/request`, or plain words that read as a request",
    "a home tab": "Telegram has none: `/digest`, `/approvals`, `/my`, `/settings` say the same",
    "a note that only one person sees": "Telegram shows it under the pressed button, at most 200 characters; anything "
    "longer, and the answer to a command in a group, goes to the private chat",
    "an edited message": "read again on both where it was the last answer to an open form, or began it; else one is "
    "told that it changes nothing",
    "forwarded commands": "Slack cannot forward one; on Telegram it only brings a button",
    "a menu of each role's commands": "Slack has one list for the whole workspace, so all stand behind `/parley`",
    "a file together with a command": "a Slack command carries none: the file follows it in the conversation",
    "a command typed as a message": "Slack's own client keeps what begins with `/`: `/parley request …` instead",
    "a link that starts the bot": "Slack has none: the code is entered on the home tab or behind `/parley start`",
}
"""What one platform does not offer anybody, and what stands in its place."""
MODAL_COMMANDS = tuple(sorted(spec.name for spec in COMMANDS.values() if spec.asks))
NOT_YET: Mapping[str, str] = {
    "award": "an award is decided by approval: `/propose RFQ-31 Vendor: reason`",
    "profile": "vendors cannot change their own record by the API yet",
}
"""Commands that are wanted and are on neither platform."""
ABOUT = (
    "Written by `python -m bots.parity --write` from the tables that the bots are driven by; a test fails when it is "
    "out of date. Both platforms read the same tables (`bots/dialog/registry.py`), so what is not named below as "
    "forbidden by a platform can be done on both. ● is offered in that role's menu; what is not offered may still be "
    "typed, and the API decides."
)
_UNTYPED: Mapping[Op, str] = MappingProxyType(
    {
        Op.form: "the button's label",
        Op.run_command: "the command itself: the button repeats one in somebody else's words",
        **dict.fromkeys(UNLINKED_PRESSES, "seen before it is done: who would be joined to whom"),
    }
)
"""What stands for a command where a button has none."""


def gaps() -> list[str]:
    """What somebody could do on one platform only without a reason being named here."""
    unknown = set(Op) - set(PRESSES) - set(UNLINKED_PRESSES)
    untyped = {op for op, spec in PRESSES.items() if not spec.typed} - set(_UNTYPED)
    unoffered = set(COMMANDS) - {name for role in ROLES for name in menu.commands_for_roles((role,))}
    examples = [spec.typed for spec in PRESSES.values() if spec.typed]
    return [
        *(f"the button {op.name} does nothing" for op in sorted(unknown)),
        *(f"the button {op.name} cannot be typed" for op in sorted(untyped)),
        *(
            f"/{example} types a command that there is not"
            for example in examples
            if example.split()[0] not in COMMANDS
        ),
        *(f"/{name} is offered to no role" for name in sorted(unoffered)),
        *(f"/{name} is there, and named as not there yet" for name in sorted(set(NOT_YET) & set(COMMANDS))),
    ]


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            "# What can be done where",
            "",
            ABOUT,
            "",
            *_table(("command", "Telegram", "Slack", *ROLES), _commands()),
            "",
            "## Buttons",
            "",
            *_table(("button", "Telegram", "Slack", "typed instead"), _presses()),
            "",
            "## Slack's own surfaces",
            "",
            *_table(("surface", "what it holds"), _surfaces()),
            "",
            "## What a platform forbids",
            "",
            *_table(("what", "where not, and what instead"), sorted(FORBIDDEN.items())),
            "",
            "## Not there yet, on either",
            "",
            *_table(("command", "why"), [(f"`/{name}`", why) for name, why in sorted(NOT_YET.items())]),
            "",
        ]
    )


def _commands() -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    specs: dict[str, CommandSpec[Any]] = {**COMMANDS, **UNLINKED_COMMANDS}
    for name, spec in sorted(specs.items()):
        slack = f"`/parley {name}`" + (", alone a modal" if spec.asks else "")
        offered_to = ["●" if role in spec.roles or name in UNLINKED_COMMANDS else "" for role in ROLES]
        rows.append((f"`/{name}`", f"`/{name} {spec.example}`".replace(" `", "`"), slack, *offered_to))
    return rows


def _presses() -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    specs: dict[Op, ButtonSpec[Any]] = {**PRESSES, **UNLINKED_PRESSES}
    for op, spec in sorted(specs.items(), key=lambda row: row[0].name):
        typed = f"`/{spec.typed}`" if spec.typed else _UNTYPED[op]
        rows.append(
            (
                op.name,
                "asks" if spec.asks else "button",
                "modal" if spec.asks else "button",
                typed,
            )
        )
    return rows


def _surfaces() -> list[Sequence[str]]:
    return [
        ("shortcuts", f"`{NEW_REQUEST}` anywhere, `{MAKE_REQUEST}` on a message, which is kept as the evidence"),
        ("home tab", "what waits, one's own, who decides for whom, the form that was left, settings; buttons "
         + ", ".join(f"`{name}`" for name in (home_tab.NEW, home_tab.CONTINUE, home_tab.CONNECT))),
        ("questions", "a field in which vendors are found by typing, above their buttons"),
        ("modals", ", ".join(f"`{name}`" for name in (views.FORM, views.REVIEW, views.LINK))),
        ("commands that open one", ", ".join(f"`/parley {name}`" for name in MODAL_COMMANDS)),
    ]  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(row)} |" for row in cells]


def main() -> int:
    parser = argparse.ArgumentParser(description="What can be done where.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
