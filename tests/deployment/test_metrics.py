"""Metrics, alerts and the board stay together: each metric is described, each alert is tried and has a way to mend."""

import importlib
import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from tests.architecture.source_files import ROOT

PROMETHEUS = ROOT / "deploy" / "prometheus"
TELLING = (
    "api.metrics",
    "api.server.request_metrics",
    "bots.update_metrics",
    "workers.delivery_metrics",
    "workers.relay_metrics",
)
OF_PROMETHEUS = {"up", "process_cpu_seconds_total", "process_resident_memory_bytes"}
_SUFFIX = re.compile(r"_(total|bucket|count|sum)$")


def told() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each metric's type and labels by its name."""
    for module in TELLING:
        importlib.import_module(module)
    found: list[Any] = [each for each in REGISTRY._collector_to_names if hasattr(each, "_labelnames")]
    return {each._name: (each._type, each._labelnames) for each in found if each._name.startswith("parley_")}


def described() -> dict[str, tuple[str, tuple[str, ...]]]:
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| `parley_")]
    return {
        row[0].strip().strip("`"): (row[1].strip(), tuple(re.findall(r"`(\w+)`", row[2]))) for row in rows
    }


def metrics_in(expression: str) -> set[str]:
    without_labels = re.sub(r"\{[^}]*\}", "", expression)
    names = set(re.findall(r"\b(parley_\w+|process_\w+|up)\b", without_labels))
    return {_SUFFIX.sub("", name) if name.startswith("parley_") else name for name in names}


def alerts() -> dict[str, Any]:
    loaded = yaml.safe_load((PROMETHEUS / "rules.yaml").read_text(encoding="utf-8"))
    return {rule["alert"]: rule for group in loaded["groups"] for rule in group["rules"]}


def test_every_metric_is_described_with_its_type_and_labels() -> None:
    assert len(told()) > 20
    assert told() == described()


def test_alerts_and_board_use_only_metrics_that_there_are() -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "parley.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    known = set(told()) | OF_PROMETHEUS
    for expression in (*shown, *(rule["expr"] for rule in alerts().values())):
        used = metrics_in(expression)
        assert used, expression
        assert used <= known, expression


def test_the_board_shows_every_metric() -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "parley.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    assert set(told()) - {name for each in shown for name in metrics_in(each)} == set()


def test_every_alert_fires_in_one_case_and_stays_silent_in_another() -> None:
    cases = yaml.safe_load((PROMETHEUS / "rules_test.yaml").read_text(encoding="utf-8"))["tests"]
    outcomes: dict[str, set[bool]] = {}
    for case in cases:
        for tried in case["alert_rule_test"]:
            outcomes.setdefault(tried["alertname"], set()).add(bool(tried["exp_alerts"]))
    assert outcomes == {name: {True, False} for name in alerts()}


def test_every_alert_says_where_it_is_explained_and_what_mends_it() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = {
        found[1]: (found[2], found[3])
        for line in page.splitlines()
        if (found := re.match(r"\| \*\*(Parley\w+)\*\* \((\w+)\) \|.*\| (.*) \|$", line))
    }
    assert set(rows) == set(alerts())
    assert all("`" in mended for _, mended in rows.values()), "each row names a command"
    assert {name: rule["labels"]["severity"] for name, rule in alerts().items()} == {
        name: severity for name, (severity, _) in rows.items()
    }


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool comes with Debian's prometheus; .ci/run has it"
)
def test_promtool_agrees() -> None:
    for arguments in (("check", "rules", "rules.yaml"), ("test", "rules", "rules_test.yaml")):
        done = subprocess.run(["promtool", *arguments], cwd=PROMETHEUS, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
