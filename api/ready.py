"""How a process tells whoever started it that it does its work from now on.

One rule: nobody has to be listening.
"""

import os

READY_VARIABLE = "PARLEY_READY_FD"
"""Names the file descriptor of a pipe; a line in it says that the process is ready."""


def tell_ready() -> None:
    """Write the line, once."""
    descriptor = os.environ.pop(READY_VARIABLE, "")
    if descriptor.isdigit():
        with open(int(descriptor), "wb") as pipe:
            pipe.write(b"ready\n")
