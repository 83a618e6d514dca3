"""``python -m stack.contracts``: the import contracts of pyproject.toml, without relying on a script's shebang."""

import sys

from importlinter.cli import lint_imports

if __name__ == "__main__":
    sys.exit(lint_imports())
