"""What an administrator's command works on: the addresses and folders of one installation.

One rule: a command opens only what it uses, so that a machine which may only read the log needs no other login.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, SecretStr

from administration.errors import CommandError
from administration.logins import LOGINS
from api.startup import ProcessSettings, settings_or_exit


class AdministrationSettings(ProcessSettings):
    """The variables are described in docs/deployment.md; ``DATABASE_URL`` stands for every login that has none."""

    own_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    owner_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_DB_OWNER_URL")
    app_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_DB_APP_URL")
    sealer_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_DB_SEALER_URL")
    reader_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_DB_READER_URL")
    redis_url: SecretStr | None = Field(default=None, validation_alias="REDIS_URL")
    api_url: str = Field(default="http://127.0.0.1:8080", validation_alias="PARLEY_API_URL")
    keys_dir: Path = Field(default=Path("keys"), validation_alias="PARLEY_KEYS_DIR")
    files_dir: Path = Field(default=Path("files"), validation_alias="PARLEY_FILES_DIR")
    checkpoints_dir: Path = Field(default=Path("checkpoints"), validation_alias="PARLEY_CHECKPOINTS_DIR")
    checkpoints_copy_dir: Path | None = Field(default=None, validation_alias="PARLEY_CHECKPOINTS_COPY_DIR")
    n8n_database: Path | None = Field(default=None, validation_alias="PARLEY_N8N_DATABASE")
    bot_username: str = Field(default="parley_bot", validation_alias="TELEGRAM_BOT_USERNAME")
    chat_link_base: str = Field(default="https://t.me", validation_alias="PARLEY_CHAT_LINK_BASE")

    def target(self) -> "Target":
        return Target(
            logins={login: url for login in LOGINS if (url := self._url(login))},
            redis_url=self.redis_url.get_secret_value() if self.redis_url else "",
            api_url=self.api_url,
            keys=self.keys_dir,
            files=self.files_dir,
            checkpoints=self.checkpoints_dir,
            checkpoints_copy=self.checkpoints_copy_dir,
            n8n_database=self.n8n_database,
            link_url=f"{self.chat_link_base.rstrip('/')}/{self.bot_username}",
        )

    def _url(self, login: str) -> str:
        url: SecretStr | None = getattr(self, f"{login}_url") or self.own_url
        return url.get_secret_value() if url else ""


@dataclass(frozen=True)
class Target:
    """One installation; ``logins`` has the address of each login in PostgreSQL that is known here."""

    logins: Mapping[str, str]
    redis_url: str
    api_url: str
    keys: Path
    files: Path
    checkpoints: Path
    link_url: str
    """The bot's address, to which a code is added."""
    checkpoints_copy: Path | None = None
    n8n_database: Path | None = None
    """The SQLite file of n8n's runs, where it can be read."""

    def url(self, login: str) -> str:
        """The address of a login; CommandError when nobody gave one."""
        if login not in self.logins:
            name = f"PARLEY_DB_{login.upper()}_URL"
            raise CommandError(
                f"set {name} or {name}_FILE, such as postgresql://parley_{login}:…@db:5432/parley"
            )
        return self.logins[login]

    @property
    def database_url(self) -> str:
        return self.url("app")


def target_from_environment() -> Target:
    """The installation that the variables of this process describe."""
    return settings_or_exit(AdministrationSettings, "parley").target()
