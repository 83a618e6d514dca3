"""The app's settings, from the environment; without a signing secret it does not start."""

from typing import Literal

from pydantic import Field, SecretStr, model_validator

from api.startup import ProcessSettings

SLACK = "https://slack.com/api/"


class SlackSettings(ProcessSettings):
    """Names as in docs/operations.md."""

    api_url: str = Field(validation_alias="PARLEY_API_URL")
    bot_key: SecretStr = Field(validation_alias="BOT_KEY", min_length=64, max_length=64)
    redis_url: SecretStr = Field(default=SecretStr(""), validation_alias="REDIS_URL")
    signing_secret: SecretStr = Field(validation_alias="SLACK_SIGNING_SECRET", min_length=16)
    bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    api_base: str = Field(default=SLACK, validation_alias="SLACK_API_BASE")
    mode: Literal["http", "socket"] = Field(default="http", validation_alias="SLACK_MODE")
    app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    host: str = Field(default="127.0.0.1", validation_alias="SLACK_HOST")
    port: int = Field(default=8092, validation_alias="SLACK_PORT")
    client_id: str = Field(default="", validation_alias="SLACK_CLIENT_ID")
    client_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_CLIENT_SECRET")
    public_url: str = Field(default="", validation_alias="SLACK_PUBLIC_URL")
    authorize_url: str = Field(
        default="https://slack.com/oauth/v2/authorize", validation_alias="SLACK_AUTHORIZE_URL"
    )

    @model_validator(mode="after")
    def guarded(self) -> "SlackSettings":
        if len(set(self.signing_secret.get_secret_value())) < 6:
            raise ValueError("SLACK_SIGNING_SECRET is a placeholder; it stands under Basic Information")
        if self.mode == "socket" and self.app_token is None:
            raise ValueError("socket mode needs SLACK_APP_TOKEN (xapp-…)")
        if bool(self.client_id) != bool(self.client_secret):
            raise ValueError("an install page needs both SLACK_CLIENT_ID and SLACK_CLIENT_SECRET")
        return self
