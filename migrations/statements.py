"""``python -m migrations.statements FOLDER AFTER``: the SQL of every newer migration, a file each, for a linter.

One rule: nothing is run; a migration that reads rows to know what to do cannot be shown, and says so.
"""

import io
import sys
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from migrations.run import alembic_config


def statements_of(migration: Script) -> str:
    """What its ``upgrade`` sends, without the transaction around it."""
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written, "literal_binds": True}
    with Operations.context(MigrationContext.configure(dialect_name="postgresql", opts=options)):
        migration.module.upgrade()
    return written.getvalue()


def main(folder: Path, after: str) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for migration in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        if migration.revision > after:
            (folder / f"{migration.revision}.sql").write_text(statements_of(migration), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
