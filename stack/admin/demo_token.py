"""The command ``token``: an access token of a demo person.

One rule: only of the demo company's people; everybody else signs in.
"""

import argparse
from typing import Any

from sqlalchemy import func, select

from administration.run import run_use_case
from core.access.actor import Actor
from core.accounts.tables import chat_identities
from core.people.tables import people, person_roles
from core.uow import Uow
from stack import http_client, installation, stored_secrets
from stack.errors import StackError
from stack.paths import Paths
from stack.supervisor.status_file import read_status


def token(paths: Paths, args: argparse.Namespace) -> int:
    """An access token of a demo person with this role, issued by the API; valid for ten minutes."""
    status_file = read_status(paths.state)
    if not status_file.alive:
        raise StackError("Parley is not running: type './parley up'")
    if not status_file.facts.get("options", {}).get("demo") or not status_file.facts.get("sandbox"):
        raise StackError("tokens are printed for demo people only: type './parley down', then './parley up'")

    async def work(uow: Uow, actor: Actor) -> str | None:
        return await _chat_of_role(uow, args.role)

    external_id = run_use_case(installation.load(paths).databases.app, work)
    if external_id is None:
        raise StackError(
            f"no demo person has the role {args.role}: the demo may not be complete yet, try again"
        )
    print(_exchange_token(status_file.facts["api"], stored_secrets.load(paths)["BOT_KEY"], external_id))
    return 0


async def _chat_of_role(uow: Uow, role: str) -> str | None:
    """The demo person with this role and the fewest other roles."""
    all_roles = person_roles.alias()
    role_count = (
        select(func.count()).where(all_roles.c.person_id == people.c.id).correlate(people).scalar_subquery()
    )
    found: str | None = await uow.connection.scalar(
        select(chat_identities.c.external_id)
        .join(people, people.c.id == chat_identities.c.person_id)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(person_roles.c.role == role, people.c.active, chat_identities.c.unlinked_at.is_(None))
        .where(chat_identities.c.platform == "telegram")
        .order_by(role_count, chat_identities.c.external_id)
        .limit(1)
    )
    return found


def _exchange_token(api: str, bot_key: str, external_id: str) -> str:
    try:
        service_token = _access_token(http_client.fetch(f"{api}/auth/service", {"key": bot_key}))
        args = {"platform": "telegram", "external_id": external_id}
        return _access_token(http_client.fetch(f"{api}/auth/chat", args, token=service_token))
    except (OSError, KeyError, TypeError) as error:
        raise StackError(f"the API issued no token ({error}): type './parley doctor'") from None


def _access_token(answer: Any) -> str:
    return str(answer["access_token"])
