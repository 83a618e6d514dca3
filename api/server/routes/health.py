"""Health: live when the event loop runs, ready when a command could be committed.

One rule: Redis and n8n are not checked here; without them the API still stores every command.
"""

import shutil
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from api.contract import endpoints as e
from api.contract.operations import HealthOut
from api.server.routes.serve import serve
from api.server.write_probe import WriteProbe
from core.db.connection import DATABASE_ERRORS
from migrations.head import HEAD

router = APIRouter()

LEAST_FREE_BYTES = 50_000_000
"""On the disk of vendors' files: with less, the next few uploads fill it."""


@serve(router, e.live, tag="health", public=True)
async def live() -> HealthOut:
    """The process answers."""
    return HealthOut(status="ok", checks={"loop": "ok"})


@serve(router, e.ready, tag="health", public=True)
async def ready(request: Request) -> Response:
    """A command could be committed: something was written within ten seconds, and there is room for files."""
    probe: WriteProbe = request.app.state.write_probe
    writes = probe.is_due
    try:
        async with request.app.state.engine.begin() as connection:
            row = (await connection.execute(text(_QUESTION), {"writes": writes})).one()
            log = await request.app.state.services.log_watch.look(connection)
        free = shutil.disk_usage(request.app.state.settings.files_dir).free
    except DATABASE_ERRORS as error:
        probe.failed()
        return _answer(503, HealthOut(status="down", checks={"database": type(error).__name__}))
    if writes and not row.recovering:
        probe.wrote()
    checks = {
        "database": "read only" if row.recovering else "ok",
        "migrations": "ok" if row.revision == HEAD else f"at {row.revision}, code wants {HEAD}",
        "fence": "ok" if row.fenced else "database fence off",
        "disk": "ok" if free >= LEAST_FREE_BYTES else "full",
        "log": log or "ok",
        "key": request.app.state.keys.current.kid,
    }
    down = row.recovering or row.revision != HEAD or free < LEAST_FREE_BYTES
    status = "down" if down else "ok" if row.fenced and not log else "degraded"
    return _answer(503 if down else 200, HealthOut(status=status, checks=checks))


_QUESTION = """
SELECT pg_is_in_recovery() AS recovering,
       CASE WHEN CAST(:writes AS boolean) AND NOT pg_is_in_recovery()
            THEN pg_logical_emit_message(true, 'parley', 'ready') END AS written,
       (SELECT version_num FROM alembic_version) AS revision,
       NOT has_table_privilege('audit_events', 'DELETE') AS fenced
"""


def _answer(status: int, health: HealthOut) -> Response:
    return JSONResponse(health.model_dump(), status)


@router.get(
    "/.well-known/jwks.json", tags=["auth"], operation_id="get_jwks", summary="The public signing keys."
)
async def jwks(request: Request) -> dict[str, Any]:
    """The public keys for verifying access tokens."""
    keys: dict[str, Any] = request.app.state.keys.jwks()
    return keys
