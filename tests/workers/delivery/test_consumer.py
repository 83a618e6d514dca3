"""Hints are waited for in Redis: the next one wakes whoever has room, and a Redis that was away is found again."""

import asyncio
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from dramatiq import Consumer, MessageProxy, Worker

from stack.ports import find_free
from stack.services import redis as embedded
from stack.supervisor.launcher import die_with_parent
from workers.broker import HintBroker, Queue, make_broker, send_hints

PASSWORD = "a-redis-that-is-stopped"
PATIENCE = 30.0
LONG_MS = 4_000
"""Less than a call to Redis may take, and far more than it takes to be woken."""


def until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.fixture
def broker(redis_url: str) -> Iterator[HintBroker]:
    made = make_broker(redis_url)
    yield made
    made.close()


def waiting(broker: HintBroker, queue: Queue) -> int:
    """How many clients stand in Redis, blocked on this queue."""
    clients: list[dict[str, str]] = broker.client.client_list()
    return sum(client["cmd"] == "blmove" and "b" in client["flags"] for client in clients)


def take(consumer: Consumer) -> MessageProxy:
    """The next hint, however many waits end without one."""
    while (message := next(consumer)) is None:
        pass
    return message


def send_each(broker: HintBroker, *delivery_ids: str) -> None:
    """Each hint in a message of its own."""
    for delivery_id in delivery_ids:
        send_hints(broker, Queue.chats, [delivery_id])


def ids(message: MessageProxy) -> list[str]:
    hinted: list[str] = message.args[0]
    return hinted


def test_a_hint_wakes_the_one_who_waits(broker: HintBroker) -> None:
    consumer = broker.consume(Queue.chats, prefetch=4, timeout=LONG_MS)
    with ThreadPoolExecutor(1) as thread:
        taken = thread.submit(take, consumer)
        until(lambda: waiting(broker, Queue.chats) == 1)
        sent_at = time.monotonic()
        send_hints(broker, Queue.chats, ["a"])
        assert ids(taken.result(PATIENCE)) == ["a"]
    assert time.monotonic() - sent_at < LONG_MS / 1000, "the wait ended with the hint, not by itself"


def test_waiting_takes_nothing_and_two_that_wait_get_one_each(broker: HintBroker) -> None:
    consumers = [broker.consume(Queue.chats, prefetch=1, timeout=LONG_MS) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        taken = [threads.submit(take, consumer) for consumer in consumers]
        until(lambda: waiting(broker, Queue.chats) == 2)
        send_each(broker, "a", "b")
        assert sorted(ids(one.result(PATIENCE))[0] for one in taken) == ["a", "b"]


def test_hints_are_taken_in_the_order_in_which_they_were_sent(broker: HintBroker) -> None:
    consumer = broker.consume(Queue.chats, prefetch=1, timeout=50)
    send_each(broker, "a", "b", "c")
    seen = []
    for _ in range(3):
        message = take(consumer)
        seen += ids(message)
        consumer.ack(message)
    assert seen == ["a", "b", "c"]


def test_who_has_no_room_takes_no_more_until_one_is_finished(broker: HintBroker) -> None:
    consumer = broker.consume(Queue.chats, prefetch=1, timeout=50)
    send_each(broker, "a", "b")
    first = take(consumer)
    assert next(consumer) is None
    assert broker.client.llen(f"{broker.namespace}:{Queue.chats}") == 1
    with ThreadPoolExecutor(1) as thread:
        second = thread.submit(take, consumer)
        consumer.ack(first)
        assert ids(second.result(PATIENCE)) == ["b"]


def test_there_is_no_queue_for_delayed_messages(broker: HintBroker) -> None:
    assert broker.get_declared_queues() == {queue.value for queue in Queue}
    assert broker.get_declared_delay_queues() == set()


@dataclass
class StoppableRedis:
    """A Redis that a test ends and starts again; what it held is gone."""

    folder: Path
    port: int = field(default_factory=find_free)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return embedded.url_for(self.port, PASSWORD)

    def start(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        embedded.write_settings(self.folder, self.port, PASSWORD)
        self.process = subprocess.Popen(
            embedded.command(self.folder), stdout=subprocess.DEVNULL, preexec_fn=die_with_parent()
        )
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, embedded.wait_until_ready(self.url, 15)).result()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture
def stoppable(tmp_path: Path) -> Iterator[StoppableRedis]:
    made = StoppableRedis(tmp_path / "redis")
    made.start()
    yield made
    made.kill()


def test_after_redis_was_away_and_lost_everything_the_next_hint_is_taken(stoppable: StoppableRedis) -> None:
    seen: list[str] = []
    loops: list[Any] = []
    broker = make_broker(stoppable.url)

    async def take_hints(delivery_ids: list[str]) -> None:
        loops.append(asyncio.get_running_loop())
        seen.extend(delivery_ids)

    name, queue = Queue.work.actor_name, Queue.work.value
    dramatiq.actor(broker=broker, actor_name=name, queue_name=queue)(take_hints)
    worker = Worker(broker, worker_threads=2, worker_timeout=100)
    worker.start()
    try:
        send_hints(broker, Queue.work, ["before"])
        until(lambda: seen == ["before"])
        stoppable.kill()
        stoppable.start()
        send_hints(broker, Queue.work, ["after"])
        until(lambda: seen == ["before", "after"])
    finally:
        worker.stop()
        broker.close()
    assert {type(loop).__module__ for loop in loops} == {"uvloop"}
    assert not [thread for thread in threading.enumerate() if type(thread).__name__ == "EventLoopThread"]
