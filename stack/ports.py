"""Chooses free loopback ports, claims them, and remembers them, so that addresses stay the same after restarts.

One rule: a remembered port that is taken is replaced, but a port that a person chose is never replaced.

When a chosen port is taken, they are told. A port is taken as soon as another installation has claimed it, minutes
before anything listens there.
"""

import contextlib
import os
import socket
from pathlib import Path

from stack.errors import StackError
from stack.json_files import read_json, write_json

HOST = "127.0.0.1"
BACKLOG = 2_048
"""Callers who wait at a socket; the kernel may allow fewer."""
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


class HandedSocket:
    """A listening socket that outlives the processes that serve it, one after the other or side by side.

    Whoever connects while none of them is there waits for the next one, and nobody else gets the port meanwhile.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def fileno(self) -> int:
        """The descriptor to hand to a child; opened with the first one, OSError when the port is taken."""
        if self._socket is None:
            self._socket = socket.create_server((HOST, self._port), backlog=BACKLOG)
        return self._socket.fileno()


class PortClaims:
    """The ports of one running installation; no other one gets them, from the choice until the supervisor's end.

    A claim is a UDP socket at the same number: nothing of ours uses UDP, the kernel gives it to one process of all
    users, and takes it back however that process ends. Children do not inherit it.
    """

    def __init__(self) -> None:
        self._held: dict[int, socket.socket] = {}

    def claim(self, port: int) -> bool:
        """Whether the port is now ours and a server could listen there."""
        if port not in self._held:
            claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                claim.bind((HOST, port))
            except OSError:
                claim.close()
                return False
            self._held[port] = claim
        if is_free(port):
            return True
        self._held.pop(port).close()
        return False

    def __enter__(self) -> "PortClaims":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        for claim in self._held.values():
            claim.close()
        self._held.clear()


def find_free() -> int:
    """Some free port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def assign(file: Path, claims: PortClaims) -> dict[str, int]:
    """A port per service, claimed; call it only while none of our services is running."""
    remembered = read_json(file)
    ports: dict[str, int] = {}
    for name in NAMES:
        ports[name] = (
            _chosen_port(name, claims)
            or _remembered_port(name, remembered, ports, claims)
            or _new_port(name, ports, claims)
        )
    write_json(file, ports)
    return ports


def _chosen_port(name: str, claims: PortClaims) -> int | None:
    variable = _VARIABLES.get(name, "")
    value = os.environ.get(variable)
    if not value:
        return None
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise StackError(
            f"{variable}={value} is not a port: type 'unset {variable}' or give a number up to 65535"
        )
    if not claims.claim(int(value)):
        raise StackError(
            f"port {value} is taken: type '{variable}={find_free()} ./parley up' to use a free one"
        )
    return int(value)


def _remembered_port(
    name: str, remembered: dict[str, object], assigned: dict[str, int], claims: PortClaims
) -> int | None:
    port = remembered.get(name)
    return port if isinstance(port, int) and port not in assigned.values() and claims.claim(port) else None


def _new_port(name: str, assigned: dict[str, int], claims: PortClaims) -> int:
    preferred = _PREFERRED.get(name)
    if preferred and preferred not in assigned.values() and claims.claim(preferred):
        return preferred
    while (port := find_free()) in assigned.values() or not claims.claim(port):
        pass
    return port
