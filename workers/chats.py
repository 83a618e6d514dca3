"""The chat platforms that a worker sends to.

One rule: only a process that sends to chats imports this; the relay does not, because aiogram takes seconds to import.
"""

from redis.asyncio import Redis

from bots.cards.sending import Outbound
from bots.slack.outbound import SlackOutbound as Slack
from bots.slack.workspace_tokens import WorkspaceTokens
from bots.telegram.outbound import TelegramOutbound as Telegram
from core.db.engine import Engine
from core.kernel.encryption import SecretBox
from workers.settings import WorkerSettings
from workers.workspaces import look_up_installation, revoke_installation


def outbounds(settings: WorkerSettings, engine: Engine) -> dict[str, Outbound]:
    """The platforms that are set up."""
    chats: dict[str, Outbound] = {}
    redis = Redis.from_url(settings.redis_url.get_secret_value())
    if settings.telegram_token is not None:
        token = settings.telegram_token.get_secret_value()
        chats["telegram"] = Telegram(token, settings.telegram_base, redis=redis)
    if settings.chat_key is not None:
        secret_box = SecretBox.from_hex(settings.chat_key.get_secret_value())
        known = WorkspaceTokens(
            look_up_installation(engine, secret_box), revoke_installation(engine, secret_box)
        )
        chats["slack"] = Slack(known, settings.slack_base, redis=redis)
    return chats
