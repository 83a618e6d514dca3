"""``python -m bots.slack``: one app process."""

import asyncio

from api import logging
from api.startup import settings_or_exit
from bots.slack.app import serve
from bots.slack.settings import SlackSettings


def main() -> None:
    logging.configure()
    asyncio.run(serve(settings_or_exit(SlackSettings, "the Slack app")))


if __name__ == "__main__":
    main()
