"""The bot's settings, from the environment; a webhook without a secret stops the start."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from api.startup import ProcessSettings


class TelegramSettings(ProcessSettings):
    """Names as in docs/operations.md."""

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

    login_url: str = Field(default="", validation_alias="TELEGRAM_LOGIN_URL")
    """The dashboard's https address, whose domain is linked to the bot: login buttons then lead there."""

    @field_validator("login_url")
    @classmethod
    def https(cls, url: str) -> str:
        """Telegram refuses every other login button."""
        if url and not url.startswith("https://"):
            raise ValueError("TELEGRAM_LOGIN_URL begins with https://; without it /dashboard sends a link")
        return url.rstrip("/")

    @model_validator(mode="after")
    def guarded(self) -> "TelegramSettings":
        if self.mode == "webhook" and (
            len(self.webhook_secret.get_secret_value()) < 16 or not self.webhook_url
        ):
            raise ValueError(
                "webhook mode needs TELEGRAM_WEBHOOK_URL and TELEGRAM_WEBHOOK_SECRET (16 or more)"
            )
        return self
