"""A pipe on which a process says that it is ready: nobody asks it, and it is known at once.

One rule: a process that ends without a word has not been ready.
"""

import asyncio
import os
from collections.abc import Mapping

from api.ready import READY_VARIABLE


class ReadyPipe:
    """One run's pipe: the child gets the writing end, and its number in its environment."""

    def __init__(self, said_ready: asyncio.Event) -> None:
        self._said_ready = said_ready
        self._reader, self.writer = os.pipe()
        asyncio.get_running_loop().add_reader(self._reader, self._read)

    def __enter__(self) -> "ReadyPipe":
        return self

    def __exit__(self, *_: object) -> None:
        """The child has the writing end now, or there is no child."""
        os.close(self.writer)

    def environment(self, env: Mapping[str, str]) -> dict[str, str]:
        return {**env, READY_VARIABLE: str(self.writer)}

    def _read(self) -> None:
        """A line, or the end of the pipe."""
        asyncio.get_running_loop().remove_reader(self._reader)
        if os.read(self._reader, 64):
            self._said_ready.set()
        os.close(self._reader)
