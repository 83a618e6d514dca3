"""The people and vendors of a measurement: eight teams, so that no single chat is what everything waits for.

One rule: they are added as an administrator adds people, by the same use cases and calls, and each has a chat on both
platforms of the sandbox.

A team is a requester, the head of its cost centre, and three vendors. Four officers share the teams.
"""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from administration.run import run_use_case
from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink
from core.kernel.ids import PersonId
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment
from core.people import service as people
from core.people.commands import AddPerson
from core.uow import Uow
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from stack import http_client
from stack.bench.bench_installation import BenchInstallation
from stack.demo import company
from stack.installation import load

TEAMS, VENDORS_PER_TEAM = 8, 3
DEPARTMENT = "BENCH"
RENEW_AFTER_SECONDS = 240.0
OFFICERS = 2
"""Beside the demo's own two."""
_FIRST_CHAT = 70_000
_MEMBERS = 2 * TEAMS + OFFICERS + VENDORS_PER_TEAM * TEAMS
_KNOWN = """
SELECT p.email, p.id, p.vendor_id, c.external_id FROM people p
JOIN chat_identities c ON c.person_id = p.id AND c.platform = 'telegram'
WHERE p.email LIKE 'bench-%' OR p.email IN ('officer@northwind.example', 'petra@northwind.example')
"""


@dataclass
class Member:
    """One person who acts in a measurement."""

    person_id: UUID
    vendor_id: UUID | None
    chat: str
    token: str = ""


@dataclass(frozen=True)
class PurchaseTeam:
    """Who makes one purchase."""

    cost_centre: str
    requester: Member
    officer: Member
    manager: Member
    vendors: Sequence[Member]


@dataclass(frozen=True)
class ChatTokens:
    """Exchanges chats for their people's tokens, as the bots do."""

    api: str
    bot_key: str

    @classmethod
    def of(cls, bench: BenchInstallation) -> "ChatTokens":
        return cls(bench.installed.url("api"), bench.installed.secrets["BOT_KEY"])

    def service(self) -> str:
        """The bots' own token."""
        return _access_token(http_client.fetch(f"{self.api}/auth/service", {"key": self.bot_key}))

    def exchange(self, telegram: str) -> str:
        """The token of whoever has this chat; valid for ten minutes."""
        body = {"platform": "telegram", "external_id": telegram}
        return _access_token(http_client.fetch(f"{self.api}/auth/chat", body, token=self.service()))


@dataclass
class Crew:
    """All teams with their tokens; ``renew`` before a batch."""

    teams: Sequence[PurchaseTeam]
    tokens: ChatTokens
    renewed_at: float = field(default=-math.inf)

    @property
    def api(self) -> str:
        return self.tokens.api

    def renew(self) -> None:
        """New tokens for everybody when the old ones are some minutes old."""
        if time.monotonic() - self.renewed_at < RENEW_AFTER_SECONDS:
            return
        for team in self.teams:
            for member in (team.requester, team.officer, team.manager, *team.vendors):
                member.token = self.tokens.exchange(member.chat)
        self.renewed_at = time.monotonic()


async def gather_crew(bench: BenchInstallation) -> Crew:
    """The crew of this installation, added when it is not there yet."""
    known = await _known(bench)
    await asyncio.to_thread(_register_chats, bench)
    if _email("vendor", TEAMS * VENDORS_PER_TEAM) not in known:
        await asyncio.to_thread(_add_everybody, bench)
        await bench.wait_until_drained()
        known = await _known(bench)
    crew = Crew(_teams(known), ChatTokens.of(bench))
    await asyncio.to_thread(crew.renew)
    return crew


async def _known(bench: BenchInstallation) -> dict[str, Member]:
    rows = await bench.connection.fetch(_KNOWN)
    return {row["email"]: Member(row["id"], row["vendor_id"], row["external_id"]) for row in rows}


def _teams(known: dict[str, Member]) -> list[PurchaseTeam]:
    officers = [known["officer@northwind.example"], known["petra@northwind.example"]]
    officers += [known[_email("officer", number)] for number in range(1, OFFICERS + 1)]
    return [
        PurchaseTeam(
            cost_centre=f"{DEPARTMENT}{number}",
            requester=known[_email("requester", number)],
            officer=officers[number % len(officers)],
            manager=known[_email("manager", number)],
            vendors=[
                known[_email("vendor", (number - 1) * VENDORS_PER_TEAM + each)]
                for each in range(1, VENDORS_PER_TEAM + 1)
            ],
        )
        for number in range(1, TEAMS + 1)
    ]


def _email(kind: str, number: int) -> str:
    return f"bench-{kind}-{number}@northwind.example"


@dataclass(frozen=True)
class _Account:
    """A person to be linked: the number of their chats, and a code for each platform."""

    name: str
    number: int
    codes: Mapping[str, str]

    def chat_on(self, platform: str) -> str:
        return str(self.number) if platform == "telegram" else f"{company.TEAM}:U{self.number}"


def _add_everybody(bench: BenchInstallation) -> None:
    """People, vendors and cost centres in one transaction, then both chats of each by a one-time code."""
    accounts = run_use_case(load(bench.paths).databases.app, _added)
    tokens = ChatTokens.of(bench)
    service = tokens.service()
    for account in accounts:
        for platform, code in account.codes.items():
            chat = {"platform": platform, "external_id": account.chat_on(platform)}
            body = chat | {"code": code, "display_name": account.name}
            http_client.fetch(f"{tokens.api}/chat/links/confirm", body, token=service)


def _access_token(answer: Any) -> str:
    return str(answer["access_token"])


async def _added(uow: Uow, actor: Actor) -> list[_Account]:
    """Everybody with their codes, in the order of their chats."""
    staff = await _add_staff(uow, actor)
    await _add_cost_centres(uow, actor, staff)
    everybody = [*staff.items(), *await _add_vendors(uow, actor)]
    return [
        _Account(name, _FIRST_CHAT + place, await _codes(uow, actor, person_id))
        for place, (name, person_id) in enumerate(everybody)
    ]


async def _add_staff(uow: Uow, actor: Actor) -> dict[str, PersonId]:
    kinds = (
        ("requester", TEAMS, Role.requester),
        ("manager", TEAMS, Role.manager),
        ("officer", OFFICERS, Role.officer),
    )
    found: dict[str, PersonId] = {}
    for kind, count, role in kinds:
        for number in range(1, count + 1):
            command = AddPerson(
                name=_name(kind, number),
                email=_email(kind, number),
                roles=(role,),
                locale="en",
                zone=company.ZONE,
                vendor_id=None,
                password=None,
            )
            found[command.name] = PersonId((await people.add_person(uow, actor, command)).id)
    return found


async def _add_cost_centres(uow: Uow, actor: Actor, staff: Mapping[str, PersonId]) -> None:
    """Each team has its own, and its head decides what costs less than 500."""
    await organisations.add_department(uow, actor, AddDepartment(DEPARTMENT, "Bench", None))
    for number in range(1, TEAMS + 1):
        head = staff[_name("manager", number)]
        command = AddCostCentre(f"{DEPARTMENT}{number}", f"Bench {number}", DEPARTMENT, head)
        await organisations.add_cost_centre(uow, actor, command)


async def _add_vendors(uow: Uow, actor: Actor) -> list[tuple[str, PersonId]]:
    found = []
    for number in range(1, TEAMS * VENDORS_PER_TEAM + 1):
        contact = NewContact(_name("vendor", number), _email("vendor", number), "en")
        command = CreateVendor(f"Bench Vendor {number}", "IT hardware", "USD", "US", contact)
        added = await vendors.create_vendor(uow, actor, command)
        found.append((contact.name, PersonId(added.contacts[0].person_id)))
    return found


async def _codes(uow: Uow, actor: Actor, person_id: PersonId) -> dict[str, str]:
    return {
        platform: (await links.make_link(uow, actor, MakeLink(person_id))).code
        for platform in ("telegram", "slack")
    }


def _name(kind: str, number: int) -> str:
    return f"Bench {kind.capitalize()} {number}"


def _register_chats(bench: BenchInstallation) -> None:
    """Register everybody with the sandbox: before they are linked, or their first message finds nobody."""
    url = f"{bench.installed.url('sandbox')}/control/people"
    for number in range(_FIRST_CHAT, _FIRST_CHAT + _MEMBERS):
        for account in (number, f"U{number}"):
            body = {"id": account, "first_name": "Bench", "last_name": str(number)}
            http_client.fetch(
                url, body | {"username": f"bench_{number}", "language_code": "en", "started": True}
            )
