"""The Telegram bot as a process: a webhook's server, or polling for a first try.

One rule: the platform gets its 200 only after the handler has returned, so that what was not done is sent
again; updates of one chat are handled one after the other.
"""

import asyncio
import hmac
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.strategy import FSMStrategy
from aiogram.types import BotCommand, Update
from aiohttp import web
from pydantic import ValidationError

from api.text import SUPPORTED, say
from bots.client.api import ApiClient
from bots.telegram.middleware import People, Refusals
from bots.telegram.routers import approvals, forms, lists, orders, quotes, requests, sourcing, start
from bots.telegram.settings import BotSettings
from bots.telegram.storage import DraftStorage

log = structlog.get_logger()

COMMANDS = (
    "request", "my", "status", "approvals", "rfqs", "quote", "nobid", "receive", "help", "whoami", "language", "cancel",
)  # fmt: skip
DRAIN = 20.0
PATIENCE = 60


def make_bot(settings: BotSettings) -> Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.api_base))
    token = settings.token.get_secret_value()
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


def make_dispatcher(api: ApiClient) -> Dispatcher:
    """Routers in the order in which they are asked; open forms come last, after commands and buttons."""
    dispatcher = Dispatcher(storage=DraftStorage(api), fsm_strategy=FSMStrategy.USER_IN_TOPIC)
    for events in (dispatcher.message, dispatcher.callback_query):
        events.outer_middleware(Refusals())
        events.middleware(People(api))
    for module in (start, lists, requests, sourcing, quotes, approvals, orders, forms):
        dispatcher.include_router(module.make_router())
    return dispatcher


class Hook:
    """The webhook's server."""

    def __init__(self, settings: BotSettings, bot: Bot, dispatcher: Dispatcher) -> None:
        self._secret = settings.webhook_secret.get_secret_value().encode()
        self._bot = bot
        self._dispatcher = dispatcher
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, request: web.Request) -> web.Response:
        """One update: 401 without the secret, 200 when it is done."""
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode()
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        try:
            update = Update.model_validate_json(await request.read(), context={"bot": self._bot})
        except ValidationError:
            return web.Response(status=400)
        async with self._turns[_chat_of(update)]:
            await self._dispatcher.feed_update(self._bot, update)
        return web.Response()

    def app(self) -> web.Application:
        app = web.Application(client_max_size=2_000_000)
        app.router.add_post("/telegram/webhook", self.take)
        app.router.add_get("/health", lambda _: _healthy())
        return app


async def _healthy() -> web.Response:
    return web.json_response({"status": "ok"})


def _chat_of(update: Update) -> int:
    event = update.callback_query or update.message
    return event.from_user.id if event is not None and event.from_user else 0


async def introduce(bot: Bot) -> None:
    """The command menu, in every language."""
    for locale in SUPPORTED:
        menu = [BotCommand(command=name, description=say(f"commands.{name}", locale)) for name in COMMANDS]
        await bot.set_my_commands(menu, language_code=None if locale == "en" else locale)


@asynccontextmanager
async def _stopping() -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    yield stop


async def serve(settings: BotSettings) -> None:
    """Until SIGTERM; what is being worked on is finished first."""
    session = aiohttp.ClientSession()
    api = ApiClient(settings.api_url, settings.bot_key.get_secret_value(), session)
    bot = make_bot(settings)
    dispatcher = make_dispatcher(api)
    async with _stopping() as stop:
        if settings.mode == "webhook":
            await _serve_hook(settings, bot, dispatcher, stop)
        else:
            await _poll(bot, dispatcher, stop)
    await session.close()
    await bot.session.close()


async def _serve_hook(settings: BotSettings, bot: Bot, dispatcher: Dispatcher, stop: asyncio.Event) -> None:
    runner = web.AppRunner(Hook(settings, bot, dispatcher).app(), shutdown_timeout=DRAIN)
    await runner.setup()
    await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
    await _until_heard(bot, settings)
    log.info("telegram.ready", mode="webhook")
    await stop.wait()
    await runner.cleanup()


async def _until_heard(bot: Bot, settings: BotSettings) -> None:
    """Tell the platform where we listen, as often as it takes."""
    for attempt in range(PATIENCE):
        try:
            await bot.set_webhook(
                settings.webhook_url,
                secret_token=settings.webhook_secret.get_secret_value(),
                allowed_updates=["message", "callback_query"],
            )
            await introduce(bot)
        except TelegramAPIError as error:
            log.warning("telegram.away", why=str(error)[:200])
            await asyncio.sleep(min(5.0, 0.2 * 2**attempt))
        else:
            return
    raise SystemExit("the Telegram server did not take the webhook; look at TELEGRAM_API_BASE and the token")


async def _poll(bot: Bot, dispatcher: Dispatcher, stop: asyncio.Event) -> None:
    await bot.delete_webhook()
    await introduce(bot)
    log.info("telegram.ready", mode="polling")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(dispatcher.start_polling(bot, handle_as_tasks=False, handle_signals=False))
        await stop.wait()
        await dispatcher.stop_polling()
