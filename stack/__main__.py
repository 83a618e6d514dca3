"""``python -m stack``: what ``./parley`` runs."""

import sys

from stack.cli import main

sys.exit(main(sys.argv[1:]))
