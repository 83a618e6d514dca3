"""Fork servers whose children run a few lines instead of opening their file, as a hostile file might make them."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import indent
from typing import Any

from api.quote_files.fork_server import FileRequest, ForkServer
from api.quote_files.model import Task
from stack.supervisor.processes import start_time

_SCRIPT = """
import json, os, signal, sys, time
from api.quote_files import __main__ as process, one_file

def told(found):
    os.write(1, json.dumps(found).encode())

def answer():
    content = open(0, "rb", closefd=False).read().partition(b"\\n")[2].decode()
{lines}

one_file.answer, one_file.warm_up = answer, lambda: None
process.main()
"""


@contextmanager
def children_that(lines: str) -> Iterator[ForkServer]:
    """They know the file as ``content`` and answer with ``told``; their limits hold."""
    server = ForkServer(("-c", _SCRIPT.format(lines=indent(lines, "    "))))
    try:
        yield server
    finally:
        server.stop()


async def told_by(server: ForkServer, content: str = "") -> Any:
    """What the child told, which has ended by itself."""
    code, out = await server.answer(FileRequest(Task.read, "csv", content.encode()))
    assert code == 0
    return json.loads(out)


def is_running(pid: int) -> bool:
    return start_time(pid) is not None


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.05)
