"""The help of a person's roles: the top actions with examples."""

from api.contract.people import MeOut
from api.text import translate

ORDER = ("vendor", "officer", "manager", "finance", "admin", "auditor", "requester")


def for_person(me: MeOut) -> str:
    """The help of the first role that has one; staff with several roles get the busiest."""
    role = next((role for role in ORDER if role in me.roles), "requester")
    return translate(f"help.{role}", me.locale)
