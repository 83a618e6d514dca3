"""The command ``token``: an access token of a demo person.

One rule: only of the demo company's people; everybody else signs in.
"""

import argparse
import asyncio
from typing import Any

import asyncpg

from stack import http_client, installation, stored_secrets
from stack.errors import StackError
from stack.paths import Paths
from stack.supervisor.status_file import read_status

# with the fewest other roles; the use cases would take a second of imports for this one row
_CHAT_OF_ROLE = """
SELECT c.external_id FROM chat_identities c
JOIN people p ON p.id = c.person_id AND p.active
JOIN person_roles r ON r.person_id = p.id AND r.role = $1
WHERE c.platform = 'telegram' AND c.unlinked_at IS NULL
ORDER BY (SELECT count(*) FROM person_roles a WHERE a.person_id = p.id), c.external_id LIMIT 1
"""


def token(paths: Paths, args: argparse.Namespace) -> int:
    """An access token of a demo person with this role, issued by the API; valid for ten minutes."""
    status_file = read_status(paths.state)
    if not status_file.alive:
        raise StackError("Parley is not running: type './parley up'")
    if not status_file.facts.get("options", {}).get("demo") or not status_file.facts.get("sandbox"):
        raise StackError("tokens are printed for demo people only: type './parley down', then './parley up'")
    external_id = asyncio.run(_chat_of_role(installation.load(paths).databases.app, args.role))
    if external_id is None:
        raise StackError(
            f"no demo person has the role {args.role}: the demo may not be complete yet, try again"
        )
    print(_exchange_token(status_file.facts["api"], stored_secrets.load(paths)["BOT_KEY"], external_id))
    return 0


async def _chat_of_role(url: str, role: str) -> str | None:
    """The chat of the demo person with this role."""
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (TimeoutError, OSError, asyncpg.PostgresError) as error:
        raise StackError(f"the database does not answer ({error}): type './parley doctor'") from None
    try:
        found: str | None = await connection.fetchval(_CHAT_OF_ROLE, role)
    finally:
        await connection.close()
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
