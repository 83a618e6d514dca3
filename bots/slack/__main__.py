"""``python -m bots.slack``: one app process."""

import asyncio

from pydantic import ValidationError

from bots.slack.app import serve
from bots.slack.settings import SlackSettings


def main() -> None:
    asyncio.run(serve(settings_or_exit()))


def settings_or_exit() -> SlackSettings:
    """The settings, or one line per wrong variable; never its value."""
    try:
        return SlackSettings()
    except ValidationError as error:
        wrong = [f"{'/'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise SystemExit("the Slack app does not start:\n" + "\n".join(wrong)) from None


if __name__ == "__main__":
    main()
