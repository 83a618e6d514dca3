"""``python -m administration``."""

import sys

from administration.cli import main

if __name__ == "__main__":
    sys.exit(main())
