"""``status``: the status file as text or JSON.

One rule: it says "ready" only when the supervisor is running and every required service is up.
"""

import json
from typing import Any

from stack.paths import Paths
from stack.supervisor.status_file import StatusFile, read_status
from stack.supervisor.up import n8n_line, n8n_state


def status(paths: Paths, *, as_json: bool) -> int:
    """Print the status; 0 when ready, 1 when not."""
    status_file = read_status(paths.state)
    if as_json:
        print(json.dumps(as_dict(status_file), indent=2))
    else:
        _print_status(status_file)
    return 0 if status_file.ready else 1


def as_dict(status_file: StatusFile) -> dict[str, Any]:
    """The status as a dict, for programs."""
    facts = status_file.facts if status_file.alive else {}
    return {
        "ready": status_file.ready,
        "api": facts.get("api"),
        "sandbox": facts.get("sandbox"),
        "telegram_api": facts.get("telegram_api"),
        "slack_api": facts.get("slack_api"),
        "n8n": {
            "state": n8n_state(status_file),
            "url": facts.get("n8n") if n8n_state(status_file) != "off" else None,
        },
        "database_fence": facts.get("fence"),
        "parts": {
            name: {
                "state": service.state if status_file.alive else "stopped",
                "pid": service.pid if status_file.alive else 0,
                "restarts": service.restarts,
                "detail": service.detail,
            }
            for name, service in status_file.services.items()
        },
    }


def _print_status(status_file: StatusFile) -> None:
    if not status_file.alive:
        print("Parley is not running: type './parley up'.")
        return
    print(
        "Parley is ready." if status_file.ready else f"Parley is not ready: {', '.join(status_file.missing)}."
    )
    for name, service in status_file.services.items():
        restarts = f", started again {service.restarts} times" if service.restarts else ""
        process = f"pid {service.pid}" if service.pid else ""
        print(f"  {name:<10} {service.state:<10} {process:<12}{restarts} {service.detail}".rstrip())
    print(
        f"  API {status_file.facts['api']}"
        + (f"   sandbox {status_file.facts['sandbox']}" if status_file.facts["sandbox"] else "")
    )
    print(f"  n8n: {n8n_line(status_file)}")
    if not status_file.facts.get("fence", True):
        print("  database fence off")
