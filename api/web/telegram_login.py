"""What Telegram adds to the address of a login button: who pressed, when, and a hash that only our bot's token makes.

One rule: without the right hash nothing of it is read, and what is older than five minutes says nothing any more.

Checked is what core.telegram.org/widgets/login-legacy describes. The API knows the SHA-256 of the token, which is the
key of the hash, and never the token itself.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from core.web_sessions.errors import SignInFailed
from core.web_sessions.model import SignInProof

PATH = "/login/telegram/chat"
LIFE = dt.timedelta(minutes=5)
LEEWAY = dt.timedelta(seconds=30)
HASHED = ("auth_date", "first_name", "id", "last_name", "photo_url", "username")
"""Everything that Telegram may send beside the hash; what else stands in the address is ours."""
MOST_SIGNS = 1_000
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PressedLogin:
    """Who pressed, and the proof that counts once."""

    account: str
    proof: SignInProof


def is_sent(sent: Mapping[str, str]) -> bool:
    """Whether Telegram said anything; whoever keeps their name to themselves comes with the bare address."""
    return "hash" in sent


def pressed(key: SecretStr, sent: Mapping[str, str], now: dt.datetime) -> PressedLogin:
    """Who pressed the button; SignInFailed for whatever does not hold."""
    told = {name: sent[name] for name in HASHED if name in sent}
    given = sent.get("hash", "")
    if not _HASH.fullmatch(given) or any(len(each) > MOST_SIGNS for each in told.values()):
        raise SignInFailed(platform="Telegram")
    line = "\n".join(f"{name}={told[name]}" for name in HASHED if name in told)
    expected = hmac.new(bytes.fromhex(key.get_secret_value()), line.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, given):
        raise SignInFailed(platform="Telegram")
    account, at = told.get("id", ""), told.get("auth_date", "")
    if not _NUMBER.fullmatch(account) or not _NUMBER.fullmatch(at):
        raise SignInFailed(platform="Telegram")
    age = now.timestamp() - int(at)
    if not -LEEWAY.total_seconds() <= age <= LIFE.total_seconds():
        raise SignInFailed(platform="Telegram")
    fingerprint = hashlib.sha256(bytes.fromhex(given)).digest()
    return PressedLogin(account, SignInProof(fingerprint, now + LIFE + LEEWAY))
