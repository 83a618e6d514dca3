"""Prepares a fresh package-lock.json for committing: no addresses, no references to missing packages.

One rule: it removes only what names a host (``resolved``, ``funding``) or cannot be installed.

Versions and integrity hashes stay as npm wrote them, so ``npm ci`` installs exactly what was resolved.

    python -m stack.services.n8n_package_lock n8n/package-lock.json
"""

import json
import sys
from pathlib import Path


def without_addresses(
    lock: dict[str, dict[str, dict[str, object]]],
) -> dict[str, dict[str, dict[str, object]]]:
    """The lock without addresses; optional dependencies without an entry are dropped."""
    packages = lock["packages"]
    provided = {path.rpartition("node_modules/")[2] for path in packages}
    for entry in packages.values():
        entry.pop("resolved", None)
        entry.pop("funding", None)
        optional = entry.get("optionalDependencies")
        if isinstance(optional, dict):
            entry["optionalDependencies"] = {
                name: version for name, version in optional.items() if name in provided
            }
    return lock


def main(path: Path) -> None:
    """Rewrite the file in place, in npm's own layout."""
    lock = without_addresses(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
