"""Use cases in tests: ``begin`` opens a transaction as the edge does, and ``SmallCompany`` has the usual people.

company = await SmallCompany.open(database)
await company.act(company.admin, service.add_person, AddPerson(...))
await company.close()
"""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import insert, text

from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import Engine, make_engine
from core.kernel.clock import Clock, FixedClock
from core.kernel.ids import PersonId, VendorId, new_id
from core.people.tables import organisation, people, person_roles
from core.uow import Reactions, Uow
from core.vendors.tables import vendors
from core.wiring import REACTIONS
from tests.support.postgres import Database

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
C = TypeVar("C")
R = TypeVar("R")


@asynccontextmanager
async def begin(
    engine: Engine, actor: Actor, clock: Clock, reactions: Reactions = REACTIONS
) -> AsyncIterator[Uow]:
    """One transaction as the edge runs it: limited to the vendor's rows for a vendor, events recorded, committed."""
    async with engine.begin() as connection:
        uow = Uow(connection, actor=actor, clock=clock, reactions=reactions)
        await uow.fence()
        yield uow
        await uow.finish()


class SmallCompany:
    """A small organisation in a real database, reached with the logins of the processes."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database = database
        self.clock = clock
        self.app = make_engine(database.app_url, size=12, name="tests app")
        self.owner = make_engine(database.owner_url, size=2, name="tests owner")
        self.bot = Actor.service(Role.service_bot)
        self.nobody = Actor.anonymous()

    @classmethod
    async def open(cls, database: Database, at: dt.datetime = NOW) -> "SmallCompany":
        company = cls(database, FixedClock(at))
        async with company.owner.begin() as connection:
            await connection.execute(
                insert(organisation).values(name="Northwind", base_currency="USD", duplicate_days=0)
            )
        company.admin = await company.person("Ada Admin", Role.admin)
        company.officer = await company.person("Oscar Officer", Role.officer)
        company.requester = await company.person("Rosa Requester", Role.requester)
        return company

    admin: Actor
    officer: Actor
    requester: Actor

    async def close(self) -> None:
        await self.app.dispose()
        await self.owner.dispose()

    async def person(self, name: str, *roles: Role, vendor_id: VendorId | None = None) -> Actor:
        """An account, written directly into the tables."""
        person_id = PersonId(new_id())
        email = f"{name.lower().replace(' ', '.')}@northwind.example"
        async with self.owner.begin() as connection:
            await connection.execute(
                insert(people).values(
                    id=person_id, name=name, email=email, vendor_id=vendor_id, created_at=self.clock.at
                )
            )
            await connection.execute(
                insert(person_roles), [{"person_id": person_id, "role": role.value} for role in roles]
            )
        return Actor.person(person_id, name, frozenset(roles), vendor_id=vendor_id, epoch=1)

    async def vendor_contact(self, name: str) -> Actor:
        """A vendor and its contact."""
        vendor_id = VendorId(new_id())
        async with self.owner.begin() as connection:
            await connection.execute(
                insert(vendors).values(
                    id=vendor_id,
                    name=name,
                    category="IT",
                    currency="USD",
                    country="US",
                    created_at=self.clock.at,
                )
            )
        return await self.person(f"Contact of {name}", Role.vendor, vendor_id=vendor_id)

    async def act(self, actor: Actor, use: Callable[[Uow, Actor, C], Awaitable[R]], command: C) -> R:
        """Run a use case as the edge does."""
        async with begin(self.app, actor, self.clock) as uow:
            return await use(uow, actor, command)

    async def events(self) -> list[str]:
        """The types of all events so far, in order."""
        async with self.owner.connect() as connection:
            found = await connection.scalars(text("SELECT type FROM audit_events ORDER BY seq"))
            return list(found)

    async def scalar(self, query: str, **facts: object) -> object:
        """One value, read as the owner."""
        async with self.owner.connect() as connection:
            return await connection.scalar(text(query), facts)
