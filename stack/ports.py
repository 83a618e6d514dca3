"""Chooses free loopback ports and remembers them, so that addresses stay the same after restarts.

One rule: a remembered port that is taken is replaced, but a port that a person chose is never replaced.

When a chosen port is taken, they are told.
"""

import contextlib
import os
import socket
from pathlib import Path

from stack.errors import StackError
from stack.json_files import read_json, write_json

HOST = "127.0.0.1"
_PREFERRED = {"api": 8080, "sandbox": 8090, "n8n": 5678}
_VARIABLES = {
    "api": "PARLEY_API_PORT",
    "sandbox": "SANDBOX_PORT",
    "smtp": "SANDBOX_SMTP_PORT",
    "telegram": "TELEGRAM_WEBHOOK_PORT",
    "slack": "SLACK_PORT",
}
NAMES = ("postgres", "redis", "api", "sandbox", "telegram", "slack", "n8n", "smtp")


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class PortReservation:
    """Keeps a port from other installations until the service that will listen there starts, minutes later."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def reserve(self) -> None:
        """Bind without listening and without sharing, so that the port counts as taken for everybody else."""
        self._socket = self._socket or socket.socket()
        with contextlib.suppress(OSError):
            self._socket.bind((HOST, self._port))

    def release(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def find_free() -> int:
    """Some free port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def assign(file: Path) -> dict[str, int]:
    """A port per service; call it only while none of our services is running."""
    remembered = read_json(file)
    ports: dict[str, int] = {}
    for name in NAMES:
        ports[name] = (
            _chosen_port(name) or _remembered_port(name, remembered, ports) or _new_port(name, ports)
        )
    write_json(file, ports)
    return ports


def _chosen_port(name: str) -> int | None:
    variable = _VARIABLES.get(name, "")
    value = os.environ.get(variable)
    if not value:
        return None
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise StackError(
            f"{variable}={value} is not a port: type 'unset {variable}' or give a number up to 65535"
        )
    if not is_free(int(value)):
        raise StackError(
            f"port {value} is taken: type '{variable}={find_free()} ./parley up' to use a free one"
        )
    return int(value)


def _remembered_port(name: str, remembered: dict[str, object], assigned: dict[str, int]) -> int | None:
    port = remembered.get(name)
    return port if isinstance(port, int) and port not in assigned.values() and is_free(port) else None


def _new_port(name: str, assigned: dict[str, int]) -> int:
    preferred = _PREFERRED.get(name)
    if preferred and preferred not in assigned.values() and is_free(preferred):
        return preferred
    while (port := find_free()) in assigned.values():
        pass
    return port
