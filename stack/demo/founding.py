"""Founding the demo company: people, cost centres, vendors, rates, policy, and everybody's chat account."""

import datetime as dt
from decimal import Decimal
from random import Random

from core.access.actor import Actor, ActorKind, Channel
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink, UseLink
from core.kernel.ids import PersonId, VendorId
from core.people import repo as people_repo
from core.people import service as people
from core.people.commands import AddCostCentre, AddDepartment, AddPerson, SetOrganisation
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.rates.service import ExchangeRate, LoadRates, load_rates
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, LinkContact, NewContact
from stack.demo import company
from stack.demo.play import Play

FOUNDER = Actor(ActorKind.service, "demo", "demo", frozenset({Role.admin}), channel=Channel.seed)
BOT = Actor.service(Role.service_bot)


async def found(play: Play, password: str, random: Random, *, slack: bool = False) -> None:
    """The company as it stands before its first purchase."""
    await play.act(
        FOUNDER,
        people.set_organisation,
        SetOrganisation(company.NAME, company.BASE_CURRENCY, "en", company.ZONE),
    )
    for colleague in company.PEOPLE:
        command = AddPerson(
            name=colleague.name,
            email=colleague.email,
            roles=tuple(Role(role) for role in colleague.roles),
            locale=colleague.locale,
            zone=company.ZONE,
            vendor_id=None,
            password=password,
        )
        person = await play.act(FOUNDER, people.add_person, command)
        play.cast[colleague.key] = people_repo.as_actor(person)
    await _offices(play)
    await _rates(play, random)
    await play.act(FOUNDER, policies.set_policy, _policy())
    await _sellers(play)
    uses = await _slack_codes(play) if slack else []
    await _chats(play)
    for use in uses:
        await play.act(BOT, links.confirm_link, use)


async def _offices(play: Play) -> None:
    for code, name, head in company.DEPARTMENTS:
        await play.act(FOUNDER, people.add_department, AddDepartment(code, name, _id(play, head)))
    for code, name, department, head in company.COST_CENTRES:
        command = AddCostCentre(code, name, department, _id(play, head))
        await play.act(FOUNDER, people.add_cost_centre, command)


async def _rates(play: Play, random: Random) -> None:
    """A year of rates, drifting a little from week to week, and some weeks ahead so that the demo keeps working."""
    rates: list[ExchangeRate] = []
    for currency, start in company.RATES.items():
        rate = start
        for week in range(-1, 66):
            day = (play.now + dt.timedelta(weeks=week)).date()
            rates.append(ExchangeRate(currency, day, rate.quantize(Decimal("0.000001"))))
            rate *= (
                Decimal(1) if currency == company.BASE_CURRENCY else Decimal(f"{random.gauss(1, 0.006):.6f}")
            )
    await play.act(FOUNDER, load_rates, LoadRates(tuple(rates), "demo"))


def _policy() -> SetPolicy:
    tiers = []
    for tier in company.POLICY:
        steps = tuple(
            PolicyStep(name, (Approver(role=role, person=None, head_of=head),))
            for name, role, head in tier.steps
        )
        tiers.append(Tier(tier.name, Decimal(tier.below) if tier.below else None, (), (), steps))
    return SetPolicy(company.BASE_CURRENCY, tuple(tiers), None)


async def _sellers(play: Play) -> None:
    """Vendors are entered by the administrator, who approves nothing."""
    for seller in company.VENDORS:
        contact = NewContact(seller.contact, seller.email, seller.locale)
        command = CreateVendor(seller.name, seller.category, seller.currency, seller.country, contact)
        vendor = await play.act("admin", vendors.create_vendor, command)
        play.vendor_ids[seller.name] = vendor.id
        person = await people_repo.actor_of(play.connection, vendor.contacts[0].person_id)
        if person is not None:
            play.cast[seller.name] = person


async def _chats(play: Play) -> None:
    """Everybody links the chat account that the sandbox plays for them, by a one-time code."""
    for colleague in company.PEOPLE:
        person = play.cast[colleague.key]
        made = await play.act(person, links.make_link, MakeLink(None))
        await play.act(BOT, links.confirm_link, _use(made.code, colleague.telegram, colleague.name))
    for seller in company.VENDORS:
        wanted = LinkContact(VendorId(play.vendor_ids[seller.name]), None)
        made = await play.act("officer", vendors.link_contact, wanted)
        await play.act(BOT, links.confirm_link, _use(made.code, seller.telegram, seller.contact))


async def _slack_codes(play: Play) -> list[UseLink]:
    """The same people in the sandbox's workspace, each by a code that they made themselves.

    Made before the officer has made fifteen for the vendors, which are more than ten an hour.
    """
    accounts = [(each.key, each.telegram, each.name) for each in company.PEOPLE]
    accounts += [(each.name, each.telegram, each.contact) for each in company.VENDORS]
    uses: list[UseLink] = []
    for key, number, name in accounts:
        made = await play.act(play.cast[key], links.make_link, MakeLink(None))
        uses.append(UseLink(made.code, "slack", f"{company.TEAM}:U{number}", name))
    return uses


def _use(code: str, telegram: int, name: str) -> UseLink:
    return UseLink(code, "telegram", str(telegram), name)


def _id(play: Play, key: str) -> PersonId | None:
    return play.cast[key].person_id
