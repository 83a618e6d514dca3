"""The vendor file: entering, finding, inviting."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import UseLink
from core.accounts.errors import LinkExpired
from core.db.pages import PageQuery
from core.kernel.errors import Invalid, MissingPermission, NotFound
from core.kernel.ids import PersonId, VendorId, new_id
from core.people.errors import EmailTaken
from core.vendors import queries, repo, service
from core.vendors.commands import CreateVendor, LinkContact, NewContact
from core.vendors.errors import VendorExists
from core.vendors.model import Vendor, VendorFilter
from tests.support.uow import SmallCompany, begin

ALDER = CreateVendor("Alder", "IT hardware", "USD", "US", NewContact("Vera", "vera@alder.example", "en"))
ALL = VendorFilter(None, None, PageQuery(None, 50))


async def entered(company: SmallCompany, name: str = "Alder", category: str = "IT hardware") -> Vendor:
    contact = NewContact(f"Contact of {name}", f"sales@{name.lower().replace(' ', '-')}.example", "en")
    command = replace(ALDER, name=name, category=category, contact=contact)
    return await company.act(company.officer, service.create_vendor, command)


async def test_officer_enters_a_vendor_with_its_first_contact(company: SmallCompany) -> None:
    with pytest.raises(MissingPermission):
        await company.act(company.requester, service.create_vendor, ALDER)
    vendor = await company.act(company.officer, service.create_vendor, ALDER)
    shown = await company.act(company.officer, queries.show, vendor.id)
    assert shown == vendor
    assert [(contact.name, contact.linked) for contact in shown.contacts] == [("Vera", False)]
    roles = "SELECT role FROM person_roles WHERE person_id = :person"
    assert await company.scalar(roles, person=shown.contacts[0].person_id) == "vendor"
    assert await company.events() == ["person.added", "vendor.created"]


async def test_who_entered_a_vendor_is_kept(company: SmallCompany) -> None:
    vendor = await entered(company)
    kept = await company.scalar("SELECT created_by FROM vendors WHERE id = :vendor", vendor=vendor.id)
    assert kept == company.officer.person_id


async def test_two_vendors_of_one_name_are_refused_whatever_the_case(company: SmallCompany) -> None:
    await entered(company)
    with pytest.raises(VendorExists):
        await entered(company, "ALDER")


async def test_a_contact_with_a_colleagues_address_leaves_no_vendor_behind(company: SmallCompany) -> None:
    taken = replace(ALDER, contact=NewContact("Rosa", "rosa.requester@northwind.example", "en"))
    with pytest.raises(EmailTaken):
        await company.act(company.officer, service.create_vendor, taken)
    assert await company.scalar("SELECT count(*) FROM vendors") == 0


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (replace(ALDER, name=" "), "/name"),
        (replace(ALDER, name="Al\u202eder"), "/name"),
        (replace(ALDER, category=""), "/category"),
        (replace(ALDER, currency="XQX"), "/currency"),
        (replace(ALDER, country="Germany"), "/country"),
        (replace(ALDER, contact=NewContact("Vera", "vera", "en")), "/contact/email"),
        (replace(ALDER, contact=NewContact("", "vera@alder.example", "en")), "/contact/name"),
    ],
)
async def test_a_vendor_that_cannot_be_is_refused_by_field(
    company: SmallCompany, command: CreateVendor, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await company.act(company.officer, service.create_vendor, command)
    assert refusal.value.errors[0].field == field


async def test_list_is_paged_newest_first_without_a_row_twice(company: SmallCompany) -> None:
    names = [(await entered(company, f"Vendor {number}")).name for number in range(7)]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        page = await company.act(
            company.officer, queries.listing, VendorFilter(None, None, PageQuery(cursor, 2))
        )
        seen += [vendor.name for vendor in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == list(reversed(names))


async def test_list_is_searched_by_words_and_category(company: SmallCompany) -> None:
    await entered(company, "Alder Computing")
    await entered(company, "Dune", "Furniture")
    await entered(company, "100% Paper", "Office supplies")
    for wanted, names in (
        (replace(ALL, q="comput"), ["Alder Computing"]),
        (replace(ALL, q="FURN"), ["Dune"]),
        (replace(ALL, q="%"), ["100% Paper"]),
        (replace(ALL, category="furniture"), ["Dune"]),
        (replace(ALL, q="dune", category="IT hardware"), []),
    ):
        page = await company.act(company.officer, queries.listing, wanted)
        assert [vendor.name for vendor in page.items] == names


async def test_a_vendor_sees_itself_and_nobody_else(company: SmallCompany) -> None:
    mine, other = await entered(company), await entered(company, "Birke")
    contact = await company.person("Vera Two", Role.vendor, vendor_id=mine.id)
    async with begin(company.app, contact, company.clock) as uow:
        assert (await repo.visible_to(uow, contact, mine.id)).id == mine.id
        with pytest.raises(NotFound):
            await repo.visible_to(uow, contact, other.id)
        page = await repo.page(uow, contact, VendorFilter(None, None, PageQuery(None, 50)))
        assert [vendor.id for vendor in page.items] == [mine.id]


async def test_invitation_lives_seven_days_and_is_bound_to_the_contact(company: SmallCompany) -> None:
    vendor = await entered(company)
    link = await company.act(company.officer, service.link_contact, LinkContact(vendor.id, None))
    assert link.expires_at - company.clock.at == dt.timedelta(days=7)
    use = UseLink(link.code, "telegram", "2001", "Vera A.")
    company.clock.advance(dt.timedelta(days=6))
    preview = await company.act(company.bot, links.preview_link, use)
    assert (preview.account, preview.vendor, preview.invited_by, preview.purpose) == (
        "Contact of Alder",
        "Alder",
        "Oscar Officer",
        "invitation",
    )
    me = await company.act(company.bot, links.confirm_link, use)
    assert me.person.vendor_id == vendor.id
    shown = await company.act(company.officer, queries.show, vendor.id)
    assert shown.contacts[0].linked


async def test_invitation_runs_out(company: SmallCompany) -> None:
    vendor = await entered(company)
    link = await company.act(company.officer, service.link_contact, LinkContact(vendor.id, None))
    company.clock.advance(dt.timedelta(days=7))
    with pytest.raises(LinkExpired):
        await company.act(company.bot, links.preview_link, UseLink(link.code, "telegram", "2001", "V"))


async def test_only_contacts_of_that_vendor_are_invited(company: SmallCompany) -> None:
    vendor, other = await entered(company), await entered(company, "Birke")
    stranger = other.contacts[0].person_id
    for command in (
        LinkContact(vendor.id, stranger),
        LinkContact(vendor.id, company.requester.person_id),
        LinkContact(vendor.id, PersonId(new_id())),
        LinkContact(VendorId(new_id()), None),
    ):
        with pytest.raises(NotFound):
            await company.act(company.officer, service.link_contact, command)
    with pytest.raises(MissingPermission):
        await company.act(company.requester, service.link_contact, LinkContact(vendor.id, None))


async def test_the_same_vendor_entered_ten_times_at_once_is_there_once(company: SmallCompany) -> None:
    answers = await asyncio.gather(*(entered(company) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(answer, Vendor) for answer in answers) == 1
    assert await company.scalar("SELECT count(*) FROM vendors") == 1
