"""The commands that a role is offered, in the order of its work.

One rule: a menu is a convenience; whoever types a command that is not in it gets the same answer.
"""

from collections.abc import Iterable

from api.contract.people import MeOut
from api.text import translate

EVERYBODY = ("start", "help", "cancel", "digest", "snooze", "whoami")
VENDOR = ("rfqs", "quote", "nobid", "withdraw", "files", "po", "acknowledge", "status")
STAFF = ("request", "my", "status", "comment", "receive", "copy", "withdraw")
DECIDERS = ("approvals", "approve", "reject", "ask", "undo", "compare", "files", "delegate")
OFFICER = ("rfqs", "rfq", "compare", "close", "propose", "po", "cancel_request", "vendors", "invite")
AUDITOR = ("audit", "status", "compare", "files", "po", "vendors")
SETTINGS = ("settings", "language")
ADMIN = ("team", "link", "unlink")
NO_STAFF = frozenset({"vendor", "auditor"})
"""Who alone asks for nothing."""
BY_ROLE = {
    "vendor": VENDOR,
    "officer": (*OFFICER, *DECIDERS),
    "manager": DECIDERS,
    "finance": DECIDERS,
    "admin": (*DECIDERS, "cancel_request", "vendors", "invite", "audit", *ADMIN),
    "auditor": AUDITOR,
}
KNOWN = tuple(dict.fromkeys((*EVERYBODY, *STAFF, *VENDOR, *DECIDERS, *OFFICER, *AUDITOR, *SETTINGS, *ADMIN)))


def commands_for(me: MeOut) -> tuple[str, ...]:
    """The commands of a person's roles, everybody's last."""
    return commands_for_roles(me.roles)


def commands_for_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """The commands that these roles are offered."""
    held_roles = tuple(roles)
    own = STAFF if set(held_roles) - NO_STAFF else ()
    by_role = (name for role in held_roles for name in BY_ROLE.get(role, ()))
    return tuple(dict.fromkeys((*own, *by_role, *SETTINGS, *EVERYBODY[1:])))


def with_descriptions(names: tuple[str, ...], locale: str) -> list[tuple[str, str]]:
    """Each command with what it does."""
    return [(name, translate(f"commands.{name}", locale)) for name in names]
