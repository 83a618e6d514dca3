"""The status file: the supervisor's knowledge of its services, read by ``status`` and the next ``up``.

One rule: only the supervisor writes it, always completely; readers trust it only while the supervisor is
running.
"""

import errno
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from stack.json_files import read_json, write_json
from stack.supervisor import processes
from stack.supervisor.service import UP_STATES, Service, ServiceState


@dataclass
class ServiceStatus:
    """What is known about one service."""

    state: ServiceState = ServiceState.waiting
    required: bool = True
    pid: int = 0
    since: str = ""
    restarts: int = 0
    seconds: float = 0.0
    detail: str = ""
    stop_signal: int = 15
    stop_timeout: float = 25.0


NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_FIELDS = frozenset(field.name for field in fields(ServiceStatus))
_RENAMED = {"stop": "stop_signal", "patience": "stop_timeout"}
"""Fields as older versions wrote them: what a dead supervisor left must still be stopped the right way."""


@dataclass
class StatusFile:
    """All services, the supervisor's own pid, and the addresses."""

    path: Path
    pid: int = 0
    since: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    services: dict[str, ServiceStatus] = field(default_factory=dict)

    def show_waiting(self, services: list[Service]) -> None:
        """Show every service as waiting."""
        self.services = {
            service.name: ServiceStatus(
                required=service.required,
                stop_signal=int(service.stop_signal),
                stop_timeout=service.stop_timeout,
            )
            for service in services
        }
        self.write()

    def update(self, name: str, **changes: Any) -> None:
        """Change one row and write the file."""
        status = self.services[name]
        for key, value in changes.items():
            setattr(status, key, value)
        self.write()

    def write(self) -> None:
        """Write the whole file; on a full disk the next change writes it, and the services go on meanwhile."""
        services = {name: asdict(status) for name, status in self.services.items()}
        header = {"pid": self.pid, "since": self.since, "facts": self.facts, "problem": self.error}
        try:
            write_json(self.path, header | {"parts": services}, mode=0o600)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise

    @property
    def alive(self) -> bool:
        """Whether the supervisor that wrote this is running."""
        return self.pid > 0 and processes.is_same(self.pid, self.since)

    @property
    def ready(self) -> bool:
        """Whether every required service is up."""
        return self.alive and bool(self.services) and not self.missing

    @property
    def missing(self) -> list[str]:
        """The required services that are not up."""
        return [
            name
            for name, status in self.services.items()
            if status.required and status.state not in UP_STATES
        ]


def read_status(file: Path) -> StatusFile:
    """The status as last written; empty when there is none."""
    stored: Mapping[str, Any] = read_json(file)
    status_file = StatusFile(file, int(stored.get("pid", 0)), str(stored.get("since", "")))
    status_file.facts = dict(stored.get("facts", {}))
    status_file.error = str(stored.get("problem", ""))
    for name, status in dict(stored.get("parts", {})).items():
        named = {_RENAMED.get(key, key): value for key, value in status.items()}
        known = {key: value for key, value in named.items() if key in _FIELDS}
        status_file.services[name] = ServiceStatus(**{**known, "state": ServiceState(status["state"])})
    return status_file
