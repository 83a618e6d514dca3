"""Links and codes in the core: what is stored, who may make them, and what becomes of old ones."""

import datetime as dt
import hashlib

import pytest
from sqlalchemy import func, select

from core.access.actor import Actor
from core.kernel.clock import FixedClock
from core.kernel.errors import MissingPermission, NotFound
from core.kernel.ids import LinkId, new_id
from core.people.model import Person
from core.uow import Uow
from core.vendor_links import policy, repo, service
from core.vendor_links.commands import MakeVendorLink, NameColleague, UseCode, WantCode
from core.vendor_links.model import CodeAttempt, LinkKind, LinkSubject, NewVendorLink
from core.vendor_links.tables import vendor_link_codes, vendor_links
from core.vendors.model import Vendor
from tests.support.world import World

NOBODY = Actor.anonymous()


async def linked(world: World) -> tuple[Vendor, Person, NewVendorLink]:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    command = MakeVendorLink(LinkSubject(LinkKind.rfq, rfq.rfq.id), vendor.id, None)
    return vendor, contact, await world.act(await world.an_officer(), service.make_link, command)


async def test_a_secret_and_a_code_are_stored_as_hashes_alone(world: World) -> None:
    _, contact, link = await linked(world)
    ticket = "t" * 43
    await world.act(NOBODY, service.want_code, WantCode(link.secret, ticket))

    async def make(uow: Uow, actor: Actor, _: None) -> str | None:
        code_id = await uow.connection.scalar(select(vendor_link_codes.c.id))
        assert code_id is not None
        return await service.new_code(uow, code_id)

    code = await world.act(NOBODY, make, None)
    assert code is not None
    assert len(code) == 6
    async with world.engine.connect() as connection:
        stored = (await connection.execute(select(vendor_link_codes))).one()
        kept = (await connection.execute(select(vendor_links))).one()
    for value in (stored.code_hash, stored.ticket_hash, kept.secret_hash):
        assert len(value) == 32
    assert stored.code_hash != hashlib.sha256(code.encode()).digest(), "the code alone does not lead to it"
    opened = await world.act(NOBODY, service.use_code, UseCode(link.secret, ticket, code, "Firefox"))
    assert opened is not None
    assert opened.person.id == contact.id
    again = await world.act(NOBODY, service.use_code, UseCode(link.secret, ticket, code, "Firefox"))
    assert again is None, "a code counts once"


def test_a_code_that_was_not_sent_yet_is_never_right() -> None:
    attempt = CodeAttempt(new_id(), LinkId(new_id()), None, 1)
    assert not policy.is_right(attempt, b"", "")
    assert all(len(policy.new_code()) == 6 for _ in range(50))


async def test_only_procurement_makes_links_and_only_to_what_it_sees(world: World) -> None:
    vendor, contact, link = await linked(world)
    about = LinkSubject(LinkKind.rfq, new_id())
    for person in (await world.a_requester(), contact):
        with pytest.raises(MissingPermission):
            await world.act(person, service.make_link, MakeVendorLink(about, vendor.id, None))
    with pytest.raises(NotFound):
        await world.act(await world.an_officer(), service.make_link, MakeVendorLink(about, vendor.id, None))
    with pytest.raises(NotFound):
        await world.act(contact, service.name_colleague, NameColleague("Nadja", "n@vendor.example", about))
    assert link.person_id == contact.id


async def test_old_links_and_codes_are_deleted_some_time_after_they_are_over(world: World) -> None:
    _, _, link = await linked(world)
    await world.act(NOBODY, service.want_code, WantCode(link.secret, "t" * 43))

    async def left(later: dt.timedelta) -> int:
        async with world.engine.begin() as connection:
            await repo.delete_expired(connection, world.now + later, policy.KEPT_AFTERWARDS)
            return await connection.scalar(select(func.count()).select_from(vendor_links)) or 0

    assert await left(policy.LINK_LIFE + dt.timedelta(days=1)) == 1, "its holder may ask for a new one"
    assert await left(policy.LINK_LIFE + policy.KEPT_AFTERWARDS + dt.timedelta(days=1)) == 0


async def test_a_link_opens_for_thirty_days(world: World) -> None:
    _, contact, link = await linked(world)
    assert (await world.act(NOBODY, service.open_link, link.secret)).person.id == contact.id
    world.clock = FixedClock(world.now + policy.LINK_LIFE)
    with pytest.raises(NotFound):
        await world.act(NOBODY, service.open_link, link.secret)


async def test_ten_codes_a_day_are_sent_and_no_more(world: World) -> None:
    """Whoever has the link alone gets fifty guesses a day, of a million."""
    _, _, link = await linked(world)
    begun = world.now
    for hour in range(12):
        world.clock = FixedClock(begun + dt.timedelta(hours=hour))
        for place in range(3):
            await world.act(NOBODY, service.want_code, WantCode(link.secret, f"{hour}-{place}".zfill(43)))
    async with world.engine.connect() as connection:
        asked = await connection.scalar(select(func.count()).select_from(vendor_link_codes))
    assert asked == policy.MOST_CODES_PER_DAY
