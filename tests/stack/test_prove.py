"""What proofs stand on: counting, reports, the receiver that fails, and processes seen from outside."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import aiohttp
import pytest

from stack import ports
from stack.cli import DELIVERY_PARTS as PART_NAMES
from stack.cli import PROOFS as SUBJECTS
from stack.errors import StackError
from stack.json_files import write_json
from stack.paths import Paths
from stack.prove.faulty_receiver import FaultyReceiver, ReceiverFault, listen
from stack.prove.kept_promise import Promise, ProofReport
from stack.prove.live_services import LiveServices, until
from stack.prove.log_tampering import TAMPERINGS
from stack.prove.proof_installation import ProofInstallation
from stack.prove.prove_audit import ROLES, WAYS
from stack.prove.run_prove import PARTS, PROOFS, page_name
from stack.prove.tried import tried


def test_the_command_line_offers_every_proof() -> None:
    assert set(SUBJECTS) == {*PROOFS, "all"}
    assert [f"delivery:{name}" for name in PART_NAMES] == list(PARTS)


def test_a_page_is_named_by_what_was_tried() -> None:
    assert page_name(["races", "chats"]) == "races-chats"
    assert page_name(["delivery:kills", "delivery:redis"]) == "delivery-kills-redis"


def test_there_are_as_many_ways_to_cheat_as_are_promised() -> None:
    assert len(TAMPERINGS) >= 40
    assert len(WAYS) >= 12
    assert {"app", "vendor", "sealer", "reader", "owner"} == set(ROLES)


def test_a_promise_that_was_never_tried_is_not_kept() -> None:
    promise = Promise("Nothing is lost")
    assert not promise.kept
    assert promise.holds(True, "the first")
    assert promise.kept
    assert not promise.holds(False, "the second")
    assert (promise.attempts, promise.failures, promise.kept) == (2, ["the second"], False)


def test_a_report_names_what_failed_and_ends_as_a_failure() -> None:
    kept, broken = Promise("A", 3), Promise("B", 2, ["it was gone"], "2 kills")
    report = ProofReport("delivery", 7, True, (kept, broken), 12.0, "abc1234")
    page = report.as_markdown()
    assert not report.kept
    assert "| A | 3 | 0 |  |\n| B | 2 | 1 | 2 kills |" in page
    assert page.endswith("**B**\n\n- it was gone\n")
    assert "commit abc1234 · seed 7 · short form" in page
    assert ProofReport("delivery", 7, True, (kept,), 12.0, "abc1234").kept


@asynccontextmanager
async def posting(receiver: FaultyReceiver) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    port = ports.find_free()
    runner = await listen(receiver, port)
    try:
        async with aiohttp.ClientSession() as web:
            yield web, f"http://127.0.0.1:{port}/webhook/parley/rfq-sent"
    finally:
        await runner.cleanup()


async def test_the_receiver_counts_an_effect_only_for_what_it_took() -> None:
    receiver = FaultyReceiver(random.Random(1))
    async with posting(receiver) as (web, url):
        for fault in (ReceiverFault.error, ReceiverFault.away, ReceiverFault.not_found):
            receiver.share, receiver.faults = 1.0, (fault,)
            async with web.post(url, headers={"webhook-id": "e1"}) as answer:
                assert answer.status == int(fault)
        receiver.share = 0.0
        async with web.post(url, headers={"webhook-id": "e1"}) as answer:
            assert answer.status == 200
    assert (receiver.tries["e1"], receiver.effects["e1"]) == (4, 1)


@pytest.mark.parametrize("fault", [ReceiverFault.reset, ReceiverFault.half_body, ReceiverFault.timeout])
async def test_the_receiver_breaks_off(fault: ReceiverFault) -> None:
    receiver = FaultyReceiver(random.Random(1), share=1.0, faults=(fault,), timeout_seconds=0.01)
    async with posting(receiver) as (web, url):
        with pytest.raises(aiohttp.ClientError):
            async with web.post(url, headers={"webhook-id": "e1"}) as answer:
                await answer.read()
    assert receiver.effects["e1"] == 0


@pytest.mark.parametrize("fault", [ReceiverFault.too_many, ReceiverFault.gone])
async def test_the_receiver_notices_who_does_not_wait(fault: ReceiverFault) -> None:
    receiver = FaultyReceiver(random.Random(1), share=1.0, faults=(fault,))
    async with posting(receiver) as (web, url):
        for _ in range(2):
            async with web.post(url, headers={"webhook-id": "e1"}) as answer:
                assert answer.status == int(fault)
    assert receiver.early == ["e1"]


def test_a_service_is_back_when_another_process_is_ready(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path)
    paths.run.mkdir()

    def write(pid: int, state: str) -> None:
        write_json(paths.state, {"parts": {"api": {"state": state, "pid": pid}}})

    services = LiveServices(paths)
    for pid, state, back in (
        (7, "ready", False),
        (0, "restarting", False),
        (8, "starting", False),
        (8, "ready", True),
    ):
        write(pid, state)
        assert services.are_back({"api": 7}) is back


def test_a_service_that_is_not_running_cannot_be_ended(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path)
    paths.run.mkdir()
    write_json(paths.state, {"parts": {"api": {"state": "restarting", "pid": 0}}})
    with pytest.raises(StackError, match="api cannot be ended: it is not running"):
        LiveServices(paths).end("api")


async def test_waiting_ends_with_a_sentence() -> None:
    assert await until(lambda: True, "nothing") < 1
    with pytest.raises(StackError, match="waited 0 s for a train"):
        await until(lambda: False, "a train", 0.01)


async def test_a_proof_that_does_not_end_is_a_failure_and_stops_no_other() -> None:
    async def broken(installation: ProofInstallation) -> Sequence[Promise]:
        raise ExceptionGroup("several", [StackError("the worker is gone")])

    (promise,) = await tried("races", broken, cast("ProofInstallation", None))
    assert (promise.kept, promise.failures) == (False, ["StackError: the worker is gone"])
