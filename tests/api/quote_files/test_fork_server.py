"""One process forks another one for every file; nothing that happens to either reaches the next file."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from api.quote_files import fork_server
from api.quote_files.child import FileReader, OpenedFile
from api.quote_files.fork_server import FileRequest, ForkServer
from api.quote_files.model import Task
from core.kernel.errors import Unavailable
from tests.api.quote_files.hostile_children import children_that, is_running, told_by, until
from tests.api.quote_files.test_hostile_files import HOSTILE, MEDIA_TYPES

CSV = b"Item;Quantity;Price EUR\nLaptop;3;1180\n"


def request(content: str = "") -> FileRequest:
    return FileRequest(Task.read, "csv", content.encode())


def killed(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def test_one_process_is_started_for_many_files_and_each_is_opened_by_another() -> None:
    with children_that("told([os.getpid(), os.getppid()])") as server:
        assert server.pid is None
        told = [await told_by(server) for _ in range(3)]
        assert {parent for _, parent in told} == {server.pid}
        assert len({child for child, _ in told} | {os.getpid(), server.pid}) == 5
        assert not any(is_running(child) for child, _ in told)


async def test_the_two_readers_of_a_process_share_it() -> None:
    async with FileReader().turn("somebody") as opened:
        await opened.read(MEDIA_TYPES["csv"], CSV)
        pid = fork_server.FORK_SERVER.pid
    async with FileReader().turn("somebody") as opened:
        assert not (await opened.read(MEDIA_TYPES["csv"], CSV)).refused
    assert pid == fork_server.FORK_SERVER.pid is not None


async def test_the_next_file_is_read_when_it_was_killed_after_the_last() -> None:
    with children_that("told(os.getppid())") as server:
        first = await told_by(server)
        killed(server.pid)
        assert await told_by(server) not in (first, os.getpid(), 1)


async def test_a_file_during_which_it_is_killed_is_read_once_more(tmp_path: Path) -> None:
    """Two files at once: both are read by the one process that is started then."""
    lines = (
        f"marker = os.path.join({str(tmp_path)!r}, content)\n"
        "if not os.path.exists(marker):\n"
        "    os.mkdir(marker)\n"
        "    while True:\n"
        "        time.sleep(0.01)\n"
        "        if os.getppid() == 1 or not os.path.exists(f'/proc/{os.getppid()}'): os._exit(0)\n"
        "told(os.getppid())"
    )
    with children_that(lines) as server:
        async with asyncio.TaskGroup() as group:
            reading = [group.create_task(told_by(server, name)) for name in ("a", "b")]
            await until(lambda: (tmp_path / "a").exists() and (tmp_path / "b").exists())
            killed(server.pid)
        assert [each.result() for each in reading] == [server.pid, server.pid]


async def test_a_file_that_kills_it_each_time_is_told_so_and_the_next_is_read() -> None:
    lines = "if content: os.kill(os.getppid(), signal.SIGKILL)\ntold(1)\nif content: time.sleep(1)"
    with children_that(lines) as server:
        with pytest.raises(Unavailable):
            await OpenedFile(server).read(MEDIA_TYPES["csv"], b"hostile")
        assert await told_by(server) == 1


async def test_one_that_cannot_be_started_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable):
        await ForkServer(("-c", "raise SystemExit(3)")).answer(request())
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable):
        await ForkServer().answer(request())


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGABRT, signal.SIGXCPU])
async def test_how_a_child_ends_is_told_and_the_server_stays(ending: signal.Signals) -> None:
    with children_that(f"told('begun')\nos.kill(os.getpid(), {int(ending)})") as server:
        assert await server.answer(request()) == (-ending, b'"begun"')
        pid = server.pid
        assert await server.answer(request()) == (-ending, b'"begun"')
        assert server.pid == pid is not None


async def test_an_error_of_a_child_is_its_exit_code() -> None:
    with children_that("raise IndexError") as server:
        assert await server.answer(request()) == (1, b"")


async def test_a_file_that_takes_too_much_memory_leaves_the_server_as_it_was() -> None:
    server = ForkServer()
    try:
        before = await OpenedFile(server).read(MEDIA_TYPES["csv"], CSV)
        pid = server.pid
        kind, content, gap, _ = HOSTILE["a cell in the farthest corner"]
        reading = await OpenedFile(server).read(MEDIA_TYPES[kind], content)
        assert [each.kind for each in reading.gaps] == [gap]
        assert await OpenedFile(server).read(MEDIA_TYPES["csv"], CSV) == before
        assert server.pid == pid is not None
    finally:
        server.stop()


async def test_after_a_fault_in_memory_the_next_file_has_its_memory_elsewhere() -> None:
    with children_that("if content: os.kill(os.getpid(), signal.SIGSEGV)\ntold(os.getppid())") as server:
        before = await told_by(server)
        assert (await server.answer(request("hostile")))[0] == -signal.SIGSEGV
        assert await told_by(server) != before
        await until(lambda: not is_running(before))


async def test_a_child_has_its_own_file_open_and_nothing_else() -> None:
    lines = (
        "if content: time.sleep(600)\n"
        "open_files = {each: os.readlink(f'/proc/self/fd/{each}') for each in os.listdir('/proc/self/fd')\n"
        "              if os.path.exists(f'/proc/self/fd/{each}')}\n"
        "told(open_files)"
    )
    with children_that(lines) as server:
        async with asyncio.TaskGroup() as group:
            other = group.create_task(server.answer(request("another file")))
            await told_by(server)
            found = await told_by(server)
            other.cancel()
    assert set(found) == {"0", "1", "2"}
    assert found["0"] == found["1"]
    assert found["0"].startswith("socket:")
    assert found["2"] == os.devnull


async def test_a_child_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    lines = f"os.mkdir(os.path.join({str(tmp_path)!r}, str(os.getpid())))\ntime.sleep(600)"
    with children_that(lines) as server:
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(server.answer(request()))
            await until(lambda: any(tmp_path.iterdir()))
            waiting.cancel()
        assert waiting.cancelled()
        [child] = tmp_path.iterdir()
        assert not is_running(int(child.name))


async def test_one_that_hangs_is_ended_and_the_next_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with children_that("told(os.getppid())") as server:
        before = await told_by(server)
        os.kill(before, signal.SIGSTOP)
        monkeypatch.setattr(fork_server, "END_SECONDS", 0.1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await server.answer(request())
        monkeypatch.undo()
        assert await told_by(server) != before
        assert not is_running(before)


async def test_it_ends_with_its_children_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    lines = f"os.mkdir(os.path.join({str(tmp_path)!r}, str(os.getpid())))\ntime.sleep(600)"
    script = (
        "import asyncio\n"
        "from tests.api.quote_files.hostile_children import children_that, told_by\n"
        "async def main():\n"
        f"    with children_that({lines!r}) as server:\n"
        "        waiting = asyncio.ensure_future(told_by(server))\n"
        "        await asyncio.sleep(0)\n"
        "        print(server.pid, flush=True)\n"
        "        await waiting\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE, cwd=fork_server.ROOT
    )
    assert process.stdout is not None
    server = int(await process.stdout.readline())
    await until(lambda: any(tmp_path.iterdir()))
    [child] = (int(each.name) for each in tmp_path.iterdir())
    assert is_running(server)
    assert is_running(child)
    process.kill()
    await process.wait()
    await until(lambda: not is_running(server) and not is_running(child))


async def test_it_keeps_no_descriptor_of_a_file() -> None:
    with children_that("told(os.getppid())") as server:
        open_files = Path(f"/proc/{await told_by(server)}/fd")
        most = len(os.listdir(open_files))
        for _ in range(3):
            await told_by(server)
        await until(lambda: len(os.listdir(open_files)) <= most)
