"""What links, codes and sessions of the portal let through, and what they do not."""

import datetime as dt

import pytest
from sqlalchemy import update

from api.contract import endpoints as e
from api.contract.vendor_links import VendorLinkOut
from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import MoveDeadline
from core.kernel.clock import FixedClock
from core.people import service as people
from core.people.commands import DisablePerson
from core.people.model import Person
from core.people.tables import people as people_table
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.support.api import Api, ProblemError
from tests.support.mailbox import Mailbox
from tests.support.world import ADMINISTRATOR, World
from tests.web.browser import Browser, Visit, a_browser, browser_of

NOBODY = "/portal/link/" + "x" * 43
OVER = "doesn’t open anything any more"


async def a_link(api: Api, world: World, rfq: RfqDetails, vendor: Vendor) -> str:
    """The path of a link that an officer made."""
    officer = await world.an_officer()
    made = await api.as_(officer).call(e.link_to_rfq, {"vendor_id": str(vendor.id)}, path={"id": rfq.rfq.id})
    assert isinstance(made, VendorLinkOut)
    return made.url[made.url.index("/portal/link/") :]


async def let_in(browser: Browser, page: Visit, mailbox: Mailbox, contact: Person) -> Visit:
    """Save a draft with the code that comes by mail."""
    form = page.form("/quote")
    asked = await browser.send(form, do="save")
    await mailbox.collect()
    return await browser.send(asked.reader.forms[-2], at=form.action, code=mailbox.newest(contact).code)


async def test_looking_at_a_link_consumes_nothing_and_sets_nothing(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    path = await a_link(api, world, rfq, vendor)
    before = await world.events_of(contact.id)
    async with a_browser(api) as browser:
        for _ in range(10):
            page = await browser.get(path)
            assert rfq.rfq.number in page.words
            assert page.headers["referrer-policy"] == "strict-origin"
            assert '<meta name="referrer" content="strict-origin">' in page.html
            assert "set-cookie" not in page.headers
            assert (await browser.client.head(path)).status_code == 200
        assert (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).response.url.path == "/portal/new-link"
        assert page.forms("/quote"), "still good"
    assert await world.events_of(contact.id) == before


async def test_a_code_is_tried_five_times_and_asked_for_five_times_an_hour(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    path = await a_link(api, world, rfq, vendor)
    async with a_browser(api) as browser:
        form = (await browser.get(path)).form("/quote")
        asked = await browser.send(form, do="save")
        await mailbox.collect()
        right, door = mailbox.newest(contact).code, asked.reader.forms[-2]
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        answers = [await browser.send(door, at=form.action, code=wrong) for _ in range(5)]
        answers.append(await browser.send(door, at=form.action, code=right))
        assert {each.status for each in answers} == {422}
        assert len({each.words for each in answers}) == 1, "the sixth says what the first said"
        assert (await browser.get("/portal")).response.url.path == "/portal/new-link"
        for again in ("", "", "", "1", "1", "1"):
            asked = await browser.send(form, do="save", again=again)
            assert "six-digit code" in asked.words
            assert "No more codes until" not in asked.words
        for _ in range(2):
            assert "No more codes until" in (await browser.send(form, do="save", again="1")).words
        await mailbox.collect()
    codes = [each for each in mailbox.received if "is your code" in each.text]
    assert len(codes) == 5
    assert (await world.events_of(contact.id)).count("portal.code_spent") == 1


async def test_a_code_counts_only_with_its_link_and_browser_and_for_ten_minutes(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    (first, contact), (second, _) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[first, second])
    mine, theirs = await a_link(api, world, rfq, first), await a_link(api, world, rfq, second)
    async with a_browser(api) as browser, a_browser(api) as other:
        form = (await browser.get(mine)).form("/quote")
        door = (await browser.send(form, do="save")).reader.forms[-2]
        elsewhere = (await other.send(form, do="save")).reader.forms[-2]
        await mailbox.collect()
        codes = [each.code for each in mailbox.received if each.to == contact.email and "code" in each.text]
        assert (await other.send(elsewhere, at=form.action, code=codes[0])).status == 422, (
            "another browser's code"
        )
        link = theirs.rpartition("/")[2]
        assert (await browser.send(door, at=form.action, code=codes[0], link=link)).status == 422, (
            "another link"
        )
    async with a_browser(api) as late:
        door = (await late.send(form, do="save")).reader.forms[-2]
        await mailbox.collect()
        api.app.state.services.edge._clock = FixedClock(world.now + dt.timedelta(minutes=11))
        assert (await late.send(door, at=form.action, code=mailbox.newest(contact).code)).status == 422


async def test_another_vendors_things_are_not_there(api: Api, world: World, mailbox: Mailbox) -> None:
    (first, contact), (second, other) = await world.a_vendor(), await world.a_vendor()
    rfq, foreign = await world.an_rfq(to=[first]), await world.an_rfq(to=[second])
    order = await world.an_order(vendor=second, contact=other)
    async with a_browser(api) as browser:
        page = await browser.get(await a_link(api, world, rfq, first))
        inside = await let_in(browser, page, mailbox, contact)
        assert "Nothing was sent yet." in inside.words
        nothing = await browser.get("/portal/rfqs/01939d0c-7a10-7000-8000-000000000001")
        for path in (f"/portal/rfqs/{foreign.rfq.id}", f"/portal/rfqs/{order.order.id}"):
            found = await browser.get(path)
            assert (found.status, found.words) == (404, nothing.words)
        assert (await browser.get(f"/portal/orders/{order.order.id}")).status == 404
        for path in (f"/portal/orders/{order.order.id}/acknowledge", f"/portal/rfqs/{foreign.rfq.id}/quote"):
            answer = await browser.post(path, {"nonce": "1", "do": "send", "lines.0.price": "1"})
            assert answer.status_code == 404
        start = await browser.get("/portal")
        assert rfq.rfq.number in start.words
        assert foreign.rfq.number not in start.html
        assert second.name not in start.html


async def test_old_revoked_replaced_and_unknown_links_open_nothing(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    officer = api.as_(await world.an_officer())
    replaced = await a_link(api, world, rfq, vendor)
    made = await officer.call(e.link_to_rfq, {"vendor_id": str(vendor.id)}, path={"id": rfq.rfq.id})
    assert isinstance(made, VendorLinkOut)
    path = made.url[made.url.index("/portal/link/") :]
    async with a_browser(api) as browser:
        assert rfq.rfq.number in (await browser.get(path)).words
        await officer.call(e.revoke_vendor_link, path={"id": made.id})
        for old in (replaced, path, NOBODY, "/portal/link/%00", "/portal/link/' OR 1=1"):
            page = await browser.get(old)
            assert page.status == 404, old
            assert OVER in page.words, old
            assert rfq.rfq.number not in page.html
        fresh = await a_link(api, world, rfq, vendor)
        await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(contact.id))
        assert (await browser.get(fresh)).status == 404


async def test_a_link_by_hand_ends_no_mailed_one_and_revoking_ends_all(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    [mail] = await mailbox.collect()
    officer = api.as_(await world.an_officer())
    made = await officer.call(e.link_to_rfq, {"vendor_id": str(vendor.id)}, path={"id": rfq.rfq.id})
    assert isinstance(made, VendorLinkOut)
    async with a_browser(api) as browser:
        assert (await browser.get(mail.link)).status == 200, "just mailed"
        await officer.call(e.revoke_vendor_link, path={"id": made.id})
        assert (await browser.get(mail.link)).status == 404
        for typed in ({"secret": mail.link.rpartition("/")[2]}, {"email": contact.email or ""}):
            await browser.post("/portal/new-link", typed)
        soon = MoveDeadline(rfq.rfq.id, world.now + dt.timedelta(days=9), None)
        await world.act(await world.an_officer(), amendments.move_deadline, soon)
        assert await mailbox.collect() == [], "no mail takes a new one along"
        assert rfq.rfq.number in (await browser.get(await a_link(api, world, rfq, vendor))).words


async def test_five_new_links_an_hour_are_sent_however_many_there_are(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    vendor, _ = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    path = ""
    for _ in range(6):
        path = await a_link(api, world, rfq, vendor)
    await mailbox.collect()
    async with a_browser(api) as browser:
        for _ in range(7):
            await browser.post("/portal/new-link", {"secret": path.rpartition("/")[2]})
    assert len(await mailbox.collect()) == 5


async def test_no_link_is_made_for_whom_no_code_would_reach(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    async with world.engine.begin() as connection:
        await connection.execute(
            update(people_table).where(people_table.c.id == contact.id).values(email=None)
        )
    with pytest.raises(ProblemError, match="neither a chat nor an e-mail address"):
        await a_link(api, world, rfq, vendor)


async def test_a_new_link_is_promised_alike_and_sent_only_to_the_contact(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    path = await a_link(api, world, rfq, vendor)
    await mailbox.collect()
    requester = await world.a_requester()
    async with a_browser(api) as browser:
        secrets = [path.rpartition("/")[2], "x" * 43, ""]
        asked = [{"secret": each} for each in secrets]
        asked += [
            {"email": each} for each in (contact.email or "", requester.email or "", "nobody@example.com")
        ]
        answers = [await browser.post("/portal/new-link", each) for each in asked]
        assert {(each.status_code, each.headers["location"]) for each in answers} == {
            (303, "/portal/new-link?sent=1")
        }
    sent = await mailbox.collect()
    assert [each.to for each in sent] == [contact.email] * 2
    async with a_browser(api) as browser:
        for each in sent:
            assert rfq.rfq.number in (await browser.get(each.link)).words


async def test_a_colleague_gets_a_link_of_their_own_and_strangers_are_not_told_apart(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    await mailbox.collect()
    requester = await world.a_requester()
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get("/portal/record")).form("/colleague")
        form.fields["about"] = f"rfq:{rfq.rfq.id}"
        told = {
            (await browser.send(form, name="Nadja", email=email)).words
            for email in ("nadja@vendor.example", requester.email or "", contact.email or "")
        }
        assert len(told) == 1
        refused = await browser.send(form, name="Nadja", email="not an address")
        assert refused.status == 422
        assert refused.form("/colleague").fields["email"] == "not an address"
    sent = await mailbox.collect()
    assert sorted(each.to for each in sent) == sorted(["nadja@vendor.example", contact.email or ""])
    async with a_browser(api) as browser:
        link = next(each.link for each in sent if each.to == "nadja@vendor.example")
        assert rfq.rfq.number in (await browser.get(link)).words


@pytest.mark.parametrize("role", [Role.requester, Role.officer, Role.admin])
async def test_staff_find_no_portal(api: Api, world: World, role: Role) -> None:
    async with browser_of(api, world, await world.the(role)) as browser:
        for path in ("/portal", "/portal/record", "/portal/rfqs/01939d0c-7a10-7000-8000-000000000001"):
            assert (await browser.get(path)).status == 404


async def test_a_link_is_only_made_for_a_vendor_who_is_asked(api: Api, world: World) -> None:
    (asked, _), (other, _) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[asked])
    officer = api.as_(await world.an_officer())
    with pytest.raises(ProblemError, match="404"):
        await officer.call(e.link_to_rfq, {"vendor_id": str(other.id)}, path={"id": rfq.rfq.id})
    with pytest.raises(ProblemError, match="404"):
        await officer.call(e.link_to_order, {"vendor_id": str(asked.id)}, path={"id": rfq.rfq.id})


async def test_a_contact_who_logs_in_from_a_chat_finds_the_portal(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    async with browser_of(api, world, contact) as browser:
        assert '<a href="/portal">' in (await browser.get("/home")).html
        assert rfq.rfq.number in (await browser.get("/portal")).words


async def test_a_browser_that_says_only_its_origin_sends_forms(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    """A policy that hides the origin too would make such a browser say ``null``, and lock it out."""
    vendor, _ = await world.a_vendor()
    path = await a_link(api, world, await world.an_rfq(to=[vendor]), vendor)
    async with a_browser(api) as browser:
        form = (await browser.get(path)).form("/quote")
        for origin, status in (
            (str(browser.client.base_url), 200),
            ("null", 403),
            ("https://x.example", 403),
        ):
            headers = {"Origin": origin.rstrip("/")}
            answer = await browser.client.post(form.action, data=form.fields, headers=headers)
            assert answer.status_code == status, origin
