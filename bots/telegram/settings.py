"""The bot's settings, from the environment; a webhook without a secret stops the start."""

from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class TelegramSettings(BaseSettings):
    """Names as in docs/operations.md."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    api_url: str = Field(validation_alias="PARLEY_API_URL")
    bot_key: SecretStr = Field(validation_alias="BOT_KEY", min_length=64, max_length=64)
    redis_url: SecretStr = Field(default=SecretStr(""), validation_alias="REDIS_URL")
    token: SecretStr = Field(validation_alias="TELEGRAM_BOT_TOKEN")
    api_base: str = Field(default="https://api.telegram.org", validation_alias="TELEGRAM_API_BASE")
    mode: Literal["webhook", "polling"] = Field(default="polling", validation_alias="TELEGRAM_MODE")
    webhook_url: str = Field(default="", validation_alias="TELEGRAM_WEBHOOK_URL")
    webhook_host: str = Field(default="127.0.0.1", validation_alias="TELEGRAM_WEBHOOK_HOST")
    webhook_port: int = Field(default=8090, validation_alias="TELEGRAM_WEBHOOK_PORT")
    webhook_secret: SecretStr = Field(default=SecretStr(""), validation_alias="TELEGRAM_WEBHOOK_SECRET")

    @model_validator(mode="after")
    def guarded(self) -> "TelegramSettings":
        if self.mode == "webhook" and (
            len(self.webhook_secret.get_secret_value()) < 16 or not self.webhook_url
        ):
            raise ValueError(
                "webhook mode needs TELEGRAM_WEBHOOK_URL and TELEGRAM_WEBHOOK_SECRET (16 or more)"
            )
        return self
