"""The platforms where somebody can say who they are: Slack and Telegram, each only where an administrator set it up.

One rule: an account is read as its chat is linked, so that whoever is known in a chat is the same person here.
"""

import re
from collections.abc import Mapping

from api.server.settings import ApiSettings
from api.web.openid import Provider

PLATFORMS = ("telegram", "slack")
"""In the order in which the login page offers them."""
REPEAT_NONCE = frozenset({"slack"})
"""Telegram leaves the nonce out of its id tokens (seen in August 2026)."""
_TEAM, _USER = "https://slack.com/team_id", "https://slack.com/user_id"
_SLACK_ID = re.compile(r"[A-Z0-9]{2,40}")
_TELEGRAM_ID = re.compile(r"[1-9][0-9]{0,18}")


def provider(settings: ApiSettings, platform: str) -> Provider | None:
    """The platform as it was set up; None where it was not."""
    if platform == "slack":
        client, secret, issuer = (
            settings.slack_sign_in_id,
            settings.slack_sign_in_secret,
            settings.slack_sign_in_url,
        )
        scope, account = "openid", slack_account
    else:
        client, secret, issuer = (
            settings.telegram_sign_in_id,
            settings.telegram_sign_in_secret,
            settings.telegram_sign_in_url,
        )
        scope, account = "openid profile", telegram_account
    if not client or secret is None or not secret.get_secret_value():
        return None
    back = f"{settings.public_url.rstrip('/')}{back_path(platform)}"
    return Provider(
        platform=platform,
        client=client,
        secret=secret,
        issuer=issuer.rstrip("/"),
        scope=scope,
        back=back,
        account=account,
        repeats_nonce=platform in REPEAT_NONCE,
    )


def back_path(platform: str) -> str:
    return f"/login/{platform}/back"


def offered(settings: ApiSettings) -> tuple[Provider, ...]:
    """What the login page shows."""
    found = (provider(settings, each) for each in PLATFORMS)
    return tuple(each for each in found if each is not None)


def slack_account(claims: Mapping[str, object]) -> str:
    """A team and a user together: a user's id alone may be another workspace's."""
    team, user = str(claims[_TEAM]), str(claims[_USER])
    if not _SLACK_ID.fullmatch(team) or not _SLACK_ID.fullmatch(user):
        raise ValueError("no account of Slack")
    return f"{team}:{user}"


def telegram_account(claims: Mapping[str, object]) -> str:
    """The number by which bots know the user; ``sub`` is another one for every client."""
    number = claims["id"]
    if isinstance(number, bool) or not _TELEGRAM_ID.fullmatch(str(number)):
        raise ValueError("no account of Telegram")
    return str(number)
