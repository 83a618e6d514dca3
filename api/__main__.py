"""Runs one process of the API: ``python -m api``."""

import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from api import logging
from api.server.settings import ApiSettings
from api.startup import importing, settings_or_exit

STARTUP_FAILURE = 3


class ApiServer(uvicorn.Server):
    """Ends the streams of open pages first: the server waits for whatever it still answers."""

    def __init__(self, config: uvicorn.Config, stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._stop = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stop()
        super().handle_exit(sig, frame)


def main() -> None:
    logging.configure()
    settings = settings_or_exit(ApiSettings, "the api")
    with importing():
        from api.server.app import create_app

        app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        timeout_graceful_shutdown=20,
        access_log=False,
        log_config=None,
        server_header=False,
    )
    server = ApiServer(config, lambda: app.state.changes.stop() if server.started else None)
    server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


if __name__ == "__main__":
    main()
