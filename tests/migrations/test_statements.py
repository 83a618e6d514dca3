"""The SQL of a migration is written down for a linter without a database."""

from alembic.script import ScriptDirectory

from migrations.run import alembic_config
from migrations.statements import statements_of


def test_a_migration_says_what_it_would_send() -> None:
    migration = ScriptDirectory.from_config(alembic_config()).get_revision("0045")
    assert migration is not None
    written = statements_of(migration).splitlines()
    assert "CREATE INDEX ix_vendor_links_about ON vendor_links (about_id, id);" in written
