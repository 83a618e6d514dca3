"""``python -m api``: one process of the api."""

import uvicorn

from api import logs
from api.app import create_app
from api.settings import ApiSettings


def main() -> None:
    logs.configure()
    settings = ApiSettings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        timeout_graceful_shutdown=20,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
