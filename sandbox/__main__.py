"""Runs the sandbox as one process: ``python -m sandbox``; it listens on loopback by default."""

import asyncio
import os
import signal
from pathlib import Path

import uvloop
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.backend import SandboxBackend
from sandbox.control.control_routes import ControlRoutes
from sandbox.control.person_routes import PersonRoutes
from sandbox.error_logging import log_types_only
from sandbox.mail.mail_routes import MailRoutes
from sandbox.mail.smtp_listener import SmtpListener
from sandbox.page.inside_routes import InsideRoutes
from sandbox.page.page_routes import PageRoutes
from sandbox.page.play_routes import PlayRoutes
from sandbox.sign_in.platforms import registered
from sandbox.slack.server import SlackServer
from sandbox.telegram.server import TelegramServer


def make_app(backend: SandboxBackend) -> web.Application:
    """The control interface, the page, the Bot API and the Web API in one application."""

    @web.middleware
    async def remember_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
        backend.slack.origin = str(request.url.origin())
        return await handler(request)

    app = web.Application(client_max_size=60 * 1024 * 1024, middlewares=[remember_origin])
    page_handlers = (PageRoutes(), PlayRoutes(), InsideRoutes())
    for component in (
        ControlRoutes(backend),
        PersonRoutes(backend),
        *page_handlers,
        MailRoutes(backend.mails),
        SlackServer(backend.slack),
        TelegramServer(backend.telegram),
    ):
        app.add_routes(component.routes())
    for provider in registered(backend.telegram, backend.slack):
        app.add_routes(provider.routes())
    return app


async def serve(backend: SandboxBackend, host: str, port: int, smtp_port: int = 0) -> None:
    """Serve, mails too where they have a port, until SIGTERM; the last act is to write the snapshot."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(make_app(backend), shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    smtp = await SmtpListener(backend.mails).start(host, smtp_port) if smtp_port else None
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(each) for each in backend.background_tasks()]
        await stop.wait()
        for task in running:
            task.cancel()
    if smtp is not None:
        smtp.close()
    backend.memory.write()
    await runner.cleanup()


def main() -> None:
    log_types_only()
    state = os.environ.get("SANDBOX_STATE_FILE")
    backend = SandboxBackend(Path(state) if state else None)
    host, port = os.environ.get("SANDBOX_HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8081"))
    uvloop.run(serve(backend, host, port, int(os.environ.get("SANDBOX_SMTP_PORT", "0"))))


if __name__ == "__main__":
    main()
