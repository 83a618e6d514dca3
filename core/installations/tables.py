"""The workspaces in which the chat app is installed."""

from sqlalchemy import Column, LargeBinary, String, Table

from core.db.base import Json, Moment, metadata

chat_installations = Table(
    "chat_installations",
    metadata,
    Column("platform", String(10), primary_key=True),
    Column("team_id", String(80), primary_key=True),
    Column("team_name", String(200), nullable=False),
    Column("bot_user_id", String(80), nullable=False),
    Column("sealed_token", LargeBinary, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("installed_by", String(80), nullable=False),
    Column("installed_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
