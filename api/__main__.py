"""Runs one process of the API: ``python -m api``."""

import uvicorn

from api import logging
from api.server.settings import ApiSettings
from api.startup import importing, settings_or_exit


def main() -> None:
    logging.configure()
    settings = settings_or_exit(ApiSettings, "the api")
    with importing():
        from api.server.app import create_app

        app = create_app(settings)
    uvicorn.run(
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


if __name__ == "__main__":
    main()
