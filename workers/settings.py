"""The settings of relay and worker, from the environment."""

import datetime as dt
from pathlib import Path

from pydantic import Field, SecretStr

from api.startup import ProcessSettings


class WorkerSettings(ProcessSettings):
    """Names as in docs/operations.md; ``DATABASE_URL`` wins over what the stack made."""

    own_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    app_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_DB_APP_URL")
    redis_url: SecretStr = Field(validation_alias="REDIS_URL")
    api_url: str = Field(default="http://127.0.0.1:8080", validation_alias="PARLEY_API_URL")
    telegram_token: SecretStr | None = Field(default=None, validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_base: str = Field(default="https://api.telegram.org", validation_alias="TELEGRAM_API_BASE")
    slack_base: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_BASE")
    chat_key: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_CHAT_KEY", min_length=64, max_length=64
    )
    smtp_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_SMTP_URL")
    mail_from: str = Field(default="Parley <parley@localhost>", validation_alias="PARLEY_MAIL_FROM")
    n8n_url: str = Field(default="", validation_alias="N8N_URL")
    n8n_hook_secret: SecretStr | None = Field(default=None, validation_alias="N8N_HOOK_SECRET", min_length=32)
    callback_url: str = Field(default="", validation_alias="PARLEY_CALLBACK_URL")
    """Where n8n finds the API when it may not go through the public address."""
    callback_secret: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_CALLBACK_SECRET", min_length=32
    )
    n8n_ready_file: Path | None = Field(default=None, validation_alias="PARLEY_N8N_READY_FILE")
    notice_wait: float = Field(default=15, ge=0, validation_alias="PARLEY_NOTICE_WAIT_SECONDS")
    route_wait: float = Field(default=10, ge=0, validation_alias="PARLEY_ROUTE_WAIT_SECONDS")

    @property
    def database_url(self) -> str:
        """The app's login; the user's own address wins."""
        return _first(self.own_url, self.app_url, name="PARLEY_DB_APP_URL")

    @property
    def n8n_is_ready(self) -> bool:
        """Whether n8n answers right now; without a ready file, whether it is there at all."""
        if not self.n8n_url or self.n8n_hook_secret is None or self.callback_secret is None:
            return False
        return self.n8n_ready_file is None or self.n8n_ready_file.exists()

    @property
    def routing_timeout(self) -> dt.timedelta:
        """How long n8n may take to name who is asked first; none when it is not ready."""
        return dt.timedelta(seconds=self.route_wait if self.n8n_is_ready else 0)

    @property
    def notice_timeout(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.notice_wait if self.n8n_is_ready else 0)


class RelaySettings(WorkerSettings):
    """The relay seals as its own login and runs the clock's commands as the app."""

    sealing_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_DB_SEALER_URL")
    keys_dir: Path = Field(validation_alias="PARLEY_KEYS_DIR")
    checkpoints_dir: Path = Field(validation_alias="PARLEY_CHECKPOINTS_DIR")
    checkpoints_copy_dir: Path | None = Field(default=None, validation_alias="PARLEY_CHECKPOINTS_COPY_DIR")
    verify_hours: int = Field(default=24, ge=0, validation_alias="PARLEY_VERIFY_HOURS")
    """How often the relay verifies the whole log; 0 for never."""

    @property
    def checkpoint_folders(self) -> tuple[Path, ...]:
        """Where checkpoints are written: beside the database, and elsewhere when there is such a place."""
        copy = self.checkpoints_copy_dir
        return (self.checkpoints_dir,) if copy is None else (self.checkpoints_dir, copy)

    @property
    def sealer_url(self) -> str:
        """The sealer's login; the user's own address wins."""
        return _first(self.own_url, self.sealing_url, name="PARLEY_DB_SEALER_URL")


def _first(*urls: SecretStr | None, name: str) -> str:
    found = next((url for url in urls if url is not None), None)
    if found is None:
        raise SystemExit(f"set DATABASE_URL or {name}, such as postgresql://parley:…@127.0.0.1:5432/parley")
    return found.get_secret_value()
