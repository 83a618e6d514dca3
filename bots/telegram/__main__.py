"""``python -m bots.telegram``: one bot process."""

import asyncio

from api import logging
from api.startup import settings_or_exit
from bots.telegram.app import serve
from bots.telegram.settings import TelegramSettings


def main() -> None:
    logging.configure()
    asyncio.run(serve(settings_or_exit(TelegramSettings, "the Telegram bot")))


if __name__ == "__main__":
    main()
