"""Mails of the worker: never lost, once, in the reader's language, and only to whom no chat reaches."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink, UseLink
from core.completions.events import CompletionAsked
from core.kernel.clock import FixedClock
from core.log.deliveries import LEASE
from core.mails.repo import CLAIM_LIFE
from core.mails.tables import mails
from core.notifications import preferences
from core.notifications.preferences import ChangePreferences
from core.order_changes import service as order_changes
from core.order_changes.commands import AskToCallOff
from core.people.model import Person
from core.quotes.events import QuoteRejected
from core.receipts.events import GoodsReturned, OrderClosedShort
from core.vendor_links import service as vendor_links
from core.vendor_links.commands import MakeVendorLink, WantCode
from core.vendor_links.model import LinkKind, LinkSubject
from tests.support.mailbox import Mailbox, mailbox_of
from tests.support.postgres import Database
from tests.support.world import World
from workers.mails.mail_sender import WHOLE_SECONDS
from workers.outcome import DeliveryFailed
from workers.subscribers.send_mails import SUBSCRIBES_TO


@pytest.fixture
async def mailbox(world: World, database: Database) -> AsyncIterator[Mailbox]:
    async with mailbox_of(world, database) as opened:
        yield opened


async def connected(world: World, person: Person) -> None:
    """This person has a chat."""
    made = await world.act(person, links.make_link, MakeLink(None))
    use = UseLink(made.code, "telegram", str(person.id.int % 10**9), "Ben", "")
    await world.act(Actor.service(Role.service_bot), links.confirm_link, use)


async def test_a_mail_that_was_not_taken_is_sent_later_and_then_never_again(
    world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    await world.an_rfq(to=[vendor])
    mailbox.broken = True
    assert await mailbox.collect() == []
    mailbox.broken = False
    [mail] = await mailbox.collect()
    assert mail.to == contact.email
    for _ in range(3):
        assert await mailbox.collect() == []


async def test_whoever_has_a_chat_gets_no_mail(world: World, mailbox: Mailbox) -> None:
    (chatting, reached), (other, contact) = await world.a_vendor(), await world.a_vendor()
    await connected(world, reached)
    mailbox.runtime = mailbox.with_chat("telegram")
    await world.an_rfq(to=[chatting, other])
    assert [each.to for each in await mailbox.collect()] == [contact.email]


async def test_mails_are_in_the_readers_language_and_say_so(world: World, mailbox: Mailbox) -> None:
    vendor, contact = await world.a_vendor()
    german = ChangePreferences(frozenset({"locale"}), locale="de")
    await world.act(contact, preferences.change_preferences, german)
    rfq = await world.an_rfq(to=[vendor])
    [mail] = await mailbox.collect()
    assert rfq.rfq.number in mail.subject
    assert "Sie brauchen weder Konto noch Passwort" in mail.text
    assert mail.message["Content-Language"] == "de"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.link


async def test_what_people_write_adds_no_header(world: World, mailbox: Mailbox) -> None:
    vendor, _ = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor], quote_by=dt.timedelta(days=2))
    await mailbox.collect()
    async with world.engine.begin() as connection:
        await connection.script("UPDATE organisation SET name = E'North\\r\\nBcc: all@evil.example'")
    again = await world.an_rfq(to=[vendor])
    [mail] = [each for each in await mailbox.collect() if again.rfq.number in each.text]
    assert mail.message["Bcc"] is None
    assert "\n" not in mail.subject
    assert rfq.rfq.number != again.rfq.number


async def test_a_mail_that_another_worker_sends_is_left_to_it(world: World, mailbox: Mailbox) -> None:
    vendor, _ = await world.a_vendor()
    await world.an_rfq(to=[vendor])
    mailbox.broken = True
    await mailbox.collect()
    async with world.engine.begin() as connection:
        await connection.script(f"UPDATE mails SET claimed_at = '{world.now.isoformat()}'")
    mailbox.broken = False
    with pytest.raises(DeliveryFailed, match="another worker"):
        await mailbox.collect()
    assert mailbox.received == []
    world.clock = FixedClock(world.now + CLAIM_LIFE)
    assert len(await mailbox.collect()) == 1


def test_one_mail_takes_less_time_than_its_claim_and_its_lease() -> None:
    assert dt.timedelta(seconds=WHOLE_SECONDS) < min(CLAIM_LIFE, LEASE)


async def test_a_code_is_not_in_the_subject_and_another_code_is_another_mail(
    world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    command = MakeVendorLink(LinkSubject(LinkKind.rfq, rfq.rfq.id), vendor.id, None)
    link = await world.act(await world.an_officer(), vendor_links.make_link, command)
    await mailbox.collect()
    ids = set()
    for ticket in ("a" * 43, "b" * 43):
        await world.act(Actor.anonymous(), vendor_links.want_code, WantCode(link.secret, ticket))
        mail = (await mailbox.collect())[-1]
        assert mail.code in mail.text
        assert mail.code not in mail.subject
        assert mail.subject.startswith("Your code for")
        ids.add(mail.message["Message-ID"])
        async with world.engine.connect() as connection:
            stored = await connection.scalars(select(mails.c.id))
            assert not any(str(each) in mail.message["Message-ID"] for each in stored)
    assert len(ids) == 2
    assert mail.to == contact.email


async def test_whoever_has_no_chat_is_told_what_the_buyer_does(world: World, mailbox: Mailbox) -> None:
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact, acknowledged=True)).order
    await mailbox.collect()
    officer = await world.an_officer()
    ask = AskToCallOff(order.id, "We moved.", None)
    await world.act(officer, order_changes.ask_to_call_off, ask)
    [mail] = await mailbox.collect()
    assert mail.to == contact.email
    assert f"would like to call off {order.number}: We moved." in mail.text
    assert mail.link
    told = {CompletionAsked, GoodsReturned, OrderClosedShort, QuoteRejected}
    assert told <= set(SUBSCRIBES_TO)
