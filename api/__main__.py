"""``python -m api``: one process of the api."""

import uvicorn
from pydantic import ValidationError

from api import logging
from api.server.app import create_app
from api.server.settings import ApiSettings


def main() -> None:
    logging.configure()
    settings = settings_or_exit()
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


def settings_or_exit() -> ApiSettings:
    """The settings, or one line per wrong variable; never its value."""
    try:
        return ApiSettings()
    except ValidationError as error:
        wrong = [f"{'/'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise SystemExit("the api does not start:\n" + "\n".join(wrong)) from None


if __name__ == "__main__":
    main()
