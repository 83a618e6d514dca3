"""The flows and the pin as files: what a reviewer would check by eye before n8n ever runs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stack.services import n8n
from stack.services.n8n_flows import CREDENTIAL_ID, CREDENTIAL_NAME
from stack.services.n8n_package_lock import without_addresses

FOLDER = Path(__file__).parents[2] / "n8n"
FILES = sorted((FOLDER / "workflows").glob("*.json"))
CORE_NODES = {
    f"n8n-nodes-base.{kind}"
    for kind in ("webhook", "set", "if", "splitOut", "httpRequest", "stopAndError", "stickyNote")
}
ADDRESS = re.compile(
    r"https?://|\b\d{1,3}(?:\.\d{1,3}){3}\b|localhost|\b[a-z0-9-]+\.(?:com|org|net|io|dev)\b"
)

each_flow = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> dict[str, Any]:
    flow: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return flow


def nodes_of(flow: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [node for node in flow["nodes"] if node["type"] == f"n8n-nodes-base.{kind}"]


def test_there_is_one_flow_per_address() -> None:
    assert {file.stem for file in FILES} == set(n8n.FLOWS)


@each_flow
def test_a_flow_has_a_stable_id_and_comes_unpublished(file: Path) -> None:
    flow = read(file)
    assert flow["id"] == f"parley-{file.stem}"
    assert flow["active"] is False
    ids = [node["id"] for node in flow["nodes"]]
    assert len(ids) == len(set(ids))


@each_flow
def test_a_flow_uses_core_nodes_that_run_no_code(file: Path) -> None:
    assert {node["type"] for node in read(file)["nodes"]} <= CORE_NODES


@each_flow
def test_a_flow_listens_only_to_parley(file: Path) -> None:
    hooks = nodes_of(read(file), "webhook")
    assert len(hooks) == 1
    parameters = hooks[0]["parameters"]
    assert parameters["path"] == f"parley/{file.stem}"
    assert parameters["httpMethod"] == "POST"
    assert parameters["authentication"] == "jwtAuth"
    assert parameters["responseMode"] == "onReceived"


@each_flow
def test_a_flow_names_no_credential_but_the_one_that_is_imported(file: Path) -> None:
    assert {
        (kind, credential["id"], credential["name"])
        for node in read(file)["nodes"]
        for kind, credential in node.get("credentials", {}).items()
    } == {("jwtAuth", CREDENTIAL_ID, CREDENTIAL_NAME)}


@each_flow
def test_a_flow_holds_no_address_and_no_secret(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not ADDRESS.search(text)
    assert not re.search(r"eyJ[A-Za-z0-9_-]{10}|[0-9a-f]{40}|\"(?:secret|password|token)\"", text)


@each_flow
def test_a_flow_explains_itself_on_the_canvas(file: Path) -> None:
    notes = [node["parameters"]["content"] for node in nodes_of(read(file), "stickyNote")]
    assert len(notes) >= 2
    assert any("Publish" in note for note in notes)


@each_flow
def test_every_connection_leads_to_a_node_and_every_node_is_reached(file: Path) -> None:
    flow = read(file)
    working = {node["name"] for node in flow["nodes"] if node["type"] != "n8n-nodes-base.stickyNote"}
    aims = {aim["node"] for outs in flow["connections"].values() for branch in outs["main"] for aim in branch}
    assert set(flow["connections"]) | aims == working
    assert working - aims == {"Event from Parley"}


@each_flow
def test_every_call_back_goes_where_the_event_says_with_its_token(file: Path) -> None:
    calls = [call for call in nodes_of(read(file), "httpRequest") if call["name"] != "Hand over"]
    assert calls
    for call in calls:
        parameters = call["parameters"]
        assert re.fullmatch(
            r"=\{\{ .+\.body\.callback \}\}/(notices|status|routes)",
            parameters["url"],
        )
        headers = {row["name"]: row["value"] for row in parameters["headerParameters"]["parameters"]}
        assert headers["Authorization"].endswith(".body.callbacktoken }}")
        assert "execution_id: $execution.id" in parameters["jsonBody"]
        assert parameters["options"]["redirect"]["redirect"]["followRedirects"] is False


def test_the_hand_over_carries_no_token() -> None:
    flow = read(FOLDER / "workflows" / "order-generated.json")
    hand_over = next(node for node in flow["nodes"] if node["name"] == "Hand over")
    assert "callbacktoken" not in json.dumps(hand_over)


def test_no_flow_can_decide_an_approval() -> None:
    for file in FILES:
        assert not re.search(r"/approvals|/decide|\bverb\b", file.read_text(encoding="utf-8"))


def test_n8n_is_pinned_and_the_lock_names_no_address() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    text = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    lock = json.loads(text)
    pinned = package["dependencies"]["n8n"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", pinned)
    assert lock["packages"]["node_modules/n8n"]["version"] == pinned
    assert '"resolved"' not in text
    assert "://" not in text
    assert all(entry.get("integrity") for path, entry in lock["packages"].items() if path)


def test_tidying_a_lock_takes_out_addresses_and_edges_to_nothing() -> None:
    entry: dict[str, object] = {
        "version": "1.0.0",
        "integrity": "sha512-x",
        "resolved": "somewhere",
        "funding": "somebody",
        "optionalDependencies": {"there": "1", "nowhere": "1"},
    }
    lock = without_addresses({"packages": {"node_modules/a": entry, "node_modules/a/node_modules/there": {}}})
    assert lock["packages"]["node_modules/a"] == {
        "version": "1.0.0",
        "integrity": "sha512-x",
        "optionalDependencies": {"there": "1"},
    }
