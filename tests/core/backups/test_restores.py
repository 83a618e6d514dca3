"""After a restore nothing that was given out in the lost time counts again, and the log says what is lost."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from core.accounts import links
from core.accounts.commands import MakeLink
from core.backups import policy, queries, service
from core.backups.commands import MarkRestore, NoteBackup
from core.backups.events import LogRestored
from core.db.counters import request_numbers
from core.kernel.errors import MissingPermission
from core.kernel.ids import new_id
from core.log.notes import Checkpoint
from core.people.tables import people
from core.uow import Uow
from tests.support.postgres import Database
from tests.support.uow import NOW, SmallCompany, begin


@pytest.fixture
async def company(database: Database) -> AsyncIterator[SmallCompany]:
    company = await SmallCompany.open(database)
    yield company
    await company.close()


async def marked(company: SmallCompany, command: MarkRestore) -> LogRestored:
    return await company.act(company.admin, service.mark_restored, command)


async def test_every_token_and_open_code_of_before_is_dead(company: SmallCompany) -> None:
    code = await company.act(company.admin, links.make_link, MakeLink(company.requester.person_id))
    assert code.code
    await marked(company, MarkRestore("20261123T000000Z", None))
    lowest = await company.scalar("SELECT min(epoch) FROM people")
    assert lowest == policy.epoch_at(company.clock.at)
    assert await company.scalar("SELECT count(*) FROM link_codes WHERE revoked_at IS NULL") == 0


async def test_a_second_restore_of_the_same_backup_ends_what_the_first_one_began(
    company: SmallCompany,
) -> None:
    first = await marked(company, MarkRestore("20261123T000000Z", None))
    epoch = await company.scalar("SELECT max(epoch) FROM people")
    async with company.owner.begin() as connection:
        await connection.execute(update(people).values(epoch=1))
    company.clock.at += dt.timedelta(seconds=1)
    second = await marked(company, MarkRestore("20261123T000000Z", None))
    assert isinstance(epoch, int)
    assert await company.scalar("SELECT min(epoch) FROM people") == epoch + 1
    assert (first.epoch, second.epoch) == (2, 3)


async def test_numbers_go_on_above_all_that_may_have_been_given_out(company: SmallCompany) -> None:
    async with company.owner.begin() as connection:
        given_out = [await connection.scalar(select(request_numbers.next_value())) for _ in range(3)]
    restored = await marked(company, MarkRestore("20261123T000000Z", Checkpoint(2_500, bytes(32), "")))
    skipped = {each.kind: each for each in restored.skipped_numbers}
    assert skipped["REQ"].first == given_out[-1] + 1
    assert skipped["REQ"].last == 4_000
    async with company.owner.begin() as connection:
        assert await connection.scalar(select(request_numbers.next_value())) == 4_001
    assert (skipped["PO-2026"].first, skipped["PO-2026"].last) == (1, 4_000)
    assert await company.scalar("SELECT last FROM number_counters WHERE kind = 'PO'") == 4_000


async def test_who_was_disabled_later_is_disabled_again(company: SmallCompany) -> None:
    gone, unknown = company.requester.person_id, new_id()
    assert gone is not None
    restored = await marked(company, MarkRestore("20261123T000000Z", None, frozenset({gone, unknown})))
    assert restored.disabled_again == (gone,)
    assert await company.scalar("SELECT active FROM people WHERE id = :id", id=gone) is False
    assert await company.events() == ["person.disabled", "log.restored"]


async def test_the_log_names_the_last_checkpoint_and_what_is_lost(company: SmallCompany) -> None:
    restored = await marked(company, MarkRestore("20261123T000000Z", Checkpoint(7, b"\1" * 32, "")))
    assert (restored.restored_size, restored.lost_from, restored.lost_to) == (0, 1, 7)
    assert (restored.checkpoint_size, restored.checkpoint_root) == (7, "01" * 32)


async def test_without_a_later_checkpoint_it_is_not_known_how_much_is_lost(company: SmallCompany) -> None:
    restored = await marked(company, MarkRestore("20261123T000000Z", None))
    assert (restored.lost_from, restored.lost_to, restored.checkpoint_size) == (1, None, None)


async def test_a_backup_is_noted_in_the_log_and_beside_it(company: SmallCompany) -> None:
    await company.act(company.admin, service.note_backup, NoteBackup("full", 12, 3_456))
    assert await company.events() == ["log.backed_up"]
    assert await company.scalar("SELECT made_at FROM backups WHERE log_size = 12") == NOW


async def test_only_administrators_back_up_and_restore(company: SmallCompany) -> None:
    with pytest.raises(MissingPermission):
        await company.act(company.officer, service.note_backup, NoteBackup("full", 1, 1))
    with pytest.raises(MissingPermission):
        await company.act(company.officer, service.mark_restored, MarkRestore("x", None))

    async def read(uow: Uow) -> None:
        await queries.log_sizes(uow, company.officer)

    async with begin(company.app, company.officer, company.clock) as uow:
        with pytest.raises(MissingPermission):
            await read(uow)


@pytest.mark.parametrize(
    ("last", "lost", "first"),
    [(0, 0, 1_001), (104, 0, 2_001), (1_000, 0, 2_001), (1_001, 0, 3_001), (5, 2_500, 4_001)],
)
def test_the_next_number_is_far_enough(last: int, lost: int, first: int) -> None:
    assert policy.first_number_after(last, lost) == first
    assert first > last + lost + policy.LEAST_SKIPPED - 1
