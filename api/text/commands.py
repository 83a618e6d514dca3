"""Commands inside sentences: ``{command.status}`` in the catalogue, ``/status`` or ``/parley status`` in a chat.

    translate("forms.closed", "en")       a sentence in which each command begins with the mark
    fill_commands(sentence, "slack")      … as somebody on Slack types it
    CommandName("link")                   a fact that is a command

One rule: nobody can write the mark, so only our own commands are ever filled in, and no word that a person wrote.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PRIVATE_USE = range(0xE000, 0xF900)
COMMAND_MARK = "".join(chr(secrets.choice(_PRIVATE_USE)) for _ in range(8))
"""What stands before a command until it is filled in: private-use characters, drawn anew by every process.

It must not leave the process: what is stored or sent elsewhere is filled in before.
"""
PREFIXES: Mapping[str, str] = MappingProxyType({"slack": "/parley "})
"""How a command begins on each platform, where that is not ``/``."""
_PLACEHOLDER = re.compile(r"\{command\.([a-z_]+)\}")


@dataclass(frozen=True)
class CommandName:
    """A command as a fact of a sentence; the name alone, without ``/``."""

    name: str


def mark_commands(sentence: str) -> str:
    """A catalogue's sentence with the mark before every command; its other placeholders stay."""
    return _PLACEHOLDER.sub(lambda found: f"{COMMAND_MARK}{found[1]}", sentence)


def commands_in(sentence: str) -> frozenset[str]:
    """The commands that a catalogue's sentence names."""
    return frozenset(_PLACEHOLDER.findall(sentence))


def fill_commands(text: str, platform: str = "") -> str:
    """The text with its commands as they are typed on this platform; ``/status`` where there is none."""
    return text.replace(COMMAND_MARK, PREFIXES.get(platform, "/"))
