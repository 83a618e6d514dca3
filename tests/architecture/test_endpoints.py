"""The contract's endpoints, the routes and the OpenAPI document are three views of one thing."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import TypeAdapter
from referencing import Registry

from administration.logins import DatabaseUrls
from api.contract.endpoints import ENDPOINTS
from api.server.app import create_app
from api.server.openapi import BODIES
from api.server.routes.serve import operation_id
from tests.architecture.route_table import NOT_IN_THE_CONTRACT
from tests.support.api import settings_for
from tests.support.postgres import Database

URL = "postgresql://x@127.0.0.1:1/x"
NOWHERE = Database("none", "", DatabaseUrls(owner=URL, app=URL, sealer=URL, reader=URL, fence=True))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    return create_app(settings_for(NOWHERE, folder)).openapi()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_endpoint_is_served_and_every_route_has_an_endpoint(document: dict[str, Any]) -> None:
    served = set(operations(document))
    assert {endpoint.name for endpoint in ENDPOINTS} - served == set()
    assert served - {endpoint.name for endpoint in ENDPOINTS} == set(NOT_IN_THE_CONTRACT) - {
        "GET /openapi.json"
    }


def test_every_endpoint_answers_with_its_status_and_model(document: dict[str, Any]) -> None:
    found = operations(document)
    for endpoint in ENDPOINTS:
        operation = found[endpoint.name]
        assert operation["operationId"] == operation_id(endpoint)
        success = operation["responses"][str(endpoint.status)]
        assert ("content" in success) == (endpoint.response is not type(None)), endpoint.name
        assert ("requestBody" in operation) == (endpoint.body is not type(None)), endpoint.name


def test_the_document_is_valid_openapi(document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The schemas of the specification are looked through once, and not for each of our 500 schemas."""
    crawl, crawled = Registry.crawl, dict[int, tuple[Any, Any]]()

    def crawl_once(registry: Any) -> Any:
        if id(registry) not in crawled:
            crawled[id(registry)] = registry, crawl(registry)
        return crawled[id(registry)][1]

    monkeypatch.setattr(Registry, "crawl", crawl_once)
    validate(document)


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    for name, operation in found.items():
        assert operation["summary"], name
        assert operation["tags"], name
        if name == "GET /.well-known/jwks.json":
            continue
        for status in ("401", "422", "429", "503"):
            problem = operation["responses"][status]["content"]
            assert list(problem) == ["application/problem+json"], (name, status)


def test_all_but_the_open_doors_ask_for_a_token(document: dict[str, Any]) -> None:
    open_doors = {name for name, operation in operations(document).items() if "security" not in operation}
    assert open_doors == {
        "POST /auth/login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /auth/password",
        "POST /auth/service",
        "GET /health/live",
        "GET /health/ready",
        "GET /.well-known/jwks.json",
    }
    assert document["servers"][0]["url"].startswith("http")


def test_values_carry_examples(document: dict[str, Any]) -> None:
    line = document["components"]["schemas"]["RequestLineIn"]["properties"]
    assert line["description"]["examples"]
    assert line["quantity"]["examples"] == ["3"]


def test_the_examples_of_bodies_can_be_taken() -> None:
    models = {endpoint.body.__name__: endpoint.body for endpoint in ENDPOINTS}
    for name, example in BODIES.items():
        assert TypeAdapter(models[name]).validate_json(json.dumps(example)), name
