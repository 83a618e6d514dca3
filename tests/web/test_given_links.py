"""What procurement sees of the links that vendors' contacts were given: by API, on the purchase and on the vendor."""

import pytest

from api.contract import endpoints as e
from api.contract.vendor_links import KnownLinkOut, VendorLinkOut
from core.access.roles import Role
from core.people.model import Person
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.support.api import Api, ProblemError
from tests.support.mailbox import Mailbox, mailbox_of
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import Browser, Visit, a_browser, browser_of


async def an_rfq(world: World) -> tuple[Vendor, Person, RfqDetails]:
    (vendor, contact), (other, _) = await world.a_vendor(), await world.a_vendor()
    return vendor, contact, await world.an_rfq(to=[vendor, other])


async def made(api: Api, world: World, rfq: RfqDetails, vendor: Vendor) -> VendorLinkOut:
    officer = api.as_(await world.an_officer())
    return await officer.call(e.link_to_rfq, {"vendor_id": str(vendor.id)}, path={"id": rfq.rfq.id})


async def links(api: Api, world: World, rfq: RfqDetails) -> list[KnownLinkOut]:
    officer = api.as_(await world.an_officer())
    return list((await officer.call(e.rfq_links, path={"id": rfq.rfq.id})).items)


async def test_each_link_says_whose_it_is_and_what_became_of_it(api: Api, world: World) -> None:
    vendor, contact, rfq = await an_rfq(world)
    first, second = await made(api, world, rfq, vendor), await made(api, world, rfq, vendor)
    newest, earlier = await links(api, world, rfq)
    assert (newest.id, newest.state.value, earlier.id, earlier.state.value) == (
        second.id,
        "open",
        first.id,
        "replaced",
    )
    assert (newest.person_name, newest.number, newest.used_at, newest.devices) == (
        contact.name,
        rfq.rfq.number,
        None,
        (),
    )
    assert newest.made_by_name == (await world.an_officer()).name
    await api.as_(await world.an_admin()).call(e.revoke_vendor_link, path={"id": second.id})
    assert {each.state.value for each in await links(api, world, rfq)} == {"ended"}
    of_vendor = await api.as_(await world.an_admin()).call(e.vendor_links, path={"id": vendor.id})
    assert [each.id for each in of_vendor.items] == [second.id, first.id]


async def test_a_code_that_let_a_browser_in_is_seen_and_mere_looking_is_not(
    api: Api, world: World, database: Database
) -> None:
    vendor, contact, rfq = await an_rfq(world)
    link = await made(api, world, rfq, vendor)
    async with mailbox_of(world, database) as mailbox, a_browser(api) as browser:
        page = await browser.get(link.url.partition("parley.test")[2] or link.url)
        assert page.status == 200
        [looked] = [each for each in await links(api, world, rfq) if each.id == link.id]
        assert (looked.used_at, looked.devices) == (None, ())
        await let_in(page, browser, mailbox, contact)
    used = next(each for each in await links(api, world, rfq) if each.id == link.id)
    assert used.used_at is not None
    assert len(used.devices) == 1


async def let_in(page: Visit, browser: Browser, mailbox: Mailbox, contact: Person) -> None:
    ask = page.form("/ask")
    code_page = await browser.send(ask, text="Which keyboard?")
    await mailbox.collect()
    after = await browser.send(code_page.reader.forms[-2], at=ask.action, code=mailbox.newest(contact).code)
    assert "Your question was sent." in after.words


@pytest.mark.parametrize("role", [Role.requester, Role.manager, Role.finance, Role.auditor, Role.vendor])
async def test_nobody_else_sees_links(api: Api, world: World, role: Role) -> None:
    vendor, contact, rfq = await an_rfq(world)
    caller = contact if role is Role.vendor else await world.the(role)
    for endpoint, subject in ((e.rfq_links, rfq.rfq.id), (e.vendor_links, vendor.id)):
        with pytest.raises(ProblemError) as refused:
            await api.as_(caller).call(endpoint, path={"id": subject})
        assert refused.value.status == 403


async def test_an_officer_makes_and_ends_links_on_the_purchases_page(api: Api, world: World) -> None:
    vendor, contact, rfq = await an_rfq(world)
    async with browser_of(api, world, await world.an_officer()) as browser:
        purchase = await browser.get(f"/purchases/{rfq.request_number}")
        address = f"/purchases/{rfq.request_number}/links"
        assert f'href="{address}"' in purchase.html
        page = await browser.get(address)
        assert page.wrong == []
        assert "Nobody has a link yet." in page.words
        made = await browser.send(page.form("/links/new"))
        assert f"Send this to {contact.name}." in made.words
        assert "/portal/link/" in made.words
        assert made.wrong == []
        assert "/portal/link/" not in (await browser.get(address)).html, "it is shown once"
        ended = await browser.send(made.form("/links/end"))
        assert "Ended" in ended.words
        assert ended.forms("/links/end") == []
        foreign = await browser.post(f"{address}/new", {"kind": "rfq", "about": str(vendor.id)})
        assert foreign.status_code in (404, 422)
    async with browser_of(api, world, await world.a_manager()) as browser:
        assert (await browser.get(address)).status == 403
        assert f'href="{address}"' not in (await browser.get(f"/purchases/{rfq.request_number}")).html


async def test_the_vendors_page_lists_them_and_ends_and_renews_each(api: Api, world: World) -> None:
    vendor, contact, rfq = await an_rfq(world)
    await made(api, world, rfq, vendor)
    async with browser_of(api, world, await world.an_admin()) as browser:
        page = await browser.get(f"/administration/vendors/{vendor.id}")
        assert page.wrong == []
        assert rfq.rfq.number in page.words
        renewed = await browser.send(page.form("/new-link"))
        assert f"Send this to {contact.name}." in renewed.words
        assert "/portal/link/" in renewed.words
        ended = await browser.send(
            (await browser.get(f"/administration/vendors/{vendor.id}")).form("/end-link")
        )
        assert ended.forms("/end-link") == []
