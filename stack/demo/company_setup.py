"""Creates the demo company: people, cost centres, vendors, rates, policy, and everybody's chat account."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from random import Random

from core.access.roles import Role
from core.kernel.ids import PersonId
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment, SetOrganisation
from core.people import repo as people_repo
from core.people import service as people
from core.people.commands import AddPerson
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.rates.service import ExchangeRate, LoadRates, load_rates
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from stack.demo import company
from stack.demo.chat_accounts import FOUNDER, link_accounts
from stack.demo.demo_history import DemoHistory


async def set_up_company(
    history: DemoHistory, password: str, random: Random, *, played: Collection[str]
) -> None:
    """The company as it is before its first purchase; ``played`` are the platforms that the sandbox plays."""
    await history.run(
        FOUNDER,
        organisations.set_organisation,
        SetOrganisation(company.NAME, company.BASE_CURRENCY, "en", company.ZONE, duplicate_days=0),
    )
    for demo_person in company.PEOPLE:
        command = AddPerson(
            name=demo_person.name,
            email=demo_person.email,
            roles=tuple(Role(role) for role in demo_person.roles),
            locale=demo_person.locale,
            zone=company.ZONE,
            vendor_id=None,
            password=password,
        )
        person = await history.run(FOUNDER, people.add_person, command)
        history.actors[demo_person.key] = people_repo.as_actor(person)
    await _departments_and_cost_centres(history)
    await _rates(history, random)
    await history.run(FOUNDER, policies.set_policy, _policy())
    await _vendors(history)
    await link_accounts(history, played)


async def _departments_and_cost_centres(history: DemoHistory) -> None:
    for code, name, head in company.DEPARTMENTS:
        await history.run(
            FOUNDER, organisations.add_department, AddDepartment(code, name, _person_id(history, head))
        )
    for code, name, department, head in company.COST_CENTRES:
        command = AddCostCentre(code, name, department, _person_id(history, head))
        await history.run(FOUNDER, organisations.add_cost_centre, command)


async def _rates(history: DemoHistory, random: Random) -> None:
    """A year of rates that change a little every week, and some weeks ahead so that the demo keeps working."""
    rates: list[ExchangeRate] = []
    for currency, start in company.RATES.items():
        rate = start
        for week in range(-1, 66):
            day = (history.now + dt.timedelta(weeks=week)).date()
            rates.append(ExchangeRate(currency, day, rate.quantize(Decimal("0.000001"))))
            rate *= (
                Decimal(1) if currency == company.BASE_CURRENCY else Decimal(f"{random.gauss(1, 0.006):.6f}")
            )
    await history.run(FOUNDER, load_rates, LoadRates(tuple(rates), "demo"))


def _policy() -> SetPolicy:
    tiers = []
    for tier in company.POLICY:
        steps = tuple(
            PolicyStep(name, (Approver(role=role, person=None, head_of=head),))
            for name, role, head in tier.steps
        )
        tiers.append(Tier(tier.name, Decimal(tier.below) if tier.below else None, (), (), steps))
    return SetPolicy(company.BASE_CURRENCY, tuple(tiers), None)


async def _vendors(history: DemoHistory) -> None:
    """The administrator adds the vendors, because administrators approve nothing."""
    for demo_vendor in company.VENDORS:
        contact = NewContact(demo_vendor.contact, demo_vendor.email, demo_vendor.locale)
        command = CreateVendor(
            demo_vendor.name, demo_vendor.category, demo_vendor.currency, demo_vendor.country, contact
        )
        vendor = await history.run("admin", vendors.create_vendor, command)
        history.vendor_ids[demo_vendor.name] = vendor.id
        person = await people_repo.actor_of(history.connection, vendor.contacts[0].person_id)
        if person is not None:
            history.actors[demo_vendor.name] = person


def _person_id(history: DemoHistory, key: str) -> PersonId | None:
    return history.actors[key].person_id
