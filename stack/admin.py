"""The administrator's words: people, links, the approval policy, rates, migrations, a token to try the API.

One rule: each calls the same use case that the API calls; nothing is written to the database from here.
"""

import argparse
import csv
import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import ValidationError
from sqlalchemy import func, select

from api.contract.approvals import PolicyIn
from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink
from core.accounts.tables import chat_identities
from core.kernel.errors import NotFound
from core.people import repo, service
from core.people.commands import AddPerson, ChangeRoles, DisablePerson
from core.people.model import Person
from core.people.tables import people, person_roles
from core.policies import queries as policy_queries
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.rates.service import ExchangeRate, LoadRates, load_rates
from core.uow import Uow
from stack import board as boards
from stack import checks, keyring, plan
from stack.environments import Environments
from stack.office import run
from stack.paths import Paths
from stack.problem import StackProblem

Asked = argparse.Namespace


def migrate(paths: Paths, asked: Asked) -> int:
    """Bring the database to the newest version."""
    from migrations.run import current, upgrade

    owner = plan.present(paths).databases.owner
    try:
        upgrade(owner)
    except OSError as problem:
        raise StackProblem(f"the database does not answer ({problem}): type './parley up' first") from None
    print(f"The database stands at {current(owner)}.")
    return 0


def person_add(paths: Paths, asked: Asked) -> int:
    """Add a person; they sign in by a link code ('./parley link')."""
    roles = tuple(Role(role) for role in asked.roles)

    async def work(uow: Uow, actor: Actor) -> Person:
        command = AddPerson(
            name=asked.name,
            email=asked.email,
            roles=roles or (Role.requester,),
            locale="",
            zone="UTC",
            vendor_id=None,
            password=None,
        )
        return await service.add_person(uow, actor, command)

    print(f"Added {_told(run(paths, work))}.")
    return 0


def person_role(paths: Paths, asked: Asked) -> int:
    """Give a person exactly these roles; their tokens of before end."""
    roles = tuple(Role(role) for role in asked.roles)

    async def work(uow: Uow, actor: Actor) -> Person:
        person = await somebody(uow, asked.person)
        return await service.change_roles(uow, actor, ChangeRoles(person.id, roles))

    print(f"Changed {_told(run(paths, work))}.")
    return 0


def person_disable(paths: Paths, asked: Asked) -> int:
    """End a person's access; what they did stays."""

    async def work(uow: Uow, actor: Actor) -> Person:
        person = await somebody(uow, asked.person)
        return await service.disable_person(uow, actor, DisablePerson(person.id))

    print(f"Disabled {_told(run(paths, work))}.")
    return 0


def link(paths: Paths, asked: Asked) -> int:
    """A one-time code that joins a chat account to this person."""

    async def work(uow: Uow, actor: Actor) -> tuple[str, dt.datetime]:
        person = await somebody(uow, asked.person)
        made = await links.make_link(uow, actor, MakeLink(person.id))
        return made.code, made.expires_at

    code, until = run(paths, work)
    names = Environments(plan.present(paths)).api()
    base = names.get("PARLEY_CHAT_LINK_BASE", "https://t.me")
    print(f"{base}/{names['TELEGRAM_BOT_USERNAME']}?start={code}")
    print(f"Or send '/start {code}' to the bot. It works once, until {until:%H:%M} UTC.")
    return 0


async def somebody(uow: Uow, wanted: str) -> Person:
    """A person by e-mail or id."""
    found: Person | None
    try:
        found = await repo.person(uow.connection, UUID(wanted))
    except ValueError:
        by_email = await repo.person_by_email(uow.connection, wanted.strip().lower())
        found = by_email[0] if by_email else None
    if found is None:
        raise NotFound(what="person")
    return found


def _told(person: Person) -> str:
    return f"{person.name} ({', '.join(sorted(person.roles))}), id {person.id}"


def policy_show(paths: Paths, asked: Asked) -> int:
    """The policy in force, in the form that ``policy set`` takes."""
    policy = run(paths, policy_queries.show_policy)
    tiers = [_tier_as_text(tier) for tier in policy.tiers]
    print(f"# version {policy.version}, set by {policy.set_by} on {policy.set_at:%Y-%m-%d %H:%M} UTC")
    told = {"currency": policy.currency, "undo_seconds": policy.undo_seconds, "tiers": tiers}
    print(yaml.safe_dump(told, sort_keys=False), end="")
    return 0


def _tier_as_text(tier: Tier) -> dict[str, Any]:
    steps = [
        {"name": step.name, "approvers": [_approver_as_text(one) for one in step.approvers]}
        for step in tier.steps
    ]
    limits = {"departments": list(tier.departments), "categories": list(tier.categories)}
    below = {"below": str(tier.below)} if tier.below is not None else {}
    return {
        "name": tier.name,
        **below,
        **{key: value for key, value in limits.items() if value},
        "due_hours": tier.due_hours,
        "steps": steps,
    }


def _approver_as_text(one: Approver) -> dict[str, str]:
    named = {"role": one.role, "person": one.person, "head_of": one.head_of}
    return {key: value for key, value in named.items() if value}


def policy_set(paths: Paths, asked: Asked) -> int:
    """Set the policy from a file; approvals that are open keep theirs."""
    wanted = _policy_from(asked.file)
    tiers = tuple(
        Tier(
            tier.name,
            Decimal(tier.below) if tier.below is not None else None,
            tier.departments,
            tier.categories,
            tuple(
                PolicyStep(step.name, tuple(Approver(a.role, a.person, a.head_of) for a in step.approvers))
                for step in tier.steps
            ),
            tier.due_hours,
        )
        for tier in wanted.tiers
    )

    async def work(uow: Uow, actor: Actor) -> int:
        command = SetPolicy(wanted.currency, tiers, wanted.expected_version, wanted.undo_seconds)
        return (await policies.set_policy(uow, actor, command)).version

    print(f"The policy has version {run(paths, work)} now.")
    return 0


def _policy_from(file: Path) -> PolicyIn:
    try:
        loaded = yaml.safe_load(text_of(file))
        for tier in loaded["tiers"]:
            if isinstance(tier.get("below"), int):  # people write 500; the wire wants "500"
                tier["below"] = str(tier["below"])
        return PolicyIn.model_validate_json(json.dumps(loaded))
    except ValidationError as problem:
        first = problem.errors()[0]
        place = "/".join(str(part) for part in first["loc"])
        raise StackProblem(f"{file}: {place}: {first['msg']}") from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise StackProblem(
            f"{file} is not a policy: './parley policy show' prints one to start from"
        ) from None


def rates(paths: Paths, asked: Asked) -> int:
    """Load exchange rates; a day that is there already is replaced."""
    rows = _rates_from(asked.file)

    async def work(uow: Uow, actor: Actor) -> int:
        return await load_rates(uow, actor, LoadRates(rows, asked.file.name))

    print(f"Loaded {run(paths, work)} rates.")
    return 0


def _rates_from(file: Path) -> tuple[ExchangeRate, ...]:
    rows = []
    for number, row in enumerate(csv.DictReader(text_of(file).splitlines()), start=2):
        try:
            rows.append(
                ExchangeRate(
                    row["currency"].strip().upper(), dt.date.fromisoformat(row["day"]), Decimal(row["rate"])
                )
            )
        except (KeyError, ValueError, InvalidOperation, TypeError, AttributeError):
            raise StackProblem(
                f"{file}, line {number}: write currency,day,rate such as EUR,2026-11-23,1.09"
            ) from None
    return tuple(rows)


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise StackProblem(f"{file} cannot be read: {problem}") from None


def token(paths: Paths, asked: Asked) -> int:
    """An access token of a demo person with this role, over the API's own exchange; ten minutes."""
    board = boards.read(paths.state)
    if not board.alive:
        raise StackProblem("Parley is not running: type './parley up'")
    if not board.facts.get("options", {}).get("demo") or not board.facts.get("sandbox"):
        raise StackProblem(
            "tokens are printed for demo people only: type './parley down', then './parley up'"
        )

    async def work(uow: Uow, actor: Actor) -> str | None:
        return await _chat_of_role(uow, asked.role)

    external_id = run(paths, work)
    if external_id is None:
        raise StackProblem(f"no demo person has the role {asked.role}: the demo may still be made, try again")
    print(_exchange(board.facts["api"], keyring.load(paths)["BOT_KEY"], external_id))
    return 0


async def _chat_of_role(uow: Uow, role: str) -> str | None:
    """The demo person with this role and the fewest others."""
    every = person_roles.alias()
    held = select(func.count()).where(every.c.person_id == people.c.id).correlate(people).scalar_subquery()
    found: str | None = await uow.connection.scalar(
        select(chat_identities.c.external_id)
        .join(people, people.c.id == chat_identities.c.person_id)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(person_roles.c.role == role, people.c.active, chat_identities.c.unlinked_at.is_(None))
        .where(chat_identities.c.platform == "telegram")
        .order_by(held, chat_identities.c.external_id)
        .limit(1)
    )
    return found


def _exchange(api: str, key: str, external_id: str) -> str:
    try:
        service_token = _access(checks.fetch(f"{api}/auth/service", {"key": key}))
        asked = {"platform": "telegram", "external_id": external_id}
        return _access(checks.fetch(f"{api}/auth/chat", asked, token=service_token))
    except (OSError, KeyError, TypeError) as problem:
        raise StackProblem(f"the API gives no token ({problem}): type './parley doctor'") from None


def _access(answer: Any) -> str:
    return str(answer["access_token"])
