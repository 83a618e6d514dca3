"""Alembic's entry point: uses the connection that migrations/run.py opened."""

from alembic import context
from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Run the requested migrations, each in its own transaction."""
    from core.db.schema import metadata

    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
