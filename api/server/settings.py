"""The API's settings, from the environment.

One rule: a short or missing secret stops the start.
"""

import hmac
import shlex
from functools import cached_property
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, field_validator

from api.startup import ProcessSettings
from core.documents.scan import CommandScanner, EicarScanner, Scanner

FEWEST_SIGNS = 8


class ApiSettings(ProcessSettings):
    """The variables are described in docs/operations.md; ``DATABASE_URL`` wins over the stack's address."""

    database_url: SecretStr = Field(validation_alias=AliasChoices("DATABASE_URL", "PARLEY_DB_APP_URL"))
    keys_dir: Path = Field(validation_alias="PARLEY_KEYS_DIR")
    files_dir: Path = Field(validation_alias="PARLEY_FILES_DIR")
    checkpoints_dir: Path | None = Field(default=None, validation_alias="PARLEY_CHECKPOINTS_DIR")
    checkpoints_copy_dir: Path | None = Field(default=None, validation_alias="PARLEY_CHECKPOINTS_COPY_DIR")
    scripts_dir: Path | None = Field(default=None, validation_alias="PARLEY_SCRIPTS_DIR")
    bot_key: SecretStr = Field(validation_alias="BOT_KEY", min_length=64, max_length=64)
    callback_secret: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_CALLBACK_SECRET", min_length=32
    )
    chat_key: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_CHAT_KEY", min_length=64, max_length=64
    )
    host: str = Field(default="127.0.0.1", validation_alias="PARLEY_API_HOST")
    port: int = Field(default=8080, validation_alias="PARLEY_API_PORT")
    socket: int | None = Field(default=None, ge=3, validation_alias="PARLEY_API_SOCKET")
    """A descriptor of a socket that listens already; it wins over host and port."""
    proxies: str = Field(default="", validation_alias="PARLEY_PROXIES")
    """Addresses and networks, with commas: only what comes from there says by X-Forwarded-For who calls."""
    public_url: str = Field(default="http://127.0.0.1:8080", validation_alias="PARLEY_API_URL")
    bot_username: str = Field(default="parley_bot", validation_alias="TELEGRAM_BOT_USERNAME")
    chat_link_base: str = Field(default="https://t.me", validation_alias="PARLEY_CHAT_LINK_BASE")
    pool_size: int = Field(default=8, ge=1, le=50, validation_alias="PARLEY_API_POOL")
    slack_sign_in_id: str = Field(default="", validation_alias="PARLEY_SLACK_SIGN_IN_ID")
    slack_sign_in_secret: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_SLACK_SIGN_IN_SECRET"
    )
    slack_sign_in_url: str = Field(default="https://slack.com", validation_alias="PARLEY_SLACK_SIGN_IN_URL")
    telegram_sign_in_id: str = Field(default="", validation_alias="PARLEY_TELEGRAM_SIGN_IN_ID")
    telegram_sign_in_secret: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_TELEGRAM_SIGN_IN_SECRET"
    )
    telegram_sign_in_url: str = Field(
        default="https://oauth.telegram.org", validation_alias="PARLEY_TELEGRAM_SIGN_IN_URL"
    )
    telegram_login_key: SecretStr | None = Field(
        default=None, validation_alias="PARLEY_TELEGRAM_LOGIN_KEY", min_length=64, max_length=64
    )
    """The SHA-256 of the bot's token: it proves who pressed a login button, and cannot act as the bot."""
    scan_command: str = Field(default="", validation_alias="PARLEY_SCAN_COMMAND")
    """A program that reads a file from its input; see ``core.documents.scan``."""
    writes_per_minute: int = Field(default=600, ge=1, validation_alias="PARLEY_WRITES_PER_MINUTE")

    @field_validator("bot_key", "callback_secret", "chat_key", "telegram_login_key")
    @classmethod
    def not_a_placeholder(cls, secret: SecretStr | None) -> SecretStr | None:
        """Refuse a secret of few different characters: it was typed only to fill the field."""
        if secret is not None and len(set(secret.get_secret_value())) < FEWEST_SIGNS:
            raise ValueError("is a placeholder; make one with: openssl rand -hex 32")
        return secret

    @field_validator("chat_key", "telegram_login_key")
    @classmethod
    def hexadecimal(cls, secret: SecretStr | None) -> SecretStr | None:
        """Converted to 32 bytes: they encrypt the tokens of chat apps, and check who pressed a login button."""
        if secret is not None and set(secret.get_secret_value().lower()) - set("0123456789abcdef"):
            raise ValueError("has 64 hexadecimal digits; make one with: openssl rand -hex 32")
        return secret

    def is_bot_key(self, key: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(key.encode(), self.bot_key.get_secret_value().encode())

    @cached_property
    def scanner(self) -> Scanner:
        """What looks through every file that is uploaded."""
        command = shlex.split(self.scan_command)
        return CommandScanner(command) if command else EicarScanner()

    @cached_property
    def link_url(self) -> str:
        """The address that opens a one-time code: the bot's deep link."""
        return f"{self.chat_link_base.rstrip('/')}/{self.bot_username}?start="
