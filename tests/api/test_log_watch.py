"""What the API knows of the log from outside the database: the readiness says so, and a verification asks it."""

from pathlib import Path

import httpx2
import pytest

from api.contract import endpoints as e
from core.log.notes import Checkpoint, sign
from tests.api.test_log_proofs import published
from tests.support.api import Api, ProblemError
from tests.support.postgres import Database
from tests.support.world import World

EMPTIED = "DELETE FROM deliveries; DELETE FROM audit_events; DELETE FROM checkpoints"
CUT = "DELETE FROM audit_events WHERE position > 2; DELETE FROM checkpoints"
REWRITTEN = (
    "UPDATE audit_events SET chain = sha256(chain) WHERE position > 2;"
    "UPDATE checkpoints SET root = sha256(root), chain = sha256(chain)"
)
LOST = {"emptied": (EMPTIED, 1), "cut": (CUT, 3), "rewritten": (REWRITTEN, 3)}


async def burgle(database: Database, statements: str) -> None:
    """As whoever owns the machine, with nothing left in the database that contradicts it."""
    await database.hand.execute(
        f"SET session_replication_role = replica; {statements}; SET session_replication_role = origin"
    )


async def ready(api: Api) -> tuple[int, str, str]:
    answer: httpx2.Response = await api.send("GET", "/health/ready")
    return answer.status_code, answer.json()["status"], answer.json()["checks"]["log"]


def newest_note(api: Api, size: int, root: bytes) -> Checkpoint:
    return sign(size, root, api.app.state.keys.current.private)


@pytest.fixture
def folder(api: Api, tmp_path: Path) -> Path:
    """The folder for checkpoints that this API reads."""
    api.app.state.services.log_watch._folders = [("the copy of the checkpoints", tmp_path)]
    return tmp_path


@pytest.mark.parametrize("loss", LOST)
async def test_a_process_that_saw_the_log_says_what_was_lost(
    api: Api, world: World, database: Database, loss: str
) -> None:
    await world.a_request()
    await published(api, world, database)
    assert await ready(api) == (200, "ok", "ok")
    statements, position = LOST[loss]
    await burgle(database, statements)
    status, word, log = await ready(api)
    assert (status, word) == (200, "degraded"), "commands are still taken"
    assert "this process of the API has seen" in log
    verdict = await api.as_(await world.an_auditor()).call(e.verify_log)
    assert (verdict.ok, verdict.first_bad_position) == (False, position)


@pytest.mark.parametrize("loss", LOST)
async def test_a_checkpoint_in_a_folder_says_it_to_a_process_that_saw_nothing(
    api: Api, world: World, database: Database, folder: Path, loss: str
) -> None:
    await world.a_request()
    size = await published(api, world, database)
    root = await database.hand.fetchval("SELECT root FROM checkpoints")
    (folder / "latest.txt").write_text(newest_note(api, size, root).note)
    statements, position = LOST[loss]
    await burgle(database, statements)
    _, word, log = await ready(api)
    assert (word, log) == (
        "degraded",
        f"differs from the checkpoint of {size} events in the copy of the checkpoints",
    )
    verdict = await api.as_(await world.an_auditor()).call(e.verify_log)
    assert (verdict.ok, verdict.first_bad_position) == (False, position)
    asked = {each.name: each.newest for each in verdict.witnesses}
    assert asked["the copy of the checkpoints"] == size


async def test_a_file_that_is_no_checkpoint_is_told(
    api: Api, world: World, database: Database, folder: Path
) -> None:
    await world.a_request()
    await published(api, world, database)
    (folder / "latest.txt").write_text("parley/log\n1\n")
    _, word, log = await ready(api)
    assert (word, "latest.txt, which no key of ours has signed" in log) == ("degraded", True)
    assert not (await api.as_(await world.an_auditor()).call(e.verify_log)).ok


async def test_the_readiness_remembers_a_failed_verification_until_one_passes(
    api: Api, world: World, database: Database
) -> None:
    """An edited row is found by a verification alone."""
    await world.a_request()
    await published(api, world, database)
    auditor = api.as_(await world.an_auditor())
    await burgle(
        database, "UPDATE audit_events SET correlation_id = 'x' || correlation_id WHERE position = 2"
    )
    assert (await ready(api))[1] == "ok"
    assert not (await auditor.call(e.verify_log)).ok
    assert await ready(api) == (200, "degraded", "position 2: a column was changed after it was hashed")
    await burgle(
        database, "UPDATE audit_events SET correlation_id = substr(correlation_id, 2) WHERE position = 2"
    )
    assert (await auditor.call(e.verify_log)).ok
    assert (await ready(api))[1] == "ok"


async def test_a_caller_who_kept_a_checkpoint_has_it_compared(
    api: Api, world: World, database: Database
) -> None:
    await world.a_request()
    size = await published(api, world, database)
    root = await database.hand.fetchval("SELECT root FROM checkpoints")
    auditor = api.as_(await world.an_auditor())
    note = newest_note(api, size, root).note
    assert (await auditor.call(e.verify_log, query={"checkpoint": note})).ok
    await burgle(database, CUT)
    verdict = await auditor.call(e.verify_log, query={"checkpoint": note})
    assert (verdict.ok, verdict.first_bad_position) == (False, 3)
    for other in (newest_note(api, size, bytes(32)).note[:-9], "my checkpoint"):
        with pytest.raises(ProblemError) as refused:
            await auditor.call(e.verify_log, query={"checkpoint": other})
        assert (refused.value.status, refused.value.fields) == (422, ["/checkpoint"])
