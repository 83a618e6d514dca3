"""The commands that somebody is offered, in the order of the registry.

One rule: a menu is a convenience; whoever types a command that is not in it gets the same answer.
"""

from collections.abc import Iterable

from api.contract.people import MeOut
from api.text import translate
from bots.dialog.registry import COMMANDS, UNLINKED_COMMANDS

KNOWN = (*COMMANDS, *UNLINKED_COMMANDS)
UNLINKED_MENU = (*UNLINKED_COMMANDS, "help", "cancel", "digest", "snooze", "whoami")
"""What is offered before anything is known of somebody's roles."""


def commands_for(me: MeOut) -> tuple[str, ...]:
    """The commands of a person's roles."""
    return commands_for_roles(me.roles)


def commands_for_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """The commands that any of these roles is offered."""
    held = frozenset(roles)
    return tuple(spec.name for spec in COMMANDS.values() if spec.roles & held)


def with_descriptions(names: tuple[str, ...], locale: str) -> list[tuple[str, str]]:
    """Each command with what it does."""
    return [(name, translate(f"commands.{name}", locale)) for name in names]
