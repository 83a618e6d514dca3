"""Mails of the worker: never lost, once, in the reader's language, and only to whom no chat reaches."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink, UseLink
from core.notifications import preferences
from core.notifications.preferences import ChangePreferences
from core.people.model import Person
from tests.support.mailbox import Mailbox, mailbox_of
from tests.support.postgres import Database
from tests.support.world import World


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
