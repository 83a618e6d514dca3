"""The Telegram bot as a process: a webhook's server, or polling for a first try.

One rule: on SIGTERM nothing new is taken and what is being worked on is finished, within 20 seconds.
"""

import asyncio
import contextlib
import signal
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiohttp import web

from bots.client.api import ApiClient
from bots.talk.done import done_by
from bots.telegram import commands
from bots.telegram.dispatcher import Desk, make_dispatcher
from bots.telegram.outbound import Outbound
from bots.telegram.settings import BotSettings
from bots.telegram.webhook import Hook

log = structlog.get_logger()

DRAIN = 20.0
LONGEST_PAUSE = 5.0
UPDATES = ["message", "callback_query", "my_chat_member"]


async def serve(settings: BotSettings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(settings, stop)


async def run(settings: BotSettings, stop: asyncio.Event) -> None:
    """Until ``stop`` is set; also what tests start."""
    async with aiohttp.ClientSession() as session:
        client = ApiClient(settings.api_url, settings.bot_key.get_secret_value(), session)
        outbound = Outbound(settings.token.get_secret_value(), settings.api_base, paced=False)
        done = done_by(f"tg:{outbound.bot.id}", settings.redis_url.get_secret_value())
        desk = make_dispatcher(client, outbound, done)
        try:
            if settings.mode == "webhook":
                await _listen(settings, outbound.bot, desk, stop)
            else:
                await _poll(outbound.bot, desk, stop)
        finally:
            await done.close()
            await outbound.close()


async def _listen(settings: BotSettings, bot: Bot, desk: Desk, stop: asyncio.Event) -> None:
    hook = Hook(settings.webhook_secret.get_secret_value(), bot, desk)
    app = hook.app(urlsplit(settings.webhook_url).path or "/")
    runner = web.AppRunner(app, shutdown_timeout=DRAIN, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
        if await _introduced(settings, bot, stop):
            hook.registered = True
            log.info("telegram.ready", mode="webhook", port=settings.webhook_port)
            await stop.wait()
    finally:
        await runner.cleanup()
        log.info("telegram.stopped")


async def _introduced(settings: BotSettings, bot: Bot, stop: asyncio.Event) -> bool:
    """Tell the platform where we listen, as often as it takes; False when we are to stop before."""
    pause = 0.2
    while not stop.is_set():
        try:
            await bot.set_webhook(
                settings.webhook_url,
                secret_token=settings.webhook_secret.get_secret_value(),
                allowed_updates=UPDATES,
            )
            await commands.set_for_all(bot)
        except TelegramAPIError as error:
            # what Telegram says of our address; what the client says of its own may hold the token
            told = error.message[:200] if isinstance(error, TelegramBadRequest) else ""
            log.warning("telegram.away", why=f"{type(error).__name__} {told}".strip())
            if isinstance(error, TelegramRetryAfter):
                pause = float(error.retry_after)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            return True
    return False


async def _poll(bot: Bot, desk: Desk, stop: asyncio.Event) -> None:
    """One update at a time; the offset moves after the effect."""
    await bot.delete_webhook()
    await commands.set_for_all(bot)
    log.info("telegram.ready", mode="polling")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_polling(bot, desk))
        await stop.wait()
        await desk.stop_polling()


async def _polling(bot: Bot, desk: Desk) -> None:
    await desk.start_polling(
        bot,
        handle_as_tasks=False,
        handle_signals=False,
        close_bot_session=False,
        allowed_updates=UPDATES,
        polling_timeout=10,
    )
