"""A test's database as the installation that an administrator's command works on."""

from pathlib import Path

from administration.target import Target
from tests.support.postgres import Database


def target_of(database: Database, folder: Path) -> Target:
    """Keys and checkpoints are below ``folder``."""
    return Target(
        logins=database.addresses.by_login,
        redis_url="",
        api_url="http://127.0.0.1:8080",
        keys=folder / "keys",
        files=folder / "files",
        checkpoints=folder / "checkpoints",
        link_url="https://t.me/parley_bot",
    )
