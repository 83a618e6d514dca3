"""What an account must be: pure checks, each naming the field and a correct example.

One rule: a vendor's contact has the role vendor and no other, because whoever sells may not also buy.

Only people's roles can be given, never those of Parley's own services.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from core.access.roles import PEOPLE, Role
from core.kernel.errors import invalid
from core.kernel.ids import VendorId
from core.people.commands import AddPerson, EditPerson

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 12, 200
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\.]+")


def check_person(command: AddPerson, at: str = "") -> None:
    """Refuse an invalid account; ``at`` is its place in the body that was sent."""
    check_name(command.name, 300, at)
    if command.email is not None:
        check_email(command.email, at)
    if command.zone:
        check_zone(command.zone, at)
    check_roles(command.roles, command.vendor_id, at)
    if command.password is not None:
        check_password(command.password, at)


def check_edit(command: EditPerson) -> None:
    """Refuse the fields that are named and invalid."""
    if "name" in command.named:
        check_name(command.name, 300)
    if "email" in command.named and command.email is not None:
        check_email(command.email)
    if "zone" in command.named:
        check_zone(command.zone)


def check_name(name: str, longest: int, at: str = "") -> None:
    """Refuse a name that nobody could read."""
    if not name.strip() or len(name) > longest or has_control(name):
        why = f"write a name of 1 to {longest} characters"
        raise invalid(f"{at}/name", "name.unreadable", why, "Rosa Keller")


def check_zone(zone: str, at: str = "") -> None:
    """Refuse anything that is not an IANA time zone."""
    if zone not in _zones():
        raise invalid(f"{at}/zone", "zone.unknown", "is not a time zone", "Europe/Berlin")


def check_roles(roles: Iterable[Role], vendor_id: VendorId | None, at: str = "") -> None:
    """Refuse roles that a person cannot have, alone or together."""
    wanted_roles = frozenset(roles)
    if not wanted_roles or not wanted_roles <= frozenset(PEOPLE):
        known = ", ".join(role.value for role in PEOPLE)
        raise invalid(
            f"{at}/roles", "roles.unknown", f"give one or more of: {known}", "requester", expected=known
        )
    if (vendor_id is not None) != (Role.vendor in wanted_roles) or (
        vendor_id is not None and len(wanted_roles) > 1
    ):
        why = "a vendor's contact has the role vendor and no other, and nobody else has it"
        raise invalid(f"{at}/roles", "roles.vendor", why, "vendor")


def check_email(email: str, at: str = "") -> None:
    """Refuse what cannot be an address; whether it belongs to the person is not checked."""
    if len(email) > 254 or not _EMAIL.fullmatch(email.strip()) or has_control(email):
        raise invalid(f"{at}/email", "email.unreadable", "is not an e-mail address", "name@company.example")


def check_password(password: str, at: str = "") -> None:
    """Only the length counts; there are no rules about kinds of characters (NIST SP 800-63B)."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        why = f"must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters"
        example, least = "four words that you will remember", MIN_PASSWORD_LENGTH
        raise invalid(f"{at}/password", "password.length", why, example, min_length=least)


def has_control(text: str) -> bool:
    """Whether there is a control character in it."""
    return any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
