"""Who buys and who sells in the filled database: everybody who is there, and more people and vendors when asked for.

One rule: people and vendors are added by the use cases, like everybody's; only purchases are written in bulk.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.kernel.ids import PersonId
from core.people import service as people
from core.people.commands import AddCostCentre, AddDepartment, AddPerson
from core.uow import Uow
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from stack.bench.bench_installation import SqlConnection
from stack.demo import company

STAFF = {Role.requester: 40, Role.officer: 6, Role.manager: 12}
DEPARTMENTS, COST_CENTRES, VENDORS = 8, 24, 240
_CURRENCIES = (("USD", "US"), ("EUR", "DE"), ("GBP", "GB"), ("CHF", "CH"), ("PLN", "PL"))
_STAFF = """
SELECT r.role, p.id FROM people p JOIN person_roles r ON r.person_id = p.id
WHERE p.active AND p.vendor_id IS NULL ORDER BY p.id
"""
_SELLERS = """
SELECT v.id, v.name, v.category, min(p.id::text)::uuid AS contact FROM vendors v JOIN people p ON p.vendor_id = v.id
WHERE v.state = 'active' GROUP BY v.id ORDER BY v.id
"""
_CENTRES = "SELECT code, head_id FROM cost_centres WHERE active AND head_id IS NOT NULL ORDER BY code"


@dataclass(frozen=True)
class Seller:
    """A vendor and whoever answers for it."""

    vendor_id: UUID
    name: str
    category: str
    contact: UUID


@dataclass(frozen=True)
class Casting:
    """Who plays whom in one copy of a purchase: ids, vendors' names and cost centres of the template, and by what."""

    ids: Mapping[UUID, UUID]
    names: Mapping[str, str]
    cost_centres: Mapping[str, str]


@dataclass(frozen=True)
class Population:
    """Everybody who can take a part."""

    staff: Mapping[str, Sequence[UUID]]
    sellers: Sequence[Seller]
    heads: Mapping[str, UUID]

    @property
    def known(self) -> frozenset[UUID]:
        """The ids that belong to no purchase."""
        found = {person for group in self.staff.values() for person in group}
        return frozenset(found | {each for one in self.sellers for each in (one.vendor_id, one.contact)})

    def cast(self, ids: Sequence[UUID], cost_centre: str, random: Random) -> Casting:
        """Others of the same role for the people, vendors and the cost centre of a purchase."""
        centre = random.choice(list(self.heads))
        played: dict[UUID, UUID] = {}
        taking_part = frozenset(ids)
        for role in ("requester", "officer"):
            group = self.staff.get(role, ())
            own = [person for person in group if person in taking_part]
            played.update(zip(own, random.sample(group, len(own)), strict=True))
        played[self.heads[cost_centre]] = self.heads[centre]
        names = {}
        for seller, other in self._others(taking_part, random):
            played |= {seller.vendor_id: other.vendor_id, seller.contact: other.contact}
            names[seller.name] = other.name
        return Casting(played, names, {cost_centre: centre})

    def _others(self, ids: Collection[UUID], random: Random) -> list[tuple[Seller, Seller]]:
        """Each vendor of the purchase beside another of its category, none twice."""
        found: list[tuple[Seller, Seller]] = []
        for known in self._sellers_by_category:
            group = [seller for seller in known if seller.vendor_id in ids]
            found += zip(group, random.sample(known, len(group)), strict=True)
        return found

    @cached_property
    def _sellers_by_category(self) -> Sequence[Sequence[Seller]]:
        groups: dict[str, list[Seller]] = {}
        for seller in sorted(self.sellers, key=lambda each: each.category):
            groups.setdefault(seller.category, []).append(seller)
        return list(groups.values())


async def read_population(connection: SqlConnection) -> Population:
    """Everybody who is there now."""
    staff: dict[str, list[UUID]] = {}
    for row in await connection.fetch(_STAFF):
        staff.setdefault(row["role"], []).append(_uuid(row["id"]))
    sellers = [
        Seller(_uuid(row["id"]), row["name"], row["category"], _uuid(row["contact"]))
        for row in await connection.fetch(_SELLERS)
    ]
    heads = {row["code"]: _uuid(row["head_id"]) for row in await connection.fetch(_CENTRES)}
    return Population(staff, sellers, heads)


def _uuid(value: UUID) -> UUID:
    """asyncpg's ids compare equal but cost more."""
    return UUID(int=value.int)


async def add_population(uow: Uow, actor: Actor) -> None:
    """Forty requesters, six officers, twelve heads of 24 cost centres in eight departments, 240 vendors."""
    added: dict[Role, list[PersonId]] = {}
    for role, count in STAFF.items():
        for number in range(1, count + 1):
            command = AddPerson(
                name=f"{role.capitalize()} {number}",
                email=f"filled-{role}-{number}@northwind.example",
                roles=(role,),
                locale="en",
                zone=company.ZONE,
                vendor_id=None,
                password=None,
            )
            person = await people.add_person(uow, actor, command)
            added.setdefault(role, []).append(PersonId(person.id))
    await _add_cost_centres(uow, actor, added[Role.manager])
    await _add_vendors(uow, actor)


async def _add_cost_centres(uow: Uow, actor: Actor, heads: Sequence[PersonId]) -> None:
    for number in range(1, DEPARTMENTS + 1):
        department = AddDepartment(f"D{number}", f"Department {number}", heads[number % len(heads)])
        await people.add_department(uow, actor, department)
    for number in range(1, COST_CENTRES + 1):
        head, code = heads[number % len(heads)], f"D{number % DEPARTMENTS + 1}"
        centre = AddCostCentre(f"C{number:02}", f"Cost centre {number}", code, head)
        await people.add_cost_centre(uow, actor, centre)


async def _add_vendors(uow: Uow, actor: Actor) -> None:
    for number in range(1, VENDORS + 1):
        currency, country = _CURRENCIES[number % len(_CURRENCIES)]
        category = list(company.GOODS)[number % len(company.GOODS)]
        contact = NewContact(f"Contact {number}", f"filled-vendor-{number}@northwind.example", "en")
        command = CreateVendor(f"Supplier {number}", category, currency, country, contact)
        await vendors.create_vendor(uow, actor, command)
