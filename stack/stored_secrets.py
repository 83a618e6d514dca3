"""The secrets of one installation: taken from the environment, else created once and stored.

One rule: no secret has a default.

A created secret is random, in a file that only its owner can read; a secret from the environment wins and is
not stored.
"""

import os
import secrets
from collections.abc import Callable, Mapping

from stack.errors import StackError
from stack.json_files import read_json, write_json
from stack.paths import Paths


def _bot_token() -> str:
    """A token in the format of Telegram's own."""
    return f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_urlsafe(40)[:35]}"


_GENERATORS: Mapping[str, Callable[[], str]] = {
    "postgres": lambda: secrets.token_urlsafe(24),
    "owner": lambda: secrets.token_urlsafe(24),
    "app": lambda: secrets.token_urlsafe(24),
    "sealer": lambda: secrets.token_urlsafe(24),
    "reader": lambda: secrets.token_urlsafe(24),
    "redis": lambda: secrets.token_urlsafe(24),
    "sign_in": lambda: secrets.token_urlsafe(24),
    "BOT_KEY": lambda: secrets.token_hex(32),
    "N8N_HOOK_SECRET": lambda: secrets.token_urlsafe(36),
    "PARLEY_CALLBACK_SECRET": lambda: secrets.token_urlsafe(36),
    "PARLEY_CHAT_KEY": lambda: secrets.token_hex(32),
    "SLACK_BOT_TOKEN": lambda: f"xoxb-{secrets.randbelow(10**12)}-{secrets.token_hex(12)}",
    "SLACK_SIGNING_SECRET": lambda: secrets.token_hex(16),
    "TELEGRAM_BOT_TOKEN": _bot_token,
    "TELEGRAM_WEBHOOK_SECRET": lambda: secrets.token_urlsafe(32),
}


def load(paths: Paths) -> dict[str, str]:
    """Every secret by name; missing ones are created and stored."""
    stored = {name: str(value) for name, value in read_json(paths.secrets).items()}
    if paths.secrets.exists() and not stored:
        raise StackError(
            f"{paths.secrets} cannot be read: correct it, or type './parley reset' to start empty"
        )
    missing = {name: make() for name, make in _GENERATORS.items() if name not in stored}
    if missing:
        stored |= missing
        write_json(paths.secrets, stored, mode=0o600)
    from_environment = {
        name: os.environ[name] for name in _GENERATORS if name.isupper() and os.environ.get(name)
    }
    _check(from_environment)
    return stored | from_environment


def _check(from_environment: Mapping[str, str]) -> None:
    for name in ("BOT_KEY", "PARLEY_CHAT_KEY"):
        key = from_environment.get(name, "0" * 64)
        if len(key) != 64 or set(key.lower()) - set("0123456789abcdef"):
            raise StackError(
                f"{name} must be 64 hexadecimal characters: type 'unset {name}' to have one created"
            )
    if len(from_environment.get("N8N_HOOK_SECRET", "x" * 32).encode()) < 32:
        raise StackError("N8N_HOOK_SECRET must have 32 characters or more: type 'unset N8N_HOOK_SECRET'")
