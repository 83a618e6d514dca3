"""The installation of this clone, as the administrator's commands want it."""

import os
from pathlib import Path

from administration.target import Target
from stack import installation
from stack.paths import Paths
from stack.services.environments import ServiceEnvironments


def clone_target(paths: Paths) -> Target:
    """Its addresses and folders; StackError when it was never started."""
    present = installation.load(paths)
    names = ServiceEnvironments(present).api()
    copy = os.environ.get("PARLEY_CHECKPOINTS_COPY_DIR")
    base = names.get("PARLEY_CHAT_LINK_BASE", "https://t.me")
    return Target(
        logins=present.databases.by_login,
        redis_url=present.redis_url,
        api_url=present.url("api"),
        keys=paths.keys,
        files=paths.files,
        checkpoints=paths.checkpoints,
        checkpoints_copy=Path(copy) if copy else None,
        n8n_database=paths.n8n_database,
        link_url=f"{base}/{names['TELEGRAM_BOT_USERNAME']}",
    )
