"""``python -m stack.demo``: fills an empty installation with the demo company and a year of its history.

One rule: it may run again; existing data stays, and the sandbox's people are registered anew.
"""

import asyncio
import datetime as dt
import json
import os
import secrets
import sys
import time
import urllib.request
from collections.abc import Collection, Mapping
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from api import logging
from api.startup import run
from core.db.connection import Connection
from core.db.engine import make_engine
from core.kernel.clock import FixedClock, SystemClock
from core.people.tables import people
from stack.demo import company
from stack.demo.chat_accounts import correct_links
from stack.demo.chat_groups import bind_groups, registrations
from stack.demo.company_setup import set_up_company
from stack.demo.demo_history import DemoHistory
from stack.demo.newcomers import add_newcomers
from stack.demo.simulation import forecast_demand, request_cards, simulate_year

SEED = 20_261_123
YEAR = dt.timedelta(days=372)


async def fill(
    connection: Connection,
    password: str,
    now: dt.datetime | None = None,
    *,
    played: Collection[str] = ("telegram",),
) -> str:
    """The company and its year up to ``now``, in one transaction; ``played`` are the sandbox's platforms."""
    if await is_filled(connection):
        ended = await correct_links(connection, played, now or SystemClock().now())
        await bind_groups(connection, played, now or SystemClock().now())
        return f"the demo company is there already{f'; {ended} of its chat links ended' if ended else ''}"
    now = (now or SystemClock().now()).replace(microsecond=0)
    clock = FixedClock(now - YEAR)
    random = Random(SEED)
    history = DemoHistory(connection, clock)
    started_at = time.monotonic()
    await set_up_company(history, password, random, played=played)
    await simulate_year(history, clock, now, random)
    await forecast_demand(history)
    await add_newcomers(history)
    await bind_groups(connection, played, now)
    waiting = await request_cards(history)
    return f"{company.NAME}: {waiting} purchases going on, filled in {time.monotonic() - started_at:.1f} s"


async def is_filled(connection: Connection) -> bool:
    """Whether there are people, the demo's or others."""
    return bool(await connection.scalar(select(func.count()).select_from(people)))


def register_people(url: str, *, slack: bool = False) -> None:
    """Register the people who can be played, all of whom have started the bot."""
    for demo_person in company.PEOPLE:
        note = f"{', '.join(demo_person.roles)} · {company.NAME}"
        for account_id in _account_ids(demo_person.telegram, slack):
            _register_person(url, account_id, demo_person.name, demo_person.locale, note, demo_person.email)
    for vendor in company.VENDORS:
        note = f"vendor · {vendor.name} ({vendor.category})"
        for account_id in _account_ids(vendor.telegram, slack):
            _register_person(url, account_id, vendor.contact, vendor.locale, note, vendor.email)


def register_groups(url: str, bot: int, *, slack: bool = False) -> None:
    """Register the group of each platform, with the people and our bot in it."""
    for group in registrations(bot, slack=slack):
        _post(f"{url}/control/groups", group)


def _account_ids(number: int, slack: bool) -> tuple[int | str, ...]:
    """The ids of one person on both platforms."""
    return (number, f"U{number}") if slack else (number,)


def _register_person(url: str, account_id: int | str, name: str, locale: str, note: str, email: str) -> None:
    first, _, last = name.partition(" ")
    body = {
        "id": account_id,
        "first_name": first,
        "last_name": last,
        "username": name.lower().replace(" ", "_"),
        "language_code": locale,
        "email": email,
        "note": note,
        "started": True,
    }
    _post(f"{url}/control/people", body)


def _post(address: str, body: Mapping[str, object]) -> None:
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()


def demo_password(folder: Path) -> str:
    """One password for every demo person, created once and stored with the keys, readable by its owner only."""
    path = folder / "demo-password"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(12))
    return path.read_text(encoding="utf-8").strip()


async def main() -> None:
    url = os.environ.get("DATABASE_URL") or os.environ["PARLEY_DB_APP_URL"]
    engine = make_engine(url, size=1, name="parley demo")
    sandbox = os.environ.get("PARLEY_SANDBOX_URL", "")
    slack = bool(os.environ.get("PARLEY_SANDBOX_SLACK"))
    if sandbox:
        await asyncio.to_thread(register_people, sandbox, slack=slack)
        bot = int(os.environ.get("PARLEY_SANDBOX_BOT") or 0)
        await asyncio.to_thread(register_groups, sandbox, bot, slack=slack)
    played = [name for name, is_played in (("telegram", sandbox), ("slack", slack)) if is_played]
    async with engine.begin() as connection:
        if os.environ.get("PARLEY_DEMO") or await is_filled(connection):
            outcome = await fill(
                connection, demo_password(Path(os.environ["PARLEY_KEYS_DIR"])), played=played
            )
        else:
            outcome = "no demo company"
    await engine.dispose()
    sys.stdout.write(f"{outcome}\n")


if __name__ == "__main__":
    logging.configure()
    run(main())
