"""Verifying: whatever whoever owns the machine does to the log, an auditor is told where it begins to be false.

One sealed log of nine facts for the whole file, published at six; each test tampers with it in a transaction
that is rolled back, as the superuser and past all triggers.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from core.db.connection import Connection
from core.kernel.ids import new_id
from core.log.append import canonical_text
from core.log.notes import Checkpoint
from core.log.seal import GENESIS, next_link
from core.log.tables import audit_events
from core.log.verify import Verification, verify
from tests.core.log.log_env import LogEnv, checkpoint_of, somebody
from tests.support.postgres import PostgresServer, drop_database, make_database
from tests.support.world import World

FACTS, PUBLISHED = 9, 6
Log = tuple[LogEnv, Checkpoint]

EDITS = {
    "id": "gen_random_uuid()",
    "occurred_at": "occurred_at - interval '1 second'",
    "type": "'note.untaken'",
    "actor": "'somebody else'",
    "actor_kind": "'system'",
    "on_behalf_of": "NULL",
    "channel": "'web'",
    "chat_id": "'1002'",
    "message_id": "NULL",
    "subject_kind": "'order'",
    "subject_id": "gen_random_uuid()",
    "subject_version": "subject_version + 1",
    "request_id": "gen_random_uuid()",
    "data": """data || '{"amount": "1.00"}'""",
    "canonical": "replace(canonical, '12.50', '1.00')",
    "digest": "sha256('anything')",
    "correlation_id": "'correlation-2'",
    "causation_id": "gen_random_uuid()",
    "position": "1000",
    "chain": "sha256('anything')",
}
STRANGE = {
    "a number that JSON cannot keep": """data = '{"amount": 9007199254740993}'""",
    "a fraction": """data = '{"amount": 0.1e-400}'""",
    "no fields": "data = '[]'",
    "the end of time": "occurred_at = 'infinity'",
    "an empty text": "canonical = ''",
    "unsealed again": "position = NULL, chain = NULL",
}
OTHERS = ", ".join(c.name for c in audit_events.columns if c.name not in ("id", "seq", "position"))
CUTS = {
    "the first is deleted": ("DELETE FROM audit_events WHERE position = 1", 1),
    "one in the middle is deleted": ("DELETE FROM audit_events WHERE position = 5", 5),
    "one is deleted and the gap closed": (
        (
            "DELETE FROM audit_events WHERE position = 5;"
            "UPDATE audit_events SET position = position + 100 WHERE position > 5;"
            "UPDATE audit_events SET position = position - 101 WHERE position > 100"
        ),
        5,
    ),
    "two are swapped": (
        (
            "UPDATE audit_events SET position = 100 WHERE position = 3;"
            "UPDATE audit_events SET position = 3 WHERE position = 4;"
            "UPDATE audit_events SET position = 4 WHERE position = 100"
        ),
        3,
    ),
    "the contents of two are swapped": (
        (
            "UPDATE audit_events a SET data = b.data, canonical = b.canonical, digest = b.digest "
            "FROM audit_events b WHERE (a.position, b.position) IN ((3, 4), (4, 3))"
        ),
        3,
    ),
    "one is told a second time": (
        (
            "UPDATE audit_events SET position = position + 100 WHERE position > 5;"
            "UPDATE audit_events SET position = position - 99 WHERE position > 100;"
            f"INSERT INTO audit_events ({OTHERS}, id, seq, position) OVERRIDING SYSTEM VALUE "
            f"SELECT {OTHERS}, gen_random_uuid(), 5000, 6 FROM audit_events WHERE position = 5"
        ),
        6,
    ),
    "the tail is cut behind the checkpoint": (f"DELETE FROM audit_events WHERE position >= {PUBLISHED}", 6),
    "all is deleted": ("DELETE FROM audit_events", 1),
    "a checkpoint's root is changed": ("UPDATE checkpoints SET root = sha256('anything')", PUBLISHED),
    "a checkpoint's chain is changed": ("UPDATE checkpoints SET chain = sha256('anything')", PUBLISHED),
    "a checkpoint is made up": (
        "INSERT INTO checkpoints VALUES (4, sha256('anything'), sha256('anything'), '', now())",
        4,
    ),
    "a checkpoint of the future is made up": (
        "INSERT INTO checkpoints VALUES (99, sha256('anything'), sha256('anything'), '', now())",
        FACTS + 1,
    ),
}


@pytest.fixture(scope="module")
async def log(postgres_server: PostgresServer, migrated_template: str) -> AsyncIterator[Log]:
    """Nine sealed facts and the checkpoint that somebody else keeps."""
    database = await make_database(postgres_server, migrated_template)
    log_env = LogEnv(database)
    subject = new_id()
    for number in range(PUBLISHED):
        await log_env.write(f"fact {number}", subject=subject)
    await log_env.seal()
    kept = await log_env.publish()
    await log_env.write(*(f"fact {number}" for number in range(PUBLISHED, FACTS)), subject=subject)
    await log_env.seal()
    yield log_env, kept
    await log_env.close()
    await drop_database(database)


@pytest.fixture
async def burglar(log: Log) -> AsyncIterator[Connection]:
    """The machine's owner, whom no trigger and no right stops."""
    async with log[0].superuser.connect() as connection:
        await do(connection, "SET session_replication_role = replica")
        yield connection
        await connection.rollback()


async def do(burglar: Connection, statements: str) -> None:
    for statement in statements.split(";"):
        changed = await burglar.execute(text(statement.replace(":", "\\:")))
        assert changed.rowcount != 0, f"this changes nothing: {statement}"


def is_told(verdict: Verification, position: int) -> None:
    assert (verdict.ok, verdict.first_bad_position) == (False, position), verdict
    assert verdict.problem


async def test_an_untouched_log_holds_and_agrees_with_what_was_published(log: Log) -> None:
    log_env, kept = log
    verdict = await log_env.verdict([kept])
    assert (verdict.ok, verdict.events, verdict.unsealed) == (True, FACTS, 0)
    assert (verdict.first_bad_position, verdict.problem) == (None, None)
    assert verdict.checkpoint_position == PUBLISHED


async def test_a_whole_purchase_holds(log_env: LogEnv, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    sealed = await log_env.seal()
    verdict = await log_env.verdict()
    assert (verdict.ok, verdict.events, verdict.unsealed) == (True, sealed.events, 0)
    assert (await world.events_of(order.order.id))[-1] == "order.acknowledged"
    assert verdict.events == len(await log_env.rows("SELECT id FROM audit_events"))


def test_every_column_has_its_edit() -> None:
    """``seq`` is the waiting line before sealing, ``traceparent`` a caller's own: neither is evidence of anything."""
    assert set(EDITS) == {column.name for column in audit_events.columns} - {"seq", "traceparent"}


@pytest.mark.parametrize("column", EDITS)
async def test_an_edited_column_is_told(burglar: Connection, column: str) -> None:
    await do(burglar, f"UPDATE audit_events SET {column} = {EDITS[column]} WHERE position = 4")
    is_told(await verify(burglar), 4)


@pytest.mark.parametrize("change", STRANGE)
async def test_a_value_that_no_event_can_have_is_told_too(burglar: Connection, change: str) -> None:
    await do(burglar, f"UPDATE audit_events SET {STRANGE[change]} WHERE position = 4")
    is_told(await verify(burglar), 4)


@pytest.mark.parametrize("change", CUTS)
async def test_a_row_that_goes_comes_or_moves_is_told(burglar: Connection, change: str) -> None:
    statements, position = CUTS[change]
    await do(burglar, statements)
    is_told(await verify(burglar), position)


async def rewrite(burglar: Connection, first: int, change: Callable[[str], str]) -> None:
    """A careful burglar: columns, canonical text, digests and the whole chain are made to agree again."""
    rows = (await burglar.execute(text("SELECT * FROM audit_events ORDER BY position"))).all()
    chain = GENESIS
    for row in rows:
        canonical = row.canonical
        if row.position >= first:
            canonical = canonical_text(json.loads(change(canonical)))
        digest = hashlib.sha256(canonical.encode()).digest()
        chain = next_link(chain, digest)
        await burglar.execute(
            text(
                "UPDATE audit_events SET canonical = CAST(:canonical AS text), digest = :digest, "
                "chain = :chain, data = CAST(CAST(:canonical AS text) AS jsonb)->'data' WHERE id = :id"
            ),
            {"canonical": canonical, "digest": digest, "chain": chain, "id": row.id},
        )


FORMS: dict[str, tuple[str, str]] = {
    "members in another order": ('"amount":"12.50","words":"fact 3"', '"words":"fact 3","amount":"12.50"'),
    "a member twice": ('"amount":"12.50"', '"amount":"1.00","amount":"12.50"'),
    "a space": ('"amount":"12.50"', '"amount": "12.50"'),
    "a letter written as an escape": ('"fact 3"', '"f\\u0061ct 3"'),
    "a line behind it": ('"type":"note.taken"}', '"type":"note.taken"}\n'),
    "a number with a fraction": ('"12.50"', "12.50"),
    "a number with a needless fraction": ('"12.50"', "12.0"),
    "a number with an exponent": ('"12.50"', "12e1"),
    "a number that JSON cannot keep": ('"12.50"', "9007199254740993"),
    "a time with another zone": ("+00:00", "Z"),
    "a subject in capitals": ('"note"', '"Note"'),
}
"""Texts that say the same to a reader of JSON, or nearly; none is the one that we would have hashed."""


@pytest.mark.parametrize("form", FORMS)
async def test_a_text_in_another_form_is_told_though_all_hashes_agree(burglar: Connection, form: str) -> None:
    before, after = FORMS[form]
    rows = (await burglar.execute(text("SELECT * FROM audit_events ORDER BY position"))).all()
    chain = GENESIS
    for row in rows:
        canonical = row.canonical.replace(before, after) if row.position == 4 else row.canonical
        assert (canonical != row.canonical) == (row.position == 4)
        digest = hashlib.sha256(canonical.encode()).digest()
        chain = next_link(chain, digest)
        await burglar.execute(
            text(
                "UPDATE audit_events SET canonical = CAST(:canonical AS text), digest = :digest, "
                "chain = :chain, data = CAST(CAST(:canonical AS text) AS jsonb)->'data' WHERE id = :id"
            ),
            {"canonical": canonical, "digest": digest, "chain": chain, "id": row.id},
        )
    await burglar.execute(text("DELETE FROM checkpoints"))
    verdict = await verify(burglar)
    is_told(verdict, 4)
    assert verdict.problem == "a column was changed after it was hashed"


async def test_an_edit_with_its_hash_but_not_the_chain_is_told(burglar: Connection) -> None:
    await rewrite(burglar, 4, lambda canonical: canonical.replace("12.50", "1.00"))
    await do(burglar, "UPDATE audit_events SET chain = sha256('anything') WHERE position = 4")
    is_told(await verify(burglar), 4)


async def test_a_rewritten_log_differs_from_its_checkpoint(burglar: Connection) -> None:
    await rewrite(burglar, 4, lambda canonical: canonical.replace("12.50", "1.00"))
    is_told(await verify(burglar), PUBLISHED)


async def test_a_log_rewritten_with_its_checkpoints_differs_only_from_the_one_outside(
    log: Log, burglar: Connection
) -> None:
    await rewrite(burglar, 4, lambda canonical: canonical.replace("12.50", "1.00"))
    await do(burglar, "DELETE FROM checkpoints")
    assert (await verify(burglar)).ok
    is_told(await verify(burglar, [somebody(log[1])]), PUBLISHED)


@pytest.mark.parametrize("left", [0, 5])
async def test_a_tail_cut_with_its_checkpoints_is_told_by_the_one_outside(
    log: Log, burglar: Connection, left: int
) -> None:
    await do(burglar, f"DELETE FROM audit_events WHERE position > {left}; DELETE FROM checkpoints")
    await do(burglar, f"SELECT setval('audit_events_seq_seq', {max(left, 1)}, {left > 0})")
    assert (await verify(burglar)).ok
    is_told(await verify(burglar, [somebody(log[1])]), left + 1)


async def test_a_tail_cut_and_grown_again_is_told_by_the_one_outside(log: Log, burglar: Connection) -> None:
    await do(burglar, "DELETE FROM checkpoints")
    await rewrite(burglar, PUBLISHED, lambda canonical: canonical.replace("fact 5", "fact five"))
    assert (await verify(burglar)).ok
    is_told(await verify(burglar, [somebody(log[1])]), PUBLISHED)


async def test_two_checkpoints_of_one_size_cannot_both_hold(log: Log, burglar: Connection) -> None:
    other = replace(await checkpoint_of(burglar), size=PUBLISHED)
    is_told(await verify(burglar, [somebody(log[1], other)]), PUBLISHED)


async def test_facts_that_wait_to_be_sealed_are_counted(log_env: LogEnv) -> None:
    await log_env.write("one", "two")
    assert (await log_env.verdict()).unsealed == 2
