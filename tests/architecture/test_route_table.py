"""Every route × every caller, called for real: what the table says, and nothing else."""

from typing import Any

from api.contract.endpoints import ENDPOINTS
from core.access.roles import ROLE_PERMISSIONS, Role
from core.kernel.ids import new_id
from tests.architecture.route_calls import bodies, how_to_call
from tests.architecture.route_table import CALL_BACK, CALLERS, NOT_IN_THE_CONTRACT, PUBLIC, TABLE
from tests.support.api import BOT_KEY, Api
from tests.support.world import World


def test_every_endpoint_and_every_route_is_in_the_table() -> None:
    assert {endpoint.name for endpoint in ENDPOINTS} | set(NOT_IN_THE_CONTRACT) == set(TABLE)


def test_the_table_agrees_with_the_rights_of_the_roles() -> None:
    for name, (right, callers) in TABLE.items():
        if right is PUBLIC:
            expected = "".join(CALLERS)
        elif right == CALL_BACK:
            expected = ""
        else:
            expected = "".join(
                sign for sign, role in CALLERS.items() if role is not None and right in ROLE_PERMISSIONS[role]
            )
        assert callers == expected, name


async def caller(api: Api, world: World, role: Role | None) -> Api:
    if role is None:
        return api
    if role is Role.service_bot:
        return api.as_bot()
    if role is Role.vendor:
        return api.as_((await world.a_vendor())[1])
    return api.as_(await world.the(role))


async def verdict(api: Api, name: str, body: Any) -> str:
    """``yes``, ``who`` (not known) or ``no`` (known and refused); anything above 499 is a surprise."""
    method, path, query, files = how_to_call(name)
    headers = {"Idempotency-Key": str(new_id())}
    answer = await api.send(method, path, body, headers=headers, params=query, files=files)
    code = answer.json().get("code", "") if "problem" in answer.headers.get("content-type", "") else ""
    if answer.status_code >= 500:
        return f"surprise: {answer.status_code} {code}"
    return {"unauthorized": "who", "forbidden": "no"}.get(code, "yes")


async def test_every_route_answers_every_caller_as_the_table_says(api: Api, world: World) -> None:
    given, wrong, cells = bodies(world.now, BOT_KEY), [], 0
    for sign, role in CALLERS.items():
        who = await caller(api, world, role)
        for name, (right, callers) in TABLE.items():
            denied = "who" if role is None or right == CALL_BACK else "no"
            expected = "yes" if sign in callers else denied
            found = await verdict(who, name, given.get(name))
            cells += 1
            if found != expected:
                wrong.append((name, sign, expected, found))
    assert wrong == []
    assert cells == len(CALLERS) * len(TABLE) > 500
