"""Vendors who came to the demo company lately and have sold it nothing: in who to ask, each has its turn as "new here".

One rule: they take no part in the year's history, so that history is the same with and without them.
"""

from dataclasses import dataclass

from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from stack.demo.demo_history import DemoHistory


@dataclass(frozen=True)
class DemoNewcomer:
    """A vendor without a chat account: its contact gets links."""

    name: str
    category: str
    currency: str
    country: str
    contact: str
    email: str


NEWCOMERS = (
    DemoNewcomer("Quince Devices", "IT hardware", "EUR", "NL", "Quinn Bakker", "quinn@quince.example"),
    DemoNewcomer("Rowan Seating", "Furniture", "USD", "US", "Ruth Rowan", "ruth@rowan.example"),
    DemoNewcomer("Sorrel Supplies", "Office supplies", "EUR", "IE", "Sean Sorrel", "sean@sorrel.example"),
)


async def add_newcomers(history: DemoHistory) -> None:
    """Petra adds them, as she has added the others."""
    for each in NEWCOMERS:
        contact = NewContact(each.contact, each.email, "en")
        command = CreateVendor(each.name, each.category, each.currency, each.country, contact)
        await history.run("petra", vendors.create_vendor, command)
