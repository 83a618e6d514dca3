"""Free loopback ports, remembered so that addresses stay the same over restarts.

One rule: a remembered port that somebody else took meanwhile is replaced, never fought over; a port that a
person chose is theirs, and when it is taken they are told.
"""

import contextlib
import os
import socket
from pathlib import Path

from stack.files import read_json, write_json
from stack.problem import StackProblem

HOST = "127.0.0.1"
_LIKED = {"api": 8080, "sandbox": 8090, "n8n": 5678}
_CHOSEN = {
    "api": "PARLEY_API_PORT",
    "sandbox": "SANDBOX_PORT",
    "telegram": "TELEGRAM_WEBHOOK_PORT",
    "slack": "SLACK_PORT",
}
NAMES = ("postgres", "redis", "api", "sandbox", "telegram", "slack", "n8n")


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class Hold:
    """Keeps a port from other installations until the part that will listen there starts, minutes later."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def take(self) -> None:
        """Bound without listening and without sharing: for everybody else the port is taken."""
        self._socket = self._socket or socket.socket()
        with contextlib.suppress(OSError):
            self._socket.bind((HOST, self._port))

    def release(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def any_free() -> int:
    """Some free port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def assign(file: Path) -> dict[str, int]:
    """A port per part; call it only when none of our parts is running."""
    remembered = read_json(file)
    ports: dict[str, int] = {}
    for name in NAMES:
        ports[name] = _chosen(name) or _remembered(name, remembered, ports) or _new(name, ports)
    write_json(file, ports)
    return ports


def _chosen(name: str) -> int | None:
    variable = _CHOSEN.get(name, "")
    given = os.environ.get(variable)
    if not given:
        return None
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise StackProblem(
            f"{variable}={given} is not a port: type 'unset {variable}' or give a number up to 65535"
        )
    if not is_free(int(given)):
        raise StackProblem(
            f"port {given} is taken: type '{variable}={any_free()} ./parley up' to use a free one"
        )
    return int(given)


def _remembered(name: str, remembered: dict[str, object], taken: dict[str, int]) -> int | None:
    port = remembered.get(name)
    return port if isinstance(port, int) and port not in taken.values() and is_free(port) else None


def _new(name: str, taken: dict[str, int]) -> int:
    liked = _LIKED.get(name)
    if liked and liked not in taken.values() and is_free(liked):
        return liked
    while (port := any_free()) in taken.values():
        pass
    return port
