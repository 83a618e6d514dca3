"""``python -m workers.relay_process``: one relay process. Any number may run.

One rule: what the relay imports is loaded here, after the settings, as the other processes do it.
"""

from api import logging
from api.metrics import serve_metrics, watch_disk
from api.startup import importing, run, settings_or_exit
from workers.settings import RelaySettings


def main() -> None:
    logging.configure()
    serve_metrics()
    settings = settings_or_exit(RelaySettings, "the relay")
    watch_disk("checkpoints", settings.checkpoints_dir)
    with importing():
        from workers.relay import Relay
    run(Relay(settings).run())


if __name__ == "__main__":
    main()
