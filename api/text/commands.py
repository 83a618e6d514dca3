"""Commands inside sentences: ``{command.status}`` in the catalogue, ``/status`` or ``/parley status`` in a chat.

    translate("forms.closed", "en")       a sentence in which each command begins with a mark
    fill_commands(sentence, "slack")      … as somebody on Slack types it
    CommandName("link")                   a fact that is a command

One rule: nobody can type the mark, so only our own commands are filled in, never a word that a person wrote.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

_PRIVATE_USE = range(0xE000, 0xF900)
COMMAND_MARK = "".join(chr(secrets.choice(_PRIVATE_USE)) for _ in range(8))
"""The mark before a command until it is filled in: private-use characters, chosen anew by every process.

It must not leave the process: a text is filled in before it is stored or sent.
"""
PREFIXES: Mapping[str, str] = MappingProxyType({"slack": "/parley "})
"""How a command begins on a platform where that is not ``/``."""
_PLACEHOLDER = re.compile(r"\{command\.([a-z_]+)\}")


@dataclass(frozen=True)
class CommandName:
    """A command as a fact of a sentence; the name alone, without ``/``."""

    name: str


@cache
def mark_commands(sentence: str) -> str:
    """A catalogue's sentence with the mark before every command; its other placeholders stay."""
    return _PLACEHOLDER.sub(lambda found: f"{COMMAND_MARK}{found[1]}", sentence)


def commands_in(sentence: str) -> frozenset[str]:
    """The commands in a catalogue's sentence."""
    return frozenset(_PLACEHOLDER.findall(sentence))


def fill_commands(text: str, platform: str = "") -> str:
    """The text with its commands as they are typed on this platform; ``/status`` where there is none."""
    return text.replace(COMMAND_MARK, PREFIXES.get(platform, "/"))
