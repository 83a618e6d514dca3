"""What a caller may make the API keep and wait for: heads, bodies, time; on real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.datastructures import Address
from starlette.types import Receive, Scope, Send

from api.server import middleware
from api.server.bounded_connection import MAX_HEAD_BYTES, BoundedConnection
from api.server.middleware import BODY, BodyLimitMiddleware
from api.server.rate_limits import host_of


class QuickConnection(BoundedConnection):
    """Not as patient as the real one."""

    request_seconds = 0.3


class Server:
    """An application that notes what reached it, behind what every request passes."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append(scope.get(BODY, b""))
        await self.goes_on.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def answer_to(self, sent: bytes) -> bytes:
        """The first line of the answer; empty when the connection ends without one."""
        reader, writer = await self.connect()
        try:
            writer.write(sent)
            return (await asyncio.wait_for(reader.readline(), 5)).strip()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    port = 0


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    bounded = BodyLimitMiddleware(made.app, is_form=lambda _: False, form_bytes=1000)
    config = uvicorn.Config(bounded, port=0, http=QuickConnection, lifespan="off", log_config=None)
    running = uvicorn.Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(running.serve())
        while not running.started:
            await asyncio.sleep(0.01)
        made.port = running.servers[0].sockets[0].getsockname()[1]
        yield made
        running.should_exit = True


def post(head: str = "", body: bytes = b"{}", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"POST / HTTP/1.1\r\nHost: x\r\n{JSON}Content-Length: {size}\r\n{head}\r\n".encode() + body


JSON = "Content-Type: application/json\r\n"


async def test_a_head_may_have_sixteen_kilobytes_and_no_more(server: Server) -> None:
    almost = f"X-Long: {'x' * (MAX_HEAD_BYTES - 300)}\r\n"
    assert await server.answer_to(post(almost)) == b"HTTP/1.1 204 No Content"
    for head in (
        f"X-Long: {'x' * MAX_HEAD_BYTES}\r\n",
        "".join(f"X-{number}: {'x' * 90}\r\n" for number in range(200)),
        f"X-Endless: {'x' * 4_000_000}",
    ):
        assert await server.answer_to(post(head)) in (b"HTTP/1.1 431 Request Header Fields Too Large", b"")
    assert await server.answer_to(f"GET /{'x' * MAX_HEAD_BYTES} HTTP/1.1\r\n\r\n".encode()) in (
        b"HTTP/1.1 431 Request Header Fields Too Large",
        b"",
    )
    assert server.bodies == [b"{}"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        post(body=b'{"a": 1}', length=100),
        post("Transfer-Encoding: chunked\r\n", b"").replace(b"Content-Length: 0\r\n", b"") + b"3\r\n{}",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk"],
)
async def test_a_request_that_does_not_come_in_time_is_ended_and_never_acted_on(
    server: Server, sent: bytes
) -> None:
    assert await server.answer_to(sent) == b"HTTP/1.1 408 Request Timeout"
    assert server.bodies == []


async def test_a_body_that_is_cut_off_is_never_acted_on(server: Server) -> None:
    _, writer = await server.connect()
    writer.write(post(body=b'{"a": 1}', length=9))
    await writer.drain()
    writer.close()
    assert await server.answer_to(post(body=b"{}")) == b"HTTP/1.1 204 No Content"
    assert server.bodies == [b"{}"]


async def test_a_kept_connection_serves_one_request_after_the_other(server: Server) -> None:
    reader, writer = await server.connect()
    writer.write(post() * 3)
    for _ in range(3):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
    writer.close()


async def test_one_caller_cannot_have_more_held_than_its_share(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "MAX_HELD_BYTES", 1_000_000)
    server.goes_on.clear()
    large = post(body=b"[" + b" " * 399_998 + b"]")
    async with asyncio.TaskGroup() as tasks:
        held = [tasks.create_task(server.answer_to(large)) for _ in range(2)]
        while len(server.bodies) < len(held):
            await asyncio.sleep(0.01)
        assert await server.answer_to(large) == b"HTTP/1.1 503 Service Unavailable"
        server.goes_on.set()
    assert {each.result() for each in held} == {b"HTTP/1.1 204 No Content"}
    assert await server.answer_to(large) == b"HTTP/1.1 204 No Content"


def test_an_address_of_ipv6_is_its_customers_network() -> None:
    near = {host_of(Address(f"2001:db8::{number}", 1)) for number in range(1, 4)}
    assert near == {"2001:db8::/64"}
    assert host_of(Address("2001:db8:0:1::1", 1)) not in near
    assert host_of(Address("192.0.2.7", 1)) == "192.0.2.7"
