"""Runs one process of the API: ``python -m api``."""

import datetime as dt
import socket
import sys
from collections.abc import Callable
from email.utils import format_datetime
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api import logging
from api.metrics import serve_metrics, watch_disk
from api.ready import tell_ready
from api.server.bounded_connection import BoundedConnection
from api.server.settings import ApiSettings
from api.startup import importing, settings_or_exit

STARTUP_FAILURE = 3


TICKS_A_SECOND = 10


class ApiServer(uvicorn.Server):
    """Ends the streams of open pages first: the server waits for whatever it still answers.

    ``Date`` is PostgreSQL's time, which processes without a database go by.
    """

    def __init__(
        self, config: uvicorn.Config, stop: Callable[[], None], now: Callable[[], dt.datetime]
    ) -> None:
        super().__init__(config)
        self._stop = stop
        self._now = now

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        tell_ready()

    async def on_tick(self, counter: int) -> bool:
        ends = await super().on_tick(counter)
        if counter % TICKS_A_SECOND == 0:
            date = format_datetime(self._now(), usegmt=True).encode()
            self.server_state.default_headers = [(b"date", date), *self.config.encoded_headers]
        return ends

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stop()
        super().handle_exit(sig, frame)


def server_of(app: FastAPI, settings: ApiSettings) -> ApiServer:
    """The server of this application, which has not started."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=BoundedConnection,
        timeout_graceful_shutdown=20,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
    )
    server = ApiServer(
        config,
        stop=lambda: app.state.changes.stop() if server.started else None,
        now=lambda: app.state.services.edge.now,
    )
    return server


def main() -> None:
    logging.configure()
    serve_metrics()
    settings = settings_or_exit(ApiSettings, "the api")
    watch_disk("files", settings.files_dir)
    with importing():
        from api.server.app import create_app

        app = create_app(settings)
    server = server_of(app, settings)
    server.run([socket.socket(fileno=settings.socket)] if settings.socket is not None else None)
    if not server.started:
        sys.exit(STARTUP_FAILURE)


if __name__ == "__main__":
    main()
