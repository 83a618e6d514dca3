"""Processes at one socket: while one of them restarts nobody is refused, and no answer is lost."""

import asyncio
import os
import socket
from collections.abc import Sequence

import uvicorn
from starlette.types import Receive, Scope, Send

from api.server.bounded_connection import BoundedConnection
from stack.ports import HandedSocket, find_free, is_free

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def slow_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Who asks is answered after some milliseconds, with the address that the server believes."""
    await asyncio.sleep(0.02)
    host = str(scope["client"][0]).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(host))]}
    )
    await send({"type": "http.response.body", "body": host})


def server_at(descriptor: int, **settings: object) -> tuple[uvicorn.Server, Sequence[socket.socket]]:
    config = uvicorn.Config(
        slow_app,
        http=BoundedConnection,
        lifespan="off",
        log_config=None,
        timeout_keep_alive=1,
        **settings,  # type: ignore[arg-type]
    )
    return uvicorn.Server(config), [socket.socket(fileno=os.dup(descriptor))]


class Caller:
    """Asks again and again, on a kept connection or on a new one each time."""

    def __init__(self, port: int, *, keeps: bool) -> None:
        self.port, self.keeps, self.answers = port, keeps, 0

    async def ask_until(self, stop: asyncio.Event) -> None:
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while not stop.is_set():
            reader, writer = connection or await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(GET)
            head = await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(9) == b"127.0.0.1"
            self.answers += 1
            goes_on = self.keeps and b"connection: close" not in head.lower()
            connection = (reader, writer) if goes_on else None
            if not goes_on:
                writer.close()
            await asyncio.sleep(0.01)


async def test_restarts_refuse_nobody_and_lose_no_answer() -> None:
    handed = HandedSocket(port := find_free())
    assert handed.fileno() == handed.fileno()
    callers = [Caller(port, keeps=keeps) for keeps in (True, False) * 3]
    stop = asyncio.Event()

    async def restart_often() -> None:
        for _ in range(2):
            running, sockets = server_at(handed.fileno())
            async with asyncio.TaskGroup() as one:
                one.create_task(running.serve(list(sockets)))
                await asyncio.sleep(0.4)
                running.should_exit = True

    async with asyncio.TaskGroup() as tasks:
        asking = [tasks.create_task(each.ask_until(stop)) for each in callers]
        await asyncio.sleep(0.1)  # they wait at the socket: nobody serves it yet
        await asyncio.gather(restart_often(), restart_often())
        last, sockets = server_at(handed.fileno())
        serving = tasks.create_task(last.serve(list(sockets)))
        await asyncio.sleep(0.2)
        stop.set()
        await asyncio.gather(*asking)
        last.should_exit = True
        await serving
    assert min(each.answers for each in callers) > 2
    assert not is_free(port)  # while nobody serves it, nobody else gets it either


async def who_asks(proxies: str) -> bytes:
    """The address that the application is told, of somebody who names another one."""
    handed = HandedSocket(port := find_free())
    running, sockets = server_at(handed.fileno(), proxy_headers=bool(proxies), forwarded_allow_ips=proxies)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(running.serve(list(sockets)))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        named = b"X-Forwarded-For: 203.0.113.66, 198.51.100.7\r\nConnection: close\r\n\r\n"
        writer.write(GET.removesuffix(b"\r\n") + named)
        answer = await reader.read()
        writer.close()
        running.should_exit = True
    return answer.rpartition(b"\r\n\r\n")[2]


async def test_only_a_configured_proxy_says_who_calls() -> None:
    assert await who_asks("") == b"127.0.0.1"
    assert await who_asks("10.0.0.0/8, 192.0.2.1") == b"127.0.0.1"
    assert await who_asks("127.0.0.1") == b"198.51.100.7"
