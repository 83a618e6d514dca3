"""What a proof is doing.

One rule: it goes to the error output, because the table alone is the output.
"""

import sys


def say(line: str) -> None:
    """One line, at once."""
    print(f"prove: {line}", file=sys.stderr, flush=True)
