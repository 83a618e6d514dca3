"""The command ``init``: every secret of an installation as a file of its own, and where each process finds them.

    parley init FOLDER                one folder for processes of one user; FOLDER/parley.env names every file
    parley init FOLDER --by-process   a folder per process, with what that process may know and nothing else; PostgreSQL
                                      and Redis are started with the passwords that are made here

One rule: a secret is made once. What is in the folder stays; only what the environment gives replaces it.
"""

import argparse
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from administration.errors import CommandError
from administration.logins import database_of, urls_on, with_login
from api.server.signing_keys import load_keys

OWNER_ONLY, GROUP_TOO = 0o700, 0o750
MADE: Mapping[str, Callable[[], str]] = {
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
    "PARLEY_APP_PASSWORD": lambda: secrets.token_urlsafe(24),
    "PARLEY_SEALER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "PARLEY_READER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "PARLEY_BACKUP_PASSWORD": lambda: secrets.token_urlsafe(24),
    "REDIS_PASSWORD": lambda: secrets.token_urlsafe(24),
    "BOT_KEY": lambda: secrets.token_hex(32),
    "PARLEY_CALLBACK_SECRET": lambda: secrets.token_urlsafe(36),
    "PARLEY_CHAT_KEY": lambda: secrets.token_hex(32),
    "TELEGRAM_WEBHOOK_SECRET": lambda: secrets.token_urlsafe(32),
    "N8N_HOOK_SECRET": lambda: secrets.token_urlsafe(36),
    "N8N_ENCRYPTION_KEY": lambda: secrets.token_urlsafe(36),
    "N8N_RUNNERS_AUTH_TOKEN": lambda: secrets.token_urlsafe(24),
    "N8N_DATABASE_PASSWORD": lambda: secrets.token_urlsafe(24),
    "GRAFANA_PASSWORD": lambda: secrets.token_urlsafe(18),
}
"""Secrets that nobody but this installation needs to know."""
GIVEN = (
    "TELEGRAM_BOT_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_SECRET",
    "PARLEY_SLACK_SIGN_IN_SECRET",
    "PARLEY_TELEGRAM_SIGN_IN_SECRET",
    "PARLEY_SMTP_URL",
    "PARLEY_BACKUP_URL",
    "PARLEY_BACKUP_PASSPHRASE",
)
"""Secrets of other people's servers, and the passphrase; one that is not given is an empty file, which means none."""
BY_PROCESS: Mapping[str, tuple[str, ...]] = {
    "postgres": ("POSTGRES_PASSWORD", "PARLEY_BACKUP_PASSWORD"),
    "redis": ("redis.conf",),
    "migrate": (
        "PARLEY_DB_OWNER_URL",
        "PARLEY_DB_APP_URL",
        "PARLEY_DB_SEALER_URL",
        "PARLEY_DB_READER_URL",
    ),
    "api": (
        "PARLEY_DB_APP_URL",
        "BOT_KEY",
        "PARLEY_CALLBACK_SECRET",
        "PARLEY_CHAT_KEY",
        "PARLEY_SLACK_SIGN_IN_SECRET",
        "PARLEY_TELEGRAM_LOGIN_KEY",
        "PARLEY_TELEGRAM_SIGN_IN_SECRET",
    ),
    "relay": (
        "PARLEY_DB_APP_URL",
        "PARLEY_DB_SEALER_URL",
        "REDIS_URL",
        "PARLEY_CALLBACK_SECRET",
        "N8N_HOOK_SECRET",
    ),
    "worker": (
        "PARLEY_DB_APP_URL",
        "REDIS_URL",
        "PARLEY_CALLBACK_SECRET",
        "PARLEY_CHAT_KEY",
        "N8N_HOOK_SECRET",
        "TELEGRAM_BOT_TOKEN",
        "PARLEY_SMTP_URL",
    ),
    "backup": ("PARLEY_DB_APP_URL", "PARLEY_BACKUP_URL", "PARLEY_BACKUP_PASSPHRASE"),
    "telegram": ("BOT_KEY", "REDIS_URL", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"),
    "slack": ("BOT_KEY", "REDIS_URL", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_CLIENT_SECRET"),
    "n8n": (
        "N8N_ENCRYPTION_KEY",
        "N8N_RUNNERS_AUTH_TOKEN",
        "N8N_DATABASE_PASSWORD",
        "REDIS_PASSWORD",
        "credential.json",
    ),
    "n8n-postgres": ("N8N_DATABASE_PASSWORD",),
    "grafana": ("GRAFANA_PASSWORD",),
}
"""What each process may read; the bots have no database, and only ``migrate`` has the owner's login."""


@dataclass(frozen=True)
class Servers:
    """Where PostgreSQL and Redis are; ``protected`` puts a password of ours into an address that has none."""

    database: str
    redis: str
    protected: bool


def initialise(args: argparse.Namespace) -> int:
    """Make what is missing below the folder; CommandError when an address is missing or no address."""
    folder: Path = args.folder
    servers = Servers(
        _address(args.database, "--database", "postgresql://parley_owner@db:5432/parley"),
        _address(args.redis, "--redis", "redis://redis:6379/0"),
        protected=args.by_process,
    )
    database_of(servers.database)
    known = _known(folder / "secrets")
    texts = known | _derived(known, servers)
    _write(folder / "secrets", texts, OWNER_ONLY)
    load_keys(folder / "keys")
    (folder / "keys").chmod(OWNER_ONLY)
    if args.by_process:
        for process, names in BY_PROCESS.items():
            _write(folder / process, {name: texts[name] for name in names}, GROUP_TOO)
        print(f"{folder} has the secrets of {len(BY_PROCESS)} processes, and the signing key.")
        return 0
    for name in ("files", "checkpoints"):
        (folder / name).mkdir(mode=OWNER_ONLY, exist_ok=True)
    file = folder / "parley.env"
    file.write_text(_environment(folder.resolve(), texts), encoding="utf-8")
    print(f"Every process of this installation starts with:  set -a; . {file}; set +a")
    return 0


def _address(given: str | None, option: str, example: str) -> str:
    if not given or not urlsplit(given).hostname:
        raise CommandError(f"give {option} ADDRESS, such as {example}")
    return given


def _known(folder: Path) -> dict[str, str]:
    """What the environment gives, else what is in the folder, else something new."""
    return {name: _stored(folder, name) or make() for name, make in MADE.items()} | {
        name: os.environ.get(name) or _stored(folder, name) for name in GIVEN
    }


def _stored(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _derived(known: Mapping[str, str], servers: Servers) -> dict[str, str]:
    """Addresses with their passwords, the key of login buttons, and the files of programs that read no variable."""
    parts = urlsplit(servers.database)
    owner, backup = servers.database, known["PARLEY_BACKUP_URL"]
    if servers.protected and not parts.password:
        owner = with_login(owner, parts.username or "parley_owner", known["POSTGRES_PASSWORD"])
        backup = backup or with_login(owner, "parley_backup", known["PARLEY_BACKUP_PASSWORD"])
    passwords = {login: known[f"PARLEY_{login.upper()}_PASSWORD"] for login in ("app", "sealer", "reader")}
    ours = urls_on(owner, passwords | {"owner": known["POSTGRES_PASSWORD"]}).by_login | {"owner": owner}
    data = {"keyType": "passphrase", "secret": known["N8N_HOOK_SECRET"], "algorithm": "HS256"}
    credential = {"id": "parley-hook", "name": "Parley hook", "type": "jwtAuth", "data": data}
    return {f"PARLEY_DB_{login.upper()}_URL": url for login, url in ours.items()} | {
        "REDIS_URL": _with_password(servers.redis, known["REDIS_PASSWORD"])
        if servers.protected
        else servers.redis,
        "PARLEY_BACKUP_URL": backup,
        "PARLEY_TELEGRAM_LOGIN_KEY": _login_key(known["TELEGRAM_BOT_TOKEN"]),
        "redis.conf": f"requirepass {known['REDIS_PASSWORD']}\n",
        "credential.json": json.dumps([credential]),
    }


def _login_key(bot_token: str) -> str:
    """It proves who pressed a login button, and cannot act as the bot; none without a bot."""
    return hashlib.sha256(bot_token.encode()).hexdigest() if bot_token else ""


def _with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    if parts.password:
        return url
    return urlunsplit(parts._replace(netloc=f":{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"))


def _write(folder: Path, texts: Mapping[str, str], mode: int) -> None:
    """A file is written whole or stays as it was: an empty one would be a secret that is made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)
    for name, text in texts.items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            partial = folder / f".{name}"
            partial.touch(mode=0o600)
            with partial.open("w", encoding="utf-8") as written:
                written.write(text)
                written.flush()
                os.fsync(written.fileno())
            partial.replace(file)
        file.chmod(mode & 0o660)


def _environment(folder: Path, texts: Mapping[str, str]) -> str:
    """One line per variable; a shell, systemd's EnvironmentFile and env_file read it alike."""
    variables: Sequence[str] = sorted(
        {name for names in BY_PROCESS.values() for name in names if name in texts and name.isupper()}
        - {"POSTGRES_PASSWORD", "PARLEY_BACKUP_PASSWORD", "REDIS_PASSWORD", "GRAFANA_PASSWORD"}
        - {name for name in texts if name.startswith("N8N_") and name != "N8N_HOOK_SECRET"}
    )
    folders = {"KEYS": "keys", "FILES": "files", "CHECKPOINTS": "checkpoints", "SECRETS": "secrets"}
    lines = [f"{name}_FILE={folder / 'secrets' / name}" for name in variables]
    lines += [f"PARLEY_{name}_DIR={folder / below}" for name, below in folders.items()]
    return "\n".join(lines) + "\n"
