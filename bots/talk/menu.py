"""The commands that a role is offered, in the order of its work.

One rule: a menu is a convenience; whoever types a command that is not in it gets the same answer.
"""

from api.contract.people import MeOut
from api.text import say

EVERYBODY = ("start", "help", "cancel", "whoami")
STAFF = ("request", "my", "status", "approvals", "receive", *EVERYBODY[1:])
OFFICER = ("request", "my", "rfqs", "status", "approvals", "receive", *EVERYBODY[1:])
VENDOR = ("rfqs", "quote", "nobid", "status", *EVERYBODY[1:])
KNOWN = tuple(dict.fromkeys((*EVERYBODY, *STAFF, *OFFICER, *VENDOR)))


def names_for(me: MeOut) -> tuple[str, ...]:
    """The commands of a person's roles."""
    if me.vendor_id is not None:
        return VENDOR
    return OFFICER if "officer" in me.roles else STAFF


def described(names: tuple[str, ...], locale: str) -> list[tuple[str, str]]:
    """Each command with what it does."""
    return [(name, say(f"commands.{name}", locale)) for name in names]
