"""Taking hints out of Redis without polling.

One rule: a consumer with room waits in Redis and is woken by the next hint; nothing is taken by waiting.

Dramatiq's own consumer sleeps between two looks, which costs latency when the sleep is long and a tenth of a core when
it is short.
"""

import threading
from collections.abc import Iterable
from typing import Any, cast

import redis
from dramatiq import Consumer, MessageProxy
from dramatiq.errors import ConnectionClosed


class BlockingConsumer(Consumer):
    """One queue's consumer: Dramatiq's, told not to sleep, and a wait for what it should look at next."""

    def __init__(
        self, looking: Any, client: "redis.Redis", queue_key: str, prefetch: int, seconds: float
    ) -> None:
        """``looking`` is Dramatiq's consumer; a wait lasts at most ``seconds``, because a heartbeat is due."""
        self._looking = looking
        self._client = client
        self._queue_key = queue_key
        self._prefetch = prefetch
        self._seconds = seconds
        self._finished = threading.Event()

    def __next__(self) -> MessageProxy | None:
        message: MessageProxy | None = next(self._looking)
        if message is None:
            self._wait()
        return message

    def ack(self, message: MessageProxy) -> None:
        self._looking.ack(message)
        self._finished.set()

    def nack(self, message: MessageProxy) -> None:
        self._looking.nack(message)
        self._finished.set()

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        self._looking.requeue(messages)

    def close(self) -> None:
        self._looking.close()

    def _wait(self) -> None:
        """Until the queue holds something, or, when as many as allowed are being worked on, until one is finished."""
        self._finished.clear()
        if self._looking.outstanding_message_count >= self._prefetch:
            self._finished.wait(self._seconds)
            return
        try:
            # moves the first element to where it is: the same list, once there is one
            key, seconds = self._queue_key, cast("int", self._seconds)  # Redis takes fractions
            self._client.blmove(key, key, seconds, "LEFT", "LEFT")
        except redis.ConnectionError as error:
            raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]
