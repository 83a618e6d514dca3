"""The event loop of a worker, in a thread of its own: Dramatiq's, on uvloop.

One rule: every coroutine of a worker runs on this one loop.
"""

import uvloop
from dramatiq import Broker, Worker
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.middleware import AsyncIO

START_SECONDS = 5.0


class Uvloop(AsyncIO):
    """Dramatiq's middleware for asynchronous actors, which would take asyncio's own loop."""

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        thread = EventLoopThread(self.logger)
        thread.loop.close()
        thread.loop = uvloop.new_event_loop()
        thread.start(timeout=START_SECONDS)
        set_event_loop_thread(thread)
