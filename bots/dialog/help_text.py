"""The help of a person's roles: the top actions with examples."""

from api.contract.people import MeOut
from api.text import translate

ROLE_ORDER = ("vendor", "officer", "manager", "finance", "admin", "auditor", "requester")


def help_text(me: MeOut) -> str:
    """The help of the first role that has one; staff with several roles get the busiest."""
    role = next((role for role in ROLE_ORDER if role in me.roles), "requester")
    return translate(f"help.{role}", me.locale)
