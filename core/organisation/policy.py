"""What the organisation and its units must be: pure checks, each naming the field and a correct example."""

from core.kernel.errors import invalid
from core.kernel.money import currencies_in_use
from core.organisation.commands import SetOrganisation
from core.people.policy import check_name, check_zone, has_control


def check_unit(code: str, name: str) -> None:
    """Refuse a department or cost centre whose code cannot be typed or whose name cannot be read."""
    if not 0 < len(code.strip()) <= 40 or code != code.strip() or "/" in code or has_control(code):
        raise invalid("/code", "code.unreadable", "write a code of 1 to 40 characters, without /", "IT")
    check_name(name, 200)


def check_organisation(command: SetOrganisation) -> None:
    """Refuse an organisation without a name, a currency or a time zone."""
    check_name(command.name, 200)
    check_zone(command.zone)
    if command.base_currency not in currencies_in_use():
        raise invalid("/base_currency", "currency.unknown", "is not a currency in use", "EUR")
