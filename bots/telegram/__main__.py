"""``python -m bots.telegram``: one bot process."""

from api import logging
from api.metrics import serve_metrics
from api.startup import importing, run, settings_or_exit
from bots.telegram.settings import TelegramSettings


def main() -> None:
    logging.configure()
    serve_metrics()
    settings = settings_or_exit(TelegramSettings, "the Telegram bot")
    with importing():
        from bots.telegram.app import serve
    run(serve(settings))


if __name__ == "__main__":
    main()
