"""Northwind Trading: the demo company's people, cost centres, vendors, rates and approval policy, as data."""

from dataclasses import dataclass
from decimal import Decimal

TEAM = "T0NORTHWIND"
"""The Slack workspace of everybody in the sandbox."""
BOT_USER = "U0PARLEY"
"""Our app in it."""
NAME, BASE_CURRENCY, ZONE = "Northwind Trading", "USD", "Europe/Berlin"


@dataclass(frozen=True)
class DemoPerson:
    """A demo person; ``telegram`` is their id in the sandbox, and on Slack the same after a U."""

    key: str
    name: str
    roles: tuple[str, ...]
    telegram: int
    locale: str = "en"

    @property
    def email(self) -> str:
        return f"{self.key}@northwind.example"


PEOPLE = (
    DemoPerson("requester", "Rosa Keller", ("requester",), 1001),
    DemoPerson("jonas", "Jonas Weber", ("requester",), 1002, "de"),
    DemoPerson("amira", "Amira Haddad", ("requester",), 1003, "ar"),
    DemoPerson("lucia", "Lucía Romero", ("requester",), 1004, "es"),
    DemoPerson("officer", "Oscar Lind", ("officer",), 1005),
    DemoPerson("petra", "Petra Novak", ("officer",), 1006, "de"),
    DemoPerson("manager", "Mara Osei", ("manager",), 1007),
    DemoPerson("david", "David Brandt", ("manager",), 1008, "de"),
    DemoPerson("finance", "Farah Aziz", ("finance",), 1009),
    DemoPerson("felix", "Felix Sommer", ("finance",), 1010, "de"),
    DemoPerson("admin", "Ada Novotny", ("admin",), 1011),
    DemoPerson("auditor", "Aron Fuchs", ("auditor",), 1012),
)

DEPARTMENTS = (
    ("IT", "Information technology", "manager"),
    ("OPS", "Operations", "david"),
    ("MKT", "Marketing", "david"),
    ("FIN", "Finance and administration", "finance"),
)

COST_CENTRES = (
    ("IT", "IT equipment", "IT", "manager"),
    ("NET", "Networks", "IT", "manager"),
    ("WH", "Warehouse", "OPS", "david"),
    ("FAC", "Facilities", "OPS", "david"),
    ("MKT", "Marketing", "MKT", "david"),
    ("OFF", "Office", "FIN", "finance"),
)


@dataclass(frozen=True)
class DemoGroup:
    """A group of colleagues, with topics on Telegram and with threads on Slack; it shows one cost centre's requests."""

    title: str
    slack_name: str
    telegram: int
    channel: str
    members: tuple[str, ...]
    cost_centre: str


GROUP = DemoGroup(
    "Office purchases",
    "office-purchases",
    -1_001_000_000_501,
    "C0OFFICE",
    ("requester", "officer", "manager"),
    "OFF",
)


@dataclass(frozen=True)
class DemoVendor:
    """A demo vendor, its one contact, and its behaviour: price level, speed, and how often it answers."""

    name: str
    category: str
    currency: str
    country: str
    contact: str
    telegram: int
    price_level: float
    lead_days: int
    answer_rate: float
    locale: str = "en"

    @property
    def email(self) -> str:
        return f"{self.contact.split()[0].lower()}@{self.name.split()[0].lower()}.example"


VENDORS = (
    DemoVendor("Alder Computing", "IT hardware", "USD", "US", "Vera Alder", 2001, 1.00, 9, 0.95),
    DemoVendor("Birke Systemhaus", "IT hardware", "EUR", "DE", "Uwe Birke", 2002, 1.03, 5, 0.90, "de"),
    DemoVendor("Cedar Devices", "IT hardware", "GBP", "GB", "Nia Cole", 2003, 0.97, 16, 0.70),
    DemoVendor("Dune Furniture", "Furniture", "USD", "US", "Sam Dune", 2004, 1.00, 21, 0.90),
    DemoVendor("Eichenhof Möbel", "Furniture", "EUR", "DE", "Ilse Eich", 2005, 1.08, 14, 0.85, "de"),
    DemoVendor("Fjord Interiors", "Furniture", "CHF", "CH", "Nils Fjord", 2006, 1.15, 12, 0.60),
    DemoVendor("Grove Office Supply", "Office supplies", "USD", "US", "Gina Grove", 2007, 1.00, 3, 0.98),
    DemoVendor("Heller Papier", "Office supplies", "EUR", "DE", "Hans Heller", 2008, 0.95, 6, 0.90, "de"),
    DemoVendor("Iris Stationers", "Office supplies", "GBP", "GB", "Ivy Ross", 2009, 1.05, 4, 0.75),
    DemoVendor("Juniper Logistics", "Packaging", "USD", "US", "Joe Park", 2010, 1.00, 7, 0.92),
    DemoVendor("Kastanie Verpackung", "Packaging", "EUR", "DE", "Kim Kast", 2011, 0.94, 9, 0.85, "de"),
    DemoVendor("Lotus Pack", "Packaging", "JPY", "JP", "Lena Sato", 2012, 0.88, 28, 0.65),
    DemoVendor("Maple Maintenance", "Facilities", "USD", "US", "Max Boyd", 2013, 1.00, 6, 0.90),
    DemoVendor("Nadel & Söhne", "Facilities", "EUR", "DE", "Nora Nadel", 2014, 1.02, 4, 0.88, "de"),
    DemoVendor("Olive Services", "Facilities", "PLN", "PL", "Olga Wrona", 2015, 0.90, 8, 0.80, "ru"),
)

GOODS = {
    "IT hardware": (
        ("Laptop 14 inch, 32 GB", "pcs", "1240", ("IT", "NET")),
        ("Docking station", "pcs", "165", ("IT",)),
        ("Monitor 27 inch", "pcs", "289", ("IT", "MKT")),
        ("Access point, outdoor", "pcs", "420", ("NET",)),
        ("Label printer", "pcs", "310", ("WH", "IT")),
    ),
    "Furniture": (
        ("Desk, height adjustable", "pcs", "540", ("FAC", "OFF")),
        ("Office chair", "pcs", "275", ("FAC", "OFF")),
        ("Shelf, 200 cm", "pcs", "190", ("WH", "FAC")),
    ),
    "Office supplies": (
        ("Copy paper, A4", "boxes", "24", ("OFF", "MKT")),
        ("Toner, black", "pcs", "88", ("OFF", "IT")),
        ("Flip chart paper", "pcs", "12", ("MKT", "OFF")),
    ),
    "Packaging": (
        ("Carton 60 × 40 × 40", "pcs", "1.15", ("WH",)),
        ("Stretch film", "rolls", "9.40", ("WH",)),
        ("Pallet, 120 × 80", "pcs", "14.50", ("WH",)),
    ),
    "Facilities": (
        ("Window cleaning", "visits", "380", ("FAC",)),
        ("Fire extinguisher check", "pcs", "21", ("FAC", "WH")),
        ("Forklift inspection", "visits", "410", ("WH",)),
    ),
}
"""Per category: description, unit, usual price in USD, cost centres that buy it."""

RATES = {
    "USD": Decimal("1"),
    "EUR": Decimal("1.09"),
    "GBP": Decimal("1.28"),
    "CHF": Decimal("1.13"),
    "PLN": Decimal("0.253"),
    "JPY": Decimal("0.0066"),
}
"""What one unit was worth in USD at the start; it changes from month to month."""


@dataclass(frozen=True)
class DemoTier:
    """One tier: the amount it ends below, and per step the approver's name or role, or whose head decides."""

    name: str
    below: str | None
    steps: tuple[tuple[str, str | None, str | None], ...]


POLICY = (
    DemoTier("small", "500", (("head", None, "cost_centre"),)),
    DemoTier("medium", "5000", (("manager", "manager", None),)),
    DemoTier("large", None, (("manager", "manager", None), ("finance", "finance", None))),
)
