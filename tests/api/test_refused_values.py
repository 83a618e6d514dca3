"""Every 422 of every route: the field, a code, an example, and a sentence in the reader's language."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from api.contract.endpoints import ENDPOINTS, Endpoint
from api.contract.problems import FieldProblem, Problem
from api.text.value_problems import _CODES
from core.access.roles import Role
from tests.api.code_scan import codes_of_refused_values
from tests.architecture.route_table import CALL_BACK, CALLERS, PUBLIC, TABLE
from tests.support.api import Api
from tests.support.world import World

UNKNOWN = "01939d0c-7a10-7000-8000-000000000007"
PATHS = {"{id}": UNKNOWN, "{team}": "T1", "{code}": "IT", "{kind}": "rfq"}
LOCALES = ("de", "es", "ru", "ar")


def with_bodies() -> Iterator[Endpoint[Any, Any]]:
    """Every endpoint that takes a body and that somebody but a flow may call."""
    for endpoint in ENDPOINTS:
        if endpoint.body is not type(None) and TABLE[endpoint.name][0] != CALL_BACK:
            yield endpoint


async def allowed(api: Api, world: World, name: str) -> Api:
    """A caller who has the right, so that only the body can be wrong."""
    right, callers = TABLE[name]
    role = CALLERS[callers[0]]
    if right is PUBLIC or role is None:
        return api
    if role is Role.service_bot:
        return api.as_bot()
    return api.as_((await world.a_vendor())[1] if role is Role.vendor else await world.the(role))


async def refused(caller: Api, endpoint: Endpoint[Any, Any], body: Any, locale: str) -> Problem:
    path = endpoint.path
    for placeholder, value in PATHS.items():
        path = path.replace(placeholder, value)
    headers = {"Content-Type": "application/json", "Accept-Language": locale, "Idempotency-Key": "walk"}
    raw = json.dumps(body).encode()
    answer = await caller.send(endpoint.method, path, content=raw, headers=headers)
    assert answer.status_code == 422, (endpoint.name, body, answer.status_code, answer.text[:300])
    return Problem.model_validate_json(answer.text)


def broken_bodies(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Nothing at all, a field that is not there, and each field with something of the wrong kind."""
    yield "/", []
    yield "/no_such_field", {"no_such_field": 1}
    for name, field in model.model_fields.items():
        yield f"/{field.alias or name}", {field.alias or name: [[[]]]}


def check_problem(found: Problem, english: Problem, where: str) -> None:
    assert found.code == english.code == "values"
    assert found.errors, where
    assert found.detail != english.detail, where
    for error, same in zip(found.errors, english.errors, strict=True):
        assert error.field.startswith("/"), where
        assert error.example, (where, error)
        assert error.message != same.message, (where, error)


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_broken_body_is_told_by_field_and_example_in_the_readers_language(
    api: Api, world: World, locale: str
) -> None:
    walked = 0
    for endpoint in with_bodies():
        caller = await allowed(api, world, endpoint.name)
        for field, body in broken_bodies(endpoint.body):
            where = f"{endpoint.name} {field}"
            english = await refused(caller, endpoint, body, "en")
            check_problem(await refused(caller, endpoint, body, locale), english, where)
            walked += 1
    assert walked > 150


async def test_the_persons_own_language_counts_without_a_header(api: Api, world: World) -> None:
    requester = await world.a_requester()
    await api.as_(requester).send("PATCH", "/me/settings", {"locale": "de"})
    fresh = await world.person(requester.id)
    answer = await api.as_(fresh).send("POST", "/procurement/request", {})
    told = FieldProblem.model_validate(answer.json()["errors"][0])
    assert told.message == "fehlt"


def test_every_code_of_a_refused_value_has_a_sentence() -> None:
    """Otherwise the reader would get the English words of the code that refused."""
    codes = codes_of_refused_values()
    assert len(codes) > 60
    assert {code for code in codes if "." in code} - set(_CODES) == set()
