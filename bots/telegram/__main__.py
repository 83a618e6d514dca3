"""``python -m bots.telegram``: one bot process."""

import asyncio

from bots.telegram.app import serve
from bots.telegram.settings import BotSettings


def main() -> None:
    asyncio.run(serve(BotSettings()))


if __name__ == "__main__":
    main()
