"""The two platforms' providers over the sandbox's people: who is known in a chat can say so in a browser.

One rule: they are there only where an application was registered for them when the sandbox was started.
"""

import hashlib
import os
from collections.abc import Sequence

from sandbox.sign_in.openid_provider import OpenIdProvider, SignInClient, SignInUser
from sandbox.slack.world_store import SlackStore
from sandbox.telegram.model import TelegramPerson
from sandbox.telegram.world_store import TelegramStore

CLIENT = "parley"
TEAM, USER = "https://slack.com/team_id", "https://slack.com/user_id"


def telegram(store: TelegramStore, client: SignInClient) -> OpenIdProvider:
    """Telegram wants the client's secret in a header, tells the number with the profile, and repeats no nonce."""

    def users() -> Sequence[SignInUser]:
        return [telegram_user(client, each) for each in store.world.people.values()]

    return OpenIdProvider(
        "telegram",
        client,
        users,
        "client_secret_basic",
        frozenset({"openid", "profile", "phone"}),
        repeats_nonce=False,
    )


def telegram_user(client: SignInClient, person: TelegramPerson) -> SignInUser:
    """``sub`` is another one for every client; ``id`` is the number by which bots know the user."""
    name = " ".join(each for each in (person.first_name, person.last_name) if each)
    sub = str(int.from_bytes(hashlib.sha256(f"{client.id}:{person.id}".encode()).digest()[:7]))
    claims = {"sub": sub, "id": person.id, "name": name, "preferred_username": person.username or ""}
    return SignInUser(str(person.id), name, claims)


def slack(store: SlackStore, client: SignInClient) -> OpenIdProvider:
    """Slack wants the client's secret in the form, and names team and user."""

    def users() -> Sequence[SignInUser]:
        return [slack_user(each.team_id, each.id, each.full_name) for each in store.world.people.values()]

    return OpenIdProvider(
        "slack", client, users, "client_secret_post", frozenset({"openid", "profile", "email"})
    )


def registered(telegram_store: TelegramStore, slack_store: SlackStore) -> Sequence[OpenIdProvider]:
    """What the environment registers: the application's address and its secret at both platforms."""
    address, secret = os.environ.get("SANDBOX_SIGN_IN_FOR", ""), os.environ.get("SANDBOX_SIGN_IN_SECRET", "")
    if not address or not secret:
        return ()

    def client(platform: str) -> SignInClient:
        return SignInClient(CLIENT, secret, f"{address.rstrip('/')}/login/{platform}/back")

    return telegram(telegram_store, client("telegram")), slack(slack_store, client("slack"))


def slack_user(team: str, user: str, name: str) -> SignInUser:
    return SignInUser(f"{team}:{user}", name, {"sub": user, TEAM: team, USER: user})
