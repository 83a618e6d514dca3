"""The revision that this code needs: the newest file in ``versions``; a test holds it to Alembic's own head."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"
HEAD = max(path.stem[:4] for path in VERSIONS.glob("[0-9]*.py"))
