"""Files from a platform: counted while they come, never by a detour, and a name that is only a name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientTimeout, web

from bots.cards.drawing import CardKind
from bots.dialog import download
from bots.dialog.message import DownloadFailed, FileTooLarge
from tests.bots.bot_env import PDF, BotEnv, free_port
from tests.support.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MEGABYTE = b"x" * 1024 * 1024


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """An address behind which this handler answers."""
    app, port = web.Application(), free_port()
    app.router.add_get("/{name}", handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/file"
    finally:
        await runner.cleanup()


async def test_a_pdf_that_a_vendor_drops_on_telegram_is_part_of_the_quote(
    bot_env: BotEnv, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    user = await bot_env.a_user(contact)
    await user.press("Quote", await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id))
    await user.sees("Line 1 of 1")
    await user.say("1180 10d")
    await user.press("30 days")
    for asked in ("What does shipping cost", "add a note for the buyer"):
        await user.sees(asked)
        await user.press("Skip")
    await user.sees("Attach your quote")
    await user.drop("offer.pdf", PDF)
    review = await user.with_button("Send quote")
    assert "offer.pdf" in review["text"]


async def test_a_file_comes_with_the_headers_that_were_given() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=request.headers.get("Authorization", "").encode())

    async with serving(handler) as address:
        assert await download.download(address, {"Authorization": "Bearer x"}) == b"Bearer x"


async def test_what_is_larger_than_announced_is_dropped_while_it_comes() -> None:
    sent = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(MEGABYTE)
            sent += 1
        return response

    async with serving(handler) as address:
        with pytest.raises(FileTooLarge):
            await download.download(address)
    assert sent < 100


async def test_a_redirect_is_not_followed() -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.match_info["name"] == "other":
            return web.Response(text="somewhere else")
        raise web.HTTPFound("/other")

    async with serving(handler) as address:
        with pytest.raises(DownloadFailed):
            await download.download(address)


async def test_a_server_that_does_not_end_is_a_file_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "TIMEOUT", ClientTimeout(total=0.2))

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    async with serving(handler) as address:
        with pytest.raises(DownloadFailed):
            await download.download(address)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("quote.pdf", "quote.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\\b.pdf", "a_b.pdf"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_has_no_folders_and_an_end(given: str, kept: str) -> None:
    assert download.safe_filename(given) == kept
