"""The two tables of the conversation are whole: no operation without a meaning, no menu without a command."""

from uuid import UUID

import pytest

from api.text import SUPPORTED, commands_in
from api.text.catalogues import catalogue
from bots.cards.press import Op, Press
from bots.dialog import menu, press_checks
from bots.dialog.message import IncomingMessage
from bots.dialog.registry import COMMANDS, PRESSES, UNLINKED_COMMANDS, UNLINKED_PRESSES
from bots.dialog.specs import EVERYBODY


def test_every_operation_stands_in_exactly_one_table() -> None:
    assert set(PRESSES) | set(UNLINKED_PRESSES) == set(Op)
    assert set(PRESSES) & set(UNLINKED_PRESSES) == set()


def test_every_command_is_known_and_every_known_one_exists() -> None:
    assert set(menu.KNOWN) == set(COMMANDS) | set(UNLINKED_COMMANDS)


@pytest.mark.parametrize("locale", SUPPORTED)
def test_every_command_is_described_in_every_language(locale: str) -> None:
    """The catalogue itself is asked: a translation that is missing is shown in English."""
    own = {name: catalogue(locale).one(f"commands.{name}") for name in menu.KNOWN}
    assert [name for name, description in own.items() if not description] == []
    assert dict(menu.with_descriptions(menu.KNOWN, locale)).keys() == own.keys()


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_help_names_only_commands_that_the_menu_of_this_role_offers(role: str) -> None:
    named = commands_in(catalogue("en").one(f"help.{role}") or "")
    assert named
    assert named <= set(menu.commands_for_roles((role,)))


def test_buttons_that_are_about_nothing_carry_nothing_else() -> None:
    forged = [Press(Op.settings, UUID(int=7)), Press(Op.snooze, arg="for ever"), Press(Op.delegate, arg="x")]
    assert all(press_checks.is_malformed(press, PRESSES[press.op]) for press in forged)
    assert not press_checks.is_malformed(Press(Op.snooze, arg="hour"), PRESSES[Op.snooze])


@pytest.mark.parametrize(
    ("text", "command", "args"),
    [
        ("/my", "my", ""),
        ("/my@parley_bot completed", "my", "completed"),
        ("/request 3x laptop;\n2x dock", "request", "3x laptop;\n2x dock"),
        ("/quote\nRFQ-31 1: 10", "quote", "RFQ-31 1: 10"),
        ("/", "", ""),
        ("approve it", "", ""),
    ],
)
def test_a_message_is_a_command_with_words_or_words(text: str, command: str, args: str) -> None:
    said = IncomingMessage.parse(text)
    assert (said.command, said.args, said.text) == (command, args, text)
