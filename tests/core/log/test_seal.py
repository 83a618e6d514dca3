"""Sealing: gap-free positions in the order of the commits, and nothing that was committed is lost."""

import asyncio
import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.db.locks import lock_purchase
from core.kernel.ids import new_id
from core.log import deliveries
from core.log.events import Event
from core.log.seal import BATCH, Subscriptions, seal
from core.uow import Uow
from tests.core.log.log_env import ROSA, LogEnv, noted

SEEDED = Actor.system(Role.system_notices, channel=Channel.seed)


class Withdrawn(Exception):
    """A command that ends in a rollback."""


async def test_facts_of_one_transaction_stand_in_the_order_in_which_they_happened(log_env: LogEnv) -> None:
    await log_env.write("one", "two", "three")
    assert (await log_env.seal()).events == 3
    assert await log_env.words() == ["one", "two", "three"]
    assert await log_env.positions() == [1, 2, 3]


async def test_a_transaction_that_commits_late_is_sealed_late_and_not_lost(log_env: LogEnv) -> None:
    async with log_env.app.begin() as connection:
        slow = Uow(connection, actor=ROSA, clock=log_env.clock, reactions={})
        await slow.record(noted("slow"))
        await slow.finish()
        await log_env.write("quick")
        await log_env.seal()
        assert await log_env.words() == ["quick"]
    assert (await log_env.seal()).events == 1
    assert await log_env.words() == ["quick", "slow"]
    assert (await log_env.verdict()).ok


async def test_a_rolled_back_command_leaves_no_fact(log_env: LogEnv) -> None:
    async def cut_short() -> None:
        async with log_env.transaction() as uow:
            await uow.record(noted("never"))
            await uow.finish()
            raise Withdrawn

    with pytest.raises(Withdrawn):
        await cut_short()
    await log_env.write("after")
    await log_env.seal()
    assert await log_env.words() == ["after"]
    assert await log_env.positions() == [1]


async def test_writers_rollbacks_and_two_sealers_at_once_leave_one_whole_chain(log_env: LogEnv) -> None:
    writing = True

    async def writer(number: int) -> list[str]:
        committed = []
        for turn in range(12):
            words = f"{number}.{turn}"
            try:
                async with log_env.transaction() as uow:
                    await uow.record(noted(words))
                    await uow.record(noted(f"{words}+"))
                    if turn % 4 == 3:
                        await uow.finish()
                        raise Withdrawn
            except Withdrawn:
                continue
            committed += [words, f"{words}+"]
        return committed

    async def sealer() -> int:
        sealed = 0
        while writing:
            sealed += (await log_env.seal()).events
            await asyncio.sleep(0.001)
        return sealed

    sealers = [asyncio.ensure_future(sealer()) for _ in range(2)]
    committed = [words for each in await asyncio.gather(*map(writer, range(10))) for words in each]
    writing = False
    sealed = sum(await asyncio.gather(*sealers)) + (await log_env.seal()).events
    assert sealed == len(committed) == 180
    assert sorted(await log_env.words()) == sorted(committed)
    assert await log_env.positions() == list(range(1, 181))
    assert (await log_env.verdict()).ok


async def test_facts_of_one_subject_stand_in_the_order_of_its_versions(log_env: LogEnv) -> None:
    """As every use case does: lock the subject, give it its next version, record."""
    subject, versions = new_id(), iter(range(40))

    async def change() -> None:
        async with log_env.transaction() as uow:
            await lock_purchase(uow.connection, subject)
            await uow.record(noted(str(next(versions)), subject))

    await asyncio.gather(*(change() for _ in range(40)), *(log_env.seal() for _ in range(3)))
    await log_env.seal()
    assert await log_env.words() == [str(version) for version in range(40)]


async def test_while_one_sealer_works_the_other_does_nothing(log_env: LogEnv) -> None:
    await log_env.write("one", "two")
    async with log_env.sealer.begin() as first:
        assert (await seal(first, Subscriptions({}), log_env.clock.now())).events == 2
        assert (await log_env.seal()).events == 0
    assert (await log_env.seal()).events == 0
    assert await log_env.positions() == [1, 2]


async def test_a_sealer_that_dies_leaves_nothing_half_done(log_env: LogEnv) -> None:
    await log_env.write("one", "two")
    wanted = Subscriptions({"note.taken": ["cards"]})
    async with log_env.sealer.connect() as dying:
        await seal(dying, wanted, log_env.clock.now())
        await dying.rollback()
    assert len((await log_env.seal(wanted)).delivery_ids) == 2
    assert await log_env.positions() == [1, 2]
    assert len(await log_env.rows("SELECT id FROM deliveries")) == 2


async def test_more_than_a_batch_is_sealed_in_steps(log_env: LogEnv) -> None:
    await log_env.write(*(str(number) for number in range(BATCH + 5)))
    assert [(await log_env.seal()).events for _ in range(3)] == [BATCH, 5, 0]
    assert await log_env.words() == [str(number) for number in range(BATCH + 5)]


async def test_each_link_is_the_hash_of_the_link_before_and_the_fact(log_env: LogEnv) -> None:
    await log_env.write("one", "two")
    await log_env.seal()
    await log_env.write("three")
    await log_env.seal()
    link = bytes(32)
    rows = await log_env.rows("SELECT canonical, chain FROM audit_events ORDER BY position")
    assert len(rows) == 3
    for row in rows:
        link = hashlib.sha256(link + hashlib.sha256(row.canonical.encode()).digest()).digest()
        assert row.chain == link


async def test_who_subscribes_gets_a_delivery_and_history_tells_nobody(log_env: LogEnv) -> None:
    subject = new_id()
    await log_env.write("one", subject=subject)
    await log_env.write("long ago", actor=SEEDED)
    wanted = {"note.taken": ["cards", "numbers"], "other": ["n8n"]}
    sealed = await log_env.seal(Subscriptions(wanted, projections=["numbers"]))
    rows = await log_env.rows("SELECT subscriber, subject, position, state FROM deliveries ORDER BY id")
    assert [tuple(row)[:1] + tuple(row)[2:] for row in rows] == [
        ("cards", 1, "due"),
        ("numbers", 2, "due"),
    ]
    assert rows[0].subject == f"note:{subject}"
    assert len(sealed.delivery_ids) == 2


@dataclass(frozen=True, kw_only=True)
class CardOnly(Event):
    """Something of a purchase that changes its cards and not its topic."""

    type: ClassVar[str] = "card.only"
    subject_kind: ClassVar[str] = "note"


PER_PURCHASE = Subscriptions(
    {"note.taken": ("cards", "topics"), "card.only": ("cards",)}, per_purchase=("cards", "topics")
)


async def test_a_newer_delivery_takes_the_place_of_an_older_one_of_its_own_subscriber_only(
    log_env: LogEnv,
) -> None:
    first = noted("one")
    async with log_env.transaction() as uow:
        await uow.record(first)
    await log_env.seal(PER_PURCHASE)
    async with log_env.transaction() as uow:
        await uow.record(CardOnly(subject_id=new_id(), subject_version=1, request_id=first.request_id))
    await log_env.seal(PER_PURCHASE)
    rows = await log_env.rows("SELECT subscriber, state FROM deliveries ORDER BY position, subscriber")
    assert [tuple(row) for row in rows] == [("cards", "skipped"), ("topics", "due"), ("cards", "due")]


async def test_of_a_purchases_events_that_are_sealed_together_one_delivery_stands_for_all(
    log_env: LogEnv,
) -> None:
    first = noted("one")
    async with log_env.transaction() as uow:
        for event in (first, replace(first, words="two"), replace(first, words="three")):
            await uow.record(event)
    await log_env.seal(PER_PURCHASE)
    rows = await log_env.rows("SELECT subscriber, position FROM deliveries ORDER BY subscriber")
    assert [tuple(row) for row in rows] == [("cards", 3), ("topics", 3)]


async def test_what_waits_for_a_busy_chat_gives_way_to_a_newer_one(log_env: LogEnv) -> None:
    first = noted("one")
    async with log_env.transaction() as uow:
        await uow.record(first)
    (older, _) = (await log_env.seal(PER_PURCHASE)).delivery_ids
    async with log_env.app.begin() as connection:
        (claimed,) = await deliveries.claim(connection, [older], log_env.clock.now())
    async with log_env.transaction() as uow:
        await uow.record(replace(first, words="two"))
    await log_env.seal(PER_PURCHASE)
    async with log_env.app.begin() as connection:
        await deliveries.postpone(
            connection, claimed, log_env.clock.now() + dt.timedelta(minutes=1), "a pause"
        )
    rows = await log_env.rows("SELECT state FROM deliveries WHERE subscriber = 'cards' ORDER BY position")
    assert [row.state for row in rows] == ["skipped", "due"]
