"""The administrator's commands: people, links, approval policy, rates.

One rule: each calls the same use case as the API; nothing here writes to the database directly.
"""

import argparse
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import ValidationError

from administration.errors import CommandError
from administration.run import run_use_case
from administration.target import Target
from api.contract.approvals import PolicyIn
from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links, password_links
from core.accounts.commands import MakeLink, MakePasswordLink
from core.accounts.model import NewLink
from core.kernel.errors import NotFound
from core.people import repo, service
from core.people.commands import AddPerson, ChangeRoles, DisablePerson, EnablePerson
from core.people.model import Person
from core.policies import queries as policy_queries
from core.policies.commands import Approver, PolicyStep, SetPolicy, SplitRule, Tier
from core.rates.reading import read_csv
from core.rates.service import LoadedRates, load_rates
from core.reassignments import service as reassignments
from core.simulations.model import Simulation
from core.simulations.queries import SimulatePolicy, simulate
from core.uow import Uow

Arguments = argparse.Namespace


def person_add(target: Target, args: Arguments) -> int:
    """Add a person; they sign in by a link code ('parley link')."""
    roles = tuple(Role(role) for role in args.roles)

    async def work(uow: Uow, actor: Actor) -> Person:
        command = AddPerson(
            name=args.name,
            email=args.email,
            roles=roles or (Role.requester,),
            locale="",
            zone="",
            vendor_id=None,
            password=None,
        )
        return await service.add_person(uow, actor, command)

    print(f"Added {_describe(run_use_case(target.database_url, work))}.")
    return 0


def person_role(target: Target, args: Arguments) -> int:
    """Give a person exactly these roles; their earlier tokens end."""
    roles = tuple(Role(role) for role in args.roles)

    async def work(uow: Uow, actor: Actor) -> Person:
        person = await find_person(uow, args.person)
        return await service.change_roles(uow, actor, ChangeRoles(person.id, roles))

    print(f"Changed {_describe(run_use_case(target.database_url, work))}.")
    return 0


def person_disable(target: Target, args: Arguments) -> int:
    """Disable a person; what they did is kept."""

    async def work(uow: Uow, actor: Actor) -> Person:
        person = await find_person(uow, args.person)
        return await service.disable_person(uow, actor, DisablePerson(person.id))

    print(f"Disabled {_describe(run_use_case(target.database_url, work))}.")
    return 0


def person_enable(target: Target, args: Arguments) -> int:
    """Let a disabled person in again, with the roles and chats they had."""

    async def work(uow: Uow, actor: Actor) -> Person:
        person = await find_person(uow, args.person)
        return await service.enable_person(uow, actor, EnablePerson(person.id))

    print(f"Enabled {_describe(run_use_case(target.database_url, work))}.")
    return 0


def password(target: Target, args: Arguments) -> int:
    """A one-time code with which this person sets a password."""

    async def work(uow: Uow, actor: Actor) -> NewLink:
        person = await find_person(uow, args.person)
        return await password_links.make_password_link(uow, actor, MakePasswordLink(person.id))

    made = run_use_case(target.database_url, work)
    body = json.dumps({"code": made.code, "password": "four words that you will remember"})
    print(f"POST /auth/password {body}")
    print(f"It works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")
    return 0


def link(target: Target, args: Arguments) -> int:
    """A one-time code that links a chat account to this person."""

    async def work(uow: Uow, actor: Actor) -> tuple[str, dt.datetime]:
        person = await find_person(uow, args.person)
        link_code = await links.make_link(uow, actor, MakeLink(person.id))
        return link_code.code, link_code.expires_at

    code, until = run_use_case(target.database_url, work)
    print(f"{target.link_url}?start={code}")
    print(f"Or send '/start {code}' to the bot. It works once, until {until:%H:%M} UTC.")
    return 0


async def find_person(uow: Uow, wanted: str) -> Person:
    """Find a person by e-mail or id."""
    found: Person | None
    try:
        found = await repo.person(uow.connection, UUID(wanted))
    except ValueError:
        by_email = await repo.person_by_email(uow.connection, wanted.strip().lower())
        found = by_email[0] if by_email else None
    if found is None:
        raise NotFound(what="person")
    return found


def _describe(person: Person) -> str:
    return f"{person.name} ({', '.join(sorted(person.roles))}), id {person.id}"


def policy_show(target: Target, args: Arguments) -> int:
    """Show the policy in force, in the form that ``policy set`` takes."""
    policy = run_use_case(target.database_url, policy_queries.show_policy)
    tiers = [_tier_as_dict(tier) for tier in policy.tiers]
    print(f"# version {policy.version}, set by {policy.set_by} on {policy.set_at:%Y-%m-%d %H:%M} UTC")
    splits = {"days": policy.splits.days, "who": policy.splits.who.value, "what": policy.splits.what.value}
    shown = {
        "currency": policy.currency,
        "undo_seconds": policy.undo_seconds,
        "splits": splits,
        "tiers": tiers,
    }
    print(yaml.safe_dump(shown, sort_keys=False), end="")
    return 0


def _tier_as_dict(tier: Tier) -> dict[str, Any]:
    steps = [
        {
            "name": step.name,
            "needs": step.needs,
            "approvers": [_approver_as_dict(approver) for approver in step.approvers],
        }
        for step in tier.steps
    ]
    limits = {"departments": list(tier.departments), "categories": list(tier.categories)}
    below = {"below": str(tier.below)} if tier.below is not None else {}
    return {
        "name": tier.name,
        **below,
        **{key: value for key, value in limits.items() if value},
        "due_hours": tier.due_hours,
        "ask_once": tier.ask_once.value,
        "steps": steps,
    }


def _approver_as_dict(approver: Approver) -> dict[str, str]:
    named = {"role": approver.role, "person": approver.person, "head_of": approver.head_of}
    return {key: value for key, value in named.items() if value}


def policy_set(target: Target, args: Arguments) -> int:
    """Set the policy from a file; pending approvals keep theirs, stuck ones are asked by the new one."""
    command = _policy_from(args.file)

    async def work(uow: Uow, actor: Actor) -> int:
        return (await reassignments.set_policy(uow, actor, command)).policy.version

    print(f"The policy is now at version {run_use_case(target.database_url, work)}.")
    return 0


def policy_try(target: Target, args: Arguments) -> int:
    """Show whom the policy of a file would have asked for the last purchases; nothing is written."""
    command = _policy_from(args.file)

    async def work(uow: Uow, actor: Actor) -> Simulation:
        return await simulate(uow, actor, SimulatePolicy(command))

    purchases = run_use_case(target.database_url, work).purchases
    for each in purchases:
        if each.differs or each.problem:
            asked = " · ".join(", ".join(one.name for one in step.candidates) or "?" for step in each.steps)
            print(f"{each.request_number}  {each.tier or '-'}  {each.problem or 'differs'}  {asked}")
    stuck = sum(each.problem is not None for each in purchases)
    differing = sum(each.differs for each in purchases)
    print(f"{len(purchases)} purchases: {differing} asked of others, {stuck} that nobody could approve.")
    return 0


def _policy_from(file: Path) -> SetPolicy:
    wanted = _read_policy(file)
    tiers = tuple(
        Tier(
            tier.name,
            Decimal(tier.below) if tier.below is not None else None,
            tier.departments,
            tier.categories,
            tuple(
                PolicyStep(
                    step.name,
                    tuple(Approver(a.role, a.person, a.head_of) for a in step.approvers),
                    step.needs,
                )
                for step in tier.steps
            ),
            tier.due_hours,
            tier.ask_once,
        )
        for tier in wanted.tiers
    )
    splits = SplitRule(wanted.splits.days, wanted.splits.who, wanted.splits.what)
    return SetPolicy(wanted.currency, tiers, wanted.expected_version, wanted.undo_seconds, splits)


def _read_policy(file: Path) -> PolicyIn:
    try:
        loaded = yaml.safe_load(read_text(file))
        for tier in loaded["tiers"]:
            if isinstance(tier.get("below"), int):  # people write 500; the API wants "500"
                tier["below"] = str(tier["below"])
        return PolicyIn.model_validate_json(json.dumps(loaded))
    except ValidationError as error:
        first = error.errors()[0]
        location = "/".join(str(part) for part in first["loc"])
        raise CommandError(f"{file}: {location}: {first['msg']}") from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise CommandError(f"{file} is not a policy: 'parley policy show' prints one to start from") from None


def rates(target: Target, args: Arguments) -> int:
    """Load exchange rates; an existing day is replaced, and a wrong line keeps no other one out."""

    async def work(uow: Uow, actor: Actor) -> LoadedRates:
        return await load_rates(uow, actor, read_csv(read_bytes(args.file), args.file.name))

    loaded = run_use_case(target.database_url, work)
    print(f"Loaded {loaded.loaded} rates.")
    if loaded.refused:
        lines = sorted({int(each.field.split("/")[2]) for each in loaded.refused})
        told = ", ".join(str(line) for line in lines)
        example = "write currency,day,rate such as EUR,2026-11-23,1.09"
        raise CommandError(f"{args.file}, line {told}: {example}")
    return 0


def read_text(file: Path) -> str:
    try:
        return read_bytes(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} cannot be read: {error}") from None


def read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error}") from None
