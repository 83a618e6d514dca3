"""Erasing a person: their name stands in no table, and the log is still what it was, with all its proofs."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from core.access.actor import Actor, Channel, Evidence
from core.access.roles import Role
from core.audit import log_proofs
from core.audit.log_proofs import EventProof
from core.comments import service as comments
from core.comments.commands import AddComment
from core.erasures.commands import ErasePerson
from core.erasures.name_sweep import pattern_of
from core.erasures.service import erase_person
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId, new_id
from core.log.commitments import COMMITTED, commitment
from core.people import service
from core.people.commands import EnablePerson
from core.people.errors import LastAdministrator
from core.people.model import Person
from core.people.repo import as_actor
from core.requests.model import RequestDetails
from tests.core.log.log_env import LogEnv, noted
from tests.support.postgres import Database
from tests.support.world import ADMINISTRATOR, World

CHAT, MESSAGE = "7700112233", "4711"


@dataclass(frozen=True)
class Before:
    """Somebody who has done things, in a chat too; others have written about them."""

    person: Person
    request: RequestDetails
    log_env: LogEnv

    @property
    def in_chat(self) -> Actor:
        return as_actor(self.person).with_call(Channel.telegram, Evidence(CHAT, MESSAGE), "correlation")


@pytest.fixture
async def before(world: World, database: Database) -> AsyncIterator[Before]:
    log_env = LogEnv(database)
    request = await world.a_request()
    person = await world.person(request.request.requested_by)
    await database.hand.execute(
        "UPDATE people SET name = 'Rosa Quintana-Ruiz', email = 'rosa.q@example.com' WHERE id = $1", person.id
    )
    person = await world.person(person.id)
    found = Before(person, request, log_env)
    await database.hand.execute(
        "INSERT INTO chat_identities (id, platform, external_id, person_id, display_name, linked_at)"
        " VALUES ($1, 'telegram', $2, $3, 'Rosa Quintana-Ruiz', now())",
        new_id(),
        CHAT,
        person.id,
    )
    await world.act(found.in_chat, comments.add_comment, AddComment(request.request.id, "from my chat"))
    words = "Ask rosa quintana-ruiz, or write to Rosa.Q@example.com."
    await world.act(await world.an_officer(), comments.add_comment, AddComment(request.request.id, words))
    await database.hand.execute(
        "UPDATE request_lines SET description = 'A chair for rosa quintana-ruiz (Rosa.Q@example.com)'"
        " WHERE id = (SELECT id FROM request_lines LIMIT 1)"
    )
    await log_env.seal()
    yield found
    await log_env.close()


async def proofs(world: World, before: Before) -> list[EventProof]:
    """All events of the purchase, as an auditor takes them along."""
    auditor = await world.an_auditor()
    found = await world.act(auditor, log_proofs.bundle, before.request.request.id)
    return [each for part in found.parts() for each in await world.act(auditor, log_proofs.prove_part, part)]


async def tables_with(database: Database, *words: str) -> dict[str, int]:
    """In how many rows of each table any of these words stands, in any column, whatever its case."""
    tables = await database.hand.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    found = {}
    for (table,) in tables:
        rows = await database.hand.fetch(f'SELECT row_to_json(t)::text AS row FROM "{table}" AS t')
        count = sum(any(word.lower() in row["row"].lower() for word in words) for row in rows)
        if count:
            found[table] = count
    return found


async def test_their_name_stands_in_no_table_but_those_that_the_event_names(
    world: World, database: Database, before: Before
) -> None:
    personal = (before.person.name, before.person.email or "", CHAT)
    assert {"people", "chat_identities", "request_comments"} <= (
        await tables_with(database, *personal)
    ).keys()
    erased = await world.act(ADMINISTRATOR, erase_person, ErasePerson(before.person.id))
    assert (erased.active, erased.email, erased.name.startswith("erased-")) == (False, None, True)
    event = json.loads(
        await database.hand.fetchval("SELECT data FROM audit_events WHERE type = 'person.erased'")
    )
    kept = {"audit_events": 1, "request_comments": 1}
    assert await tables_with(database, *personal) == event["kept"] == kept, (
        "what others wrote, once and for all"
    )
    assert event["replaced"] == {"request_lines": 1}
    assert (event["destroyed"], event["ground"]) == (2, "GDPR Art. 17(3)(b)")
    text = await database.hand.fetchval("SELECT description FROM request_lines")
    assert text == f"A chair for {erased.name} ({erased.name})"


async def test_the_log_is_verified_before_and_after(world: World, before: Before) -> None:
    first = await before.log_env.verdict()
    kept = await before.log_env.publish()
    await world.act(ADMINISTRATOR, erase_person, ErasePerson(before.person.id))
    await before.log_env.seal()
    after = await before.log_env.verdict([kept])
    assert (first.ok, after.ok, after.problem) == (True, True, None)
    assert after.events > first.events


async def test_chat_and_message_are_commitments_that_an_auditor_can_open_until_then(
    world: World, database: Database, before: Before
) -> None:
    (event,) = [each for each in await proofs(world, before) if each.personal]
    hashed = json.loads(event.canonical)
    assert CHAT not in event.canonical
    assert [(each.field, each.value) for each in event.personal] == [
        ("chat_id", CHAT),
        ("message_id", MESSAGE),
    ]
    for each in event.personal:
        assert hashed[each.field] == commitment(each.salt, each.value)
        assert hashed[each.field].startswith(COMMITTED)
    stored = await database.hand.fetch("SELECT sealed, salt FROM personal_values")
    assert not any(CHAT.encode() in row["sealed"] for row in stored)
    await world.act(ADMINISTRATOR, erase_person, ErasePerson(before.person.id))
    (again,) = [each for each in await proofs(world, before) if each.event.id == event.event.id]
    assert (again.personal, again.canonical) == ((), event.canonical)
    key = "SELECT personal_key FROM people WHERE id = $1"
    assert await database.hand.fetchval(key, before.person.id) is None
    assert await database.hand.fetchval("SELECT count(*) FROM personal_values") == 0


async def test_a_value_that_was_being_written_meanwhile_is_not_kept(
    database: Database, before: Before
) -> None:
    hand, person = database.hand, before.person.id

    async def write() -> None:
        async with before.log_env.transaction(before.in_chat) as uow:
            await uow.record(noted("written meanwhile"))

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks, hand.transaction():
        await hand.execute("SELECT FROM people WHERE id = $1 FOR UPDATE", person)
        tasks.create_task(write())
        while not await hand.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
        await hand.execute("DELETE FROM personal_values")
        await hand.execute("UPDATE people SET personal_key = NULL WHERE id = $1", person)
    assert await hand.fetchval("SELECT count(*) FROM audit_events WHERE type = $1", noted("x").type) == 1
    assert await hand.fetchval("SELECT count(*) FROM personal_values") == 0


async def test_nobody_who_was_erased_comes_back(world: World, before: Before) -> None:
    erase = ErasePerson(before.person.id)
    erased = await world.act(ADMINISTRATOR, erase_person, erase)
    assert await world.act(ADMINISTRATOR, erase_person, erase) == erased, "a second time changes nothing"
    with pytest.raises(NotFound):
        await world.act(ADMINISTRATOR, service.enable_person, EnablePerson(before.person.id))
    with pytest.raises(NotFound):
        await world.act(ADMINISTRATOR, erase_person, ErasePerson(PersonId(new_id())))


async def test_the_last_administrator_cannot_be_erased(world: World) -> None:
    admin = await world.an_admin()
    with pytest.raises(LastAdministrator):
        await world.act(admin, erase_person, ErasePerson(admin.id))


async def test_somebody_else_of_the_same_name_keeps_it(
    world: World, database: Database, before: Before
) -> None:
    other = await world.a_person(Role.requester)
    await database.hand.execute(
        "UPDATE people SET name = $2, email = 'jo-rosa.q@example.com' WHERE id = $1",
        other.id,
        before.person.name,
    )
    await world.act(ADMINISTRATOR, erase_person, ErasePerson(before.person.id))
    left = await world.person(other.id)
    assert (left.name, left.email) == (before.person.name, "jo-rosa.q@example.com")


NAMED, MAIL = "Ann (Lee) Ray", "ann@acme.example"


@pytest.mark.parametrize(
    ("name", "email", "words", "is_found"),
    [
        (NAMED, MAIL, "Ask ann (lee) ray.", True),
        (NAMED, MAIL, "Mail to:ANN@acme.example.", True),
        (NAMED, MAIL, json.dumps(f"Hello\n{NAMED}\t{MAIL}"), True),
        ("Ann Lee", MAIL, "Joann Lee, Ann Lees, Ann Lee-Smith", False),
        ("Ann Lee", MAIL, "jo-ann@acme.example jo.ann@acme.example ann@acme.example.org", False),
        ("May", MAIL, "May I?", False),
    ],
)
async def test_only_whole_names_of_more_than_one_word_and_whole_addresses_are_looked_for(
    world: World, database: Database, name: str, email: str, words: str, *, is_found: bool
) -> None:
    person = replace(await world.a_person(Role.requester), name=name, email=email)
    assert await database.hand.fetchval("SELECT $1::text ~ $2::text", words, pattern_of(person)) is is_found


async def test_nothing_is_looked_for_of_a_name_of_one_word_without_an_address(world: World) -> None:
    person = replace(await world.a_person(Role.requester), name="May", email=None)
    assert pattern_of(person) is None
