"""What the command line asked ``up`` for: light, because ``status`` and ``down`` read no more of an installation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Which services are wanted."""

    n8n: bool = True
    demo: bool = True
