"""What an account must be: pure checks, each naming the field and a right example.

One rule: a vendor's contact is nothing else. Whoever sells may not also buy, so a person with a vendor has the
role vendor and no other; and only people's roles can be given, never those of Parley's own parts.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from core.access.roles import PEOPLE, Role
from core.identity.commands import AddPerson
from core.kernel.errors import invalid
from core.kernel.ids import VendorId

SHORTEST, LONGEST = 12, 200
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\.]+")


def check_person(command: AddPerson, at: str = "") -> None:
    """Refuse an account that cannot be; ``at`` is where it stands in the body that was sent."""
    if not command.name.strip() or len(command.name) > 300 or _has_control(command.name):
        raise invalid(f"{at}/name", "name.unreadable", "write a name of 1 to 300 characters", "Rosa Keller")
    if command.email is not None:
        check_email(command.email, at)
    if command.zone not in _zones():
        raise invalid(f"{at}/zone", "zone.unknown", "is not a time zone", "Europe/Berlin")
    check_roles(command.roles, command.vendor_id, at)
    if command.password is not None:
        check_password(command.password, at)


def check_roles(roles: Iterable[Role], vendor_id: VendorId | None, at: str = "") -> None:
    """Refuse roles that a person cannot have, alone or together."""
    given = frozenset(roles)
    if not given or not given <= frozenset(PEOPLE):
        known = ", ".join(role.value for role in PEOPLE)
        raise invalid(f"{at}/roles", "roles.unknown", f"give one or more of: {known}", "requester")
    if (vendor_id is not None) != (Role.vendor in given) or (vendor_id is not None and len(given) > 1):
        why = "a vendor's contact has the role vendor and no other, and nobody else has it"
        raise invalid(f"{at}/roles", "roles.vendor", why, "vendor")


def check_email(email: str, at: str = "") -> None:
    """Refuse what cannot be an address; whether it is theirs is not known."""
    if len(email) > 254 or not _EMAIL.fullmatch(email.strip()) or _has_control(email):
        raise invalid(f"{at}/email", "email.unreadable", "is not an e-mail address", "name@company.example")


def check_password(password: str, at: str = "") -> None:
    """Long is what counts; no rules about signs (NIST SP 800-63B)."""
    if not SHORTEST <= len(password) <= LONGEST:
        why = f"must have {SHORTEST} to {LONGEST} characters"
        raise invalid(f"{at}/password", "password.length", why, "four words that you will remember")


def _has_control(text: str) -> bool:
    return any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
