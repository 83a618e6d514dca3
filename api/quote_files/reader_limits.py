"""What the child process may use, and how much of a file it reads.

One rule: a limit that a file meets is named to its sender.
"""

import os
import resource

CPU_SECONDS = 15
WALL_SECONDS = 60
"""For a machine that is busy with other things: what a file costs is what ``CPU_SECONDS`` limits."""
MEMORY_MB = 1024
"""Of addresses, so that a workbook that unpacks to more fails in its own process."""
MOST_PAGES = 20
MOST_WORDS = 30_000
MOST_ROWS = 1_000
MOST_COLUMNS = 60
MOST_SHEETS = 20
MOST_UNPACKED_MB = 20
NICER = 10
"""By how much those who wait for the server come before a file."""
LONGEST_SIDE_PIXELS = 1_600
"""Of a page's picture."""


def apply() -> None:
    """From here on this process can write no file, start no other, and use no more than the limits.

    The second that the hard limit of processor time leaves is for the signal that names it: without it the kernel
    kills, as it does for memory. Those who answer people go first.
    """
    os.nice(NICER)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB * 2**20, MEMORY_MB * 2**20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
