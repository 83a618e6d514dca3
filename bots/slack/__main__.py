"""``python -m bots.slack``: one app process."""

from api import logging
from api.metrics import serve_metrics
from api.startup import importing, run, settings_or_exit
from bots.slack.settings import SlackSettings


def main() -> None:
    logging.configure()
    serve_metrics()
    settings = settings_or_exit(SlackSettings, "the Slack app")
    with importing():
        from bots.slack.app import serve
    run(serve(settings))


if __name__ == "__main__":
    main()
