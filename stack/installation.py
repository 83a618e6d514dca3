"""The installation: its folders, ports, secrets and addresses, and which services are wanted.

One rule: what the environment sets always wins over what the stack would bring itself.

That holds for DATABASE_URL, REDIS_URL, TELEGRAM_BOT_TOKEN and SLACK_SIGNING_SECRET.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from administration import logins
from administration.logins import DatabaseUrls
from stack import ports, stored_secrets
from stack.errors import StackError
from stack.json_files import read_json
from stack.options import Options
from stack.paths import Paths
from stack.services import database, postgres, redis

HOST = ports.HOST
MAX_API_PROCESSES = 16


@dataclass(frozen=True)
class LocalInstallation:
    """Everything that the service table is made from."""

    paths: Paths
    options: Options
    ports: Mapping[str, int]
    secrets: Mapping[str, str]
    databases: DatabaseUrls
    redis_url: str

    @property
    def uses_own_database(self) -> bool:
        return bool(os.environ.get("DATABASE_URL"))

    @property
    def uses_own_redis(self) -> bool:
        return bool(os.environ.get("REDIS_URL"))

    @property
    def api_processes(self) -> int:
        """How many processes serve the API; StackError when that is no number from 1 to 16."""
        wanted = os.environ.get("PARLEY_API_PROCESSES", "1")
        if not wanted.isascii() or not wanted.isdigit() or not 1 <= int(wanted) <= MAX_API_PROCESSES:
            raise StackError(
                f"PARLEY_API_PROCESSES={wanted} is no number from 1 to {MAX_API_PROCESSES}:"
                " type 'export PARLEY_API_PROCESSES=2'"
            )
        return int(wanted)

    @property
    def sandbox(self) -> bool:
        """Somebody with a bot of their own uses Telegram itself."""
        return not os.environ.get("TELEGRAM_BOT_TOKEN")

    @property
    def slack(self) -> Literal["own", "sandbox", ""]:
        """Somebody with an app of their own uses Slack itself; without one, the sandbox plays Slack too."""
        if os.environ.get("SLACK_SIGNING_SECRET"):
            return "own"
        return "sandbox" if self.sandbox else ""

    @property
    def slack_api(self) -> str:
        """The Web API that the app and the workers call."""
        if self.slack == "sandbox":
            return f"{self.url('sandbox')}/slack/api/"
        return os.environ.get("SLACK_API_BASE") or "https://slack.com/api/"

    def url(self, service: str) -> str:
        """The loopback address of a service."""
        return f"http://{HOST}:{self.ports[service]}"

    @property
    def telegram_api(self) -> str | None:
        return self.url("sandbox") if self.sandbox else os.environ.get("TELEGRAM_API_BASE")

    @property
    def admin_url(self) -> str:
        """The embedded server's superuser."""
        server = f"postgresql://{HOST}:{self.ports['postgres']}/postgres"
        return logins.with_login(server, postgres.SUPERUSER, self.secrets["postgres"])

    def public_facts(self) -> dict[str, object]:
        """What ``status`` may show: no secret."""
        return {
            "api": self.url("api"),
            "sandbox": self.url("sandbox") if self.sandbox else None,
            "telegram_api": self.telegram_api or "https://api.telegram.org",
            "slack_api": self.slack_api if self.slack else None,
            "n8n": self.url("n8n"),
            "fence": self.databases.fence,
            "options": asdict(self.options),
            "ports": dict(self.ports),
        }


def load(paths: Paths) -> LocalInstallation:
    """The running or most recent installation, read without creating or changing anything."""
    numbers = {name: int(str(port)) for name, port in read_json(paths.run / "ports.json").items()}
    if not numbers:
        raise StackError("Parley has not been started here yet: type './parley up'")
    return _build(paths, Options(), numbers)


def create(paths: Paths, options: Options, claims: ports.PortClaims) -> LocalInstallation:
    """Choose ports, secrets and addresses; call it only while none of our services is running."""
    _make_signing_key(paths)
    return _build(paths, options, ports.assign(paths.run / "ports.json", claims))


def _make_signing_key(paths: Paths) -> None:
    """The first key: the api and the relay need one, and whichever of them starts first must find it."""
    if not any(paths.keys.glob("*.pem")):
        from api.server.signing_keys import load_keys

        load_keys(paths.keys)


def _build(paths: Paths, options: Options, numbers: Mapping[str, int]) -> LocalInstallation:
    secrets = stored_secrets.load(paths)
    database_url = os.environ.get("DATABASE_URL")
    if database_url:
        databases = asyncio.run(database.resolve_own_server(database_url, secrets, os.environ))
    else:
        server = f"postgresql://{HOST}:{numbers['postgres']}/{logins.NAME}"
        databases = logins.urls_on(server, secrets)
    redis_url = os.environ.get("REDIS_URL") or redis.url_for(numbers["redis"], secrets["redis"])
    return LocalInstallation(paths, options, numbers, secrets, databases, redis_url)
