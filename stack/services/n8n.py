"""n8n as one of Parley's services: install, prepare, start, check whether it is ready.

    install(paths, log)                    npm into var/n8n, minutes, once; returns at once afterwards
    environment(paths, port, secret, api)  the whole environment of the n8n process
    prepare(paths, env, log)               before each start: secret and flows, published; skips edited flows
    command(paths, port)                   the command that starts it
    ready(url)                             n8n answers and at least one of Parley's flows listens

One rule: n8n gets no database address of Parley's, no role token and no shell.

It has only its own folder, its own SQLite file, and the secret by which it recognises Parley's events.
"""

import hashlib
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from stack.http_client import status_of
from stack.paths import Paths
from stack.services.n8n_flows import N8nCommandLine, import_all
from stack.services.n8n_install import N8nError, N8nFolder, N8nPaths, NodeRuntime, install, installed_node

__all__ = [
    "FLOWS",
    "N8nError",
    "N8nPaths",
    "command",
    "environment",
    "install",
    "is_installed",
    "prepare",
    "ready",
]

FLOWS = ("quote-submitted", "rfq-sent", "order-generated", "approval-overdue", "approval-opened")
SECRET = "N8N_HOOK_SECRET"

# Parts of n8n that Parley does not use: without them there is less to attack, and n8n starts faster.
_MODULES_OFF = (
    "agents,agent-evals,instance-ai,chat-hub,mcp,mcp-registry,workflow-builder,quick-connect,insights,"
    "community-packages,external-secrets,source-control,ldap,sso-oidc,sso-saml,otel,instance-reporting,"
    "token-exchange"
)
# Nodes that run code or commands or read files on this machine: no flow needs them.
_NODES_OFF = (
    "n8n-nodes-base.code",
    "n8n-nodes-base.executeCommand",
    "n8n-nodes-base.readWriteFile",
    "n8n-nodes-base.localFileTrigger",
    "n8n-nodes-base.ssh",
    "n8n-nodes-base.git",
    "@n8n/n8n-nodes-langchain.code",
    "@n8n/n8n-nodes-langchain.toolCode",
)
_NO_PHONING_HOME = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_DYNAMIC_BANNERS_ENABLED": "false",
    "N8N_AI_ENABLED": "false",
    "N8N_LICENSE_AUTO_RENEW_ENABLED": "false",
    "N8N_LOG_LEVEL": "warn",
}
_RESTRICTIONS = {
    "N8N_BLOCK_ENV_ACCESS_IN_NODE": "true",
    "N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES": "true",
    "N8N_COMMUNITY_PACKAGES_ENABLED": "false",
    "N8N_PUBLIC_API_DISABLED": "true",
    "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS": "true",
    "N8N_GIT_NODE_DISABLE_BARE_REPOS": "true",
    "N8N_RUNNERS_MODE": "external",
    "N8N_DISABLED_MODULES": _MODULES_OFF,
    "NODES_EXCLUDE": json.dumps(_NODES_OFF),
}
_EXECUTION_SETTINGS = {
    "DB_TYPE": "sqlite",
    "EXECUTIONS_DATA_SAVE_ON_SUCCESS": "all",
    "EXECUTIONS_DATA_SAVE_ON_ERROR": "all",
    "EXECUTIONS_DATA_PRUNE": "true",
    "EXECUTIONS_DATA_MAX_AGE": "168",
    "EXECUTIONS_TIMEOUT": "120",
    "N8N_GRACEFUL_SHUTDOWN_TIMEOUT": "20",
    "GENERIC_TIMEZONE": "UTC",
}
_INHERITED = ("LANG", "LC_ALL", "TZ", "TMPDIR", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")


def is_installed(paths: N8nPaths) -> bool:
    """Whether ``command`` and ``prepare`` can be called now."""
    return installed_node(N8nFolder.of(paths)) is not None


def command(paths: N8nPaths, port: int) -> list[str]:
    """The command that starts n8n; ``environment`` sets its port."""
    folder = N8nFolder.of(paths)
    return [str(_node(folder).program), str(folder.program), "start"]


def environment(paths: N8nPaths, port: int, secret: str, api_url: str) -> dict[str, str]:
    """The whole environment of the n8n process; nothing of Parley's own is inherited."""
    if len(secret.encode()) < 32:
        raise N8nError(f"{SECRET} must be at least 32 bytes long")
    folder, data = N8nFolder.of(paths), _data_folder(paths)
    url = f"http://127.0.0.1:{port}"
    own = {
        "PATH": f"{_node(folder).program.parent}{os.pathsep}{os.defpath}",
        "HOME": str(data),
        "NODE_COMPILE_CACHE": str(folder.path / "compiled"),
        "N8N_USER_FOLDER": str(data),
        "N8N_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_HOST": "127.0.0.1",
        "N8N_PORT": str(port),
        "N8N_EDITOR_BASE_URL": url,
        "WEBHOOK_URL": url,
        "N8N_SECURE_COOKIE": "false",
        "N8N_RUNNERS_BROKER_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_RUNNERS_BROKER_PORT": str(_free_port()),
        "N8N_RUNNERS_AUTH_TOKEN": hashlib.sha256(f"runners\0{secret}".encode()).hexdigest(),
        SECRET: secret,
    }
    return _network_environment(api_url) | _NO_PHONING_HOME | _RESTRICTIONS | _EXECUTION_SETTINGS | own


def prepare(paths: N8nPaths, env: Mapping[str, str], log: Callable[[str], None] = lambda _: None) -> None:
    """Put the secret and the flows into n8n and publish them before it starts; half a minute the first time."""
    folder, data = N8nFolder.of(paths), _data_folder(paths)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    n8n_cli = N8nCommandLine(_node(folder), folder.program, data, env)
    import_all(n8n_cli, paths.root / "n8n" / "workflows", env[SECRET], log)


def ready(url: str, *, every: bool = False) -> bool:
    """Whether n8n is up and takes events: one of our webhooks demands a token instead of being unknown.

    One is enough, because a person may have switched a flow off; ``every`` demands all of them.
    """
    if status_of(f"{url}/healthz/readiness") != 200:
        return False
    known = (status_of(f"{url}/webhook/parley/{flow}", method="POST") == 401 for flow in FLOWS)
    return all(known) if every else any(known)


def _data_folder(paths: N8nPaths) -> Path:
    return paths.var / "n8n" / "data"


def _node(folder: N8nFolder) -> NodeRuntime:
    node = installed_node(folder)
    if node is None:
        raise N8nError("n8n is not installed yet: './parley up' installs it")
    return node


def _network_environment(api_url: str) -> dict[str, str]:
    """What a flow may need to reach systems beyond this machine; Parley itself is never behind the proxy."""
    inherited = {name: os.environ[name] for name in (*_INHERITED, *_PROXIES) if os.environ.get(name)}
    direct = {"127.0.0.1", "localhost", urlsplit(api_url).hostname or "127.0.0.1"}
    direct.update(name for name in os.environ.get("NO_PROXY", "").split(",") if name)
    return inherited | {"NO_PROXY": ",".join(sorted(direct))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _main() -> int:
    """``python -m stack.services.n8n``: only install, in a process of its own for CI and ``up``."""
    try:
        install(Paths.here(), lambda line: print(line, flush=True))
    except N8nError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
