"""What a measurement is doing while it prepares.

One rule: it goes to the error output, because the figures alone are the output.
"""

import sys


def say(line: str) -> None:
    """One line, at once."""
    print(f"bench: {line}", file=sys.stderr, flush=True)
