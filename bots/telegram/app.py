"""The Telegram bot as a process: a webhook's server, or polling for a first try.

One rule: on SIGTERM no new update is taken and running ones are finished, within 20 seconds.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import Update
from aiohttp import web

from api.ready import tell_ready
from bots.client.api import ApiClient
from bots.dialog.handled_updates import handled_updates
from bots.telegram import command_menu
from bots.telegram.dispatcher import OrderedDispatcher, make_dispatcher
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.polling import Poller
from bots.telegram.settings import TelegramSettings
from bots.telegram.webhook import WebhookServer
from bots.update_metrics import heard

log = structlog.get_logger()

DRAIN_SECONDS = 20.0
MAX_PAUSE_SECONDS = 5.0
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


async def serve(settings: TelegramSettings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(settings, stop)


async def run(settings: TelegramSettings, stop: asyncio.Event) -> None:
    """Until ``stop`` is set; also what tests start."""
    Update.model_rebuild()  # now, and not when the first person waits for an answer
    async with aiohttp.ClientSession() as session:
        client = ApiClient(settings.api_url, settings.bot_key.get_secret_value(), session)
        outbound = TelegramOutbound(
            settings.token.get_secret_value(),
            settings.api_base,
            rate_limited=False,
            login_url=settings.login_url,
        )
        handled = handled_updates(f"tg:{outbound.bot.id}", settings.redis_url.get_secret_value())
        dispatcher = make_dispatcher(client, outbound, handled)
        try:
            if settings.mode == "webhook":
                await _listen(settings, outbound.bot, dispatcher, stop)
            else:
                await _poll(outbound.bot, dispatcher, stop)
        finally:
            await handled.close()
            await outbound.close()


async def _listen(
    settings: TelegramSettings, bot: Bot, dispatcher: OrderedDispatcher, stop: asyncio.Event
) -> None:
    server = WebhookServer(settings.webhook_secret.get_secret_value(), bot, dispatcher)
    app = server.app(urlsplit(settings.webhook_url).path or "/")
    runner = web.AppRunner(app, shutdown_timeout=DRAIN_SECONDS, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
        if await _until_taken(partial(_register_webhook, settings, bot), stop):
            server.registered = True
            log.info("telegram.ready", mode="webhook", port=settings.webhook_port)
            heard("telegram")
            tell_ready()
            await stop.wait()
    finally:
        await runner.cleanup()
        log.info("telegram.stopped")


async def _register_webhook(settings: TelegramSettings, bot: Bot) -> None:
    """Tell the platform where we listen."""
    await bot.set_webhook(
        settings.webhook_url,
        secret_token=settings.webhook_secret.get_secret_value(),
        allowed_updates=ALLOWED_UPDATES,
    )
    await command_menu.set_for_all(bot)


async def _poll(bot: Bot, dispatcher: OrderedDispatcher, stop: asyncio.Event) -> None:
    """Until ``stop`` is set; while the platform is away at the start it waits."""
    if await _until_taken(partial(_register_polling, bot), stop):
        log.info("telegram.ready", mode="polling")
        heard("telegram")
        tell_ready()
        await Poller(bot, dispatcher, ALLOWED_UPDATES).run(stop, DRAIN_SECONDS)
    log.info("telegram.stopped")


async def _register_polling(bot: Bot) -> None:
    await bot.delete_webhook()
    await command_menu.set_for_all(bot)


async def _until_taken(register: Callable[[], Awaitable[None]], stop: asyncio.Event) -> bool:
    """Register as often as it takes, while the platform is away; False when we are to stop before."""
    pause = 0.2
    while not stop.is_set():
        try:
            await register()
        except TelegramAPIError as error:
            # Telegram's message about our address; the client's own errors may contain the token
            told = error.message[:200] if isinstance(error, TelegramBadRequest) else ""
            log.warning("telegram.away", why=f"{type(error).__name__} {told}".strip())
            if isinstance(error, TelegramRetryAfter):
                pause = float(error.retry_after)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(MAX_PAUSE_SECONDS, pause * 2)
        else:
            return True
    return False
