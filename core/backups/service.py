"""The use cases of backups: note one that was made, and begin a new epoch after one was restored.

One rule: after a restore nothing that was given out between the backup and the loss counts again.

Sessions end, numbers go on above those that may be on paper, and an event in the log itself names the last
checkpoint and the positions that are lost.
"""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.backups import policy, repo
from core.backups.commands import MarkRestore, NoteBackup
from core.backups.events import LogBackedUp, LogRestored
from core.backups.model import SkippedNumbers
from core.log.epochs import THE_LOG
from core.people import service as people
from core.people.commands import DisablePerson
from core.uow import Uow


@requires(Permission.backups_make)
async def note_backup(uow: Uow, actor: Actor, command: NoteBackup) -> None:
    """Note a backup that was made and verified; alerts and the guard of upgrades read it."""
    backup_id = await repo.note(uow.connection, command, uow.now)
    await uow.record(
        LogBackedUp(subject_id=backup_id, subject_version=1, kind=command.kind, log_size=command.log_size)
    )


@requires(Permission.backups_restore)
async def mark_restored(uow: Uow, actor: Actor, command: MarkRestore) -> LogRestored:
    """Begin the epoch after a restore; returns the event that says what is lost."""
    sizes = await repo.log_sizes(uow.connection)
    checkpoint = command.checkpoint
    lost = max(checkpoint.size - sizes.sealed, 0) if checkpoint is not None else 0
    await repo.end_everything_open(uow.connection, policy.epoch_at(uow.now), uow.now)
    disabled = await repo.active_among(uow.connection, command.disabled)
    for person_id in disabled:
        await people.disable_person(uow, actor, DisablePerson(person_id))
    epoch = await repo.restores(uow.connection, LogRestored.type) + 2
    restored = LogRestored(
        subject_id=THE_LOG,
        subject_version=epoch,
        backup=command.backup,
        epoch=epoch,
        restored_size=sizes.sealed,
        checkpoint_size=checkpoint.size if checkpoint is not None else None,
        checkpoint_root=checkpoint.root.hex() if checkpoint is not None else None,
        lost_from=sizes.sealed + 1,
        lost_to=sizes.sealed + lost if lost else None,
        disabled_again=tuple(disabled),
        skipped_numbers=await _skip_numbers(uow, lost),
    )
    await uow.record(restored)
    return restored


async def _skip_numbers(uow: Uow, lost_events: int) -> tuple[SkippedNumbers, ...]:
    """Requests and RFQs count on from a round thousand, and so do the orders of this year and later ones."""
    skipped = []
    for kind, sequence in repo.SEQUENCES.items():
        first = await repo.last_of(uow.connection, sequence)
        last = policy.first_number_after(first, lost_events) - 1
        skipped.append(await repo.skip_to(uow.connection, kind, first, last))
    for kind, year, given_out in await repo.counters(uow.connection, uow.now.year):
        last = policy.first_number_after(given_out, lost_events) - 1
        await repo.set_counter(uow.connection, kind, year, last)
        skipped.append(SkippedNumbers(f"{kind}-{year}", given_out + 1, last))
    return tuple(skipped)
