"""What one row of the registry says about a command or a button.

One rule: whatever another module has to know about a command or a button is a field here, never a list there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bots.cards.press import Op, Press
from bots.dialog.message import IncomingMessage

C = TypeVar("C")
"""Whom it is for: ``Context``, or ``UnlinkedContext`` before a chat account is linked."""

STAFF = frozenset({"requester", "officer", "manager", "finance", "admin"})
DECIDERS = STAFF - {"requester"}
BUYERS = frozenset({"officer", "admin"})
OFFICER, ADMIN = frozenset({"officer"}), frozenset({"admin"})
VENDOR, AUDITOR = frozenset({"vendor"}), frozenset({"auditor"})
EVERYBODY = STAFF | VENDOR | AUDITOR


@dataclass(frozen=True)
class CommandSpec(Generic[C]):
    """One command."""

    name: str
    handler: Callable[[C, IncomingMessage], Awaitable[None]]
    roles: frozenset[str]
    """Whose menu offers it. Anybody may type it; the API decides."""
    example: str = ""
    """What is typed behind it."""
    asks: bool = False
    """Alone it opens a form: a modal on Slack, question by question on Telegram."""


@dataclass(frozen=True)
class ButtonSpec(Generic[C]):
    """What pressing one kind of button does."""

    op: Op
    handler: Callable[[C, Press], Awaitable[str]]
    """Returns the short answer under the button; empty when what it shows is the answer."""
    typed: str = ""
    """The command that does the same. Empty: the button's label is typed, or it cannot be typed at all."""
    asks: bool = False
    """It opens a form: a modal on Slack, question by question on Telegram."""
    versioned: bool = True
    """It changes a thing, so it carries the version that was seen."""
    subject: bool = True
    """It is about one thing, whose id it carries."""
    args: frozenset[str] = frozenset({""})
    """The arguments that it may carry, when it is about no thing."""
    in_groups: bool = False
    """The cards in groups offer it: nothing that changes anything."""
