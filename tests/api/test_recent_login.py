"""Dangerous calls want a token of somebody who has just proved who they are; all others take an older one."""

import re
from uuid import UUID

import pytest
from sqlalchemy import insert

from api.contract import endpoints as e
from api.contract.endpoints import Endpoint
from api.web.admin.admin_routes import PAGES
from core.access.actor import Channel
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.kernel.ids import new_id
from core.people.model import Person
from core.web_sessions import service as web_sessions
from core.web_sessions.commands import AskLogin
from tests.support.api import BOT_KEY, Api, ProblemError
from tests.support.world import ADMINISTRATOR, PASSWORD, World

ON_PAGES: dict[str, Endpoint] = {  # type: ignore[type-arg]
    "add": e.add_person,
    "change_roles": e.change_roles,
    "disable": e.disable_person,
    "enable": e.enable_person,
    "erase": e.erase_person,
    "link_vendor": e.link_vendor,
    "make_password_link": e.make_password_link,
    "set_policy": e.set_policy,
}
"""By the name of their handlers."""
DANGEROUS = ON_PAGES | {
    "answer_web_login": e.answer_web_login,
    "make_link": e.make_link,
}
"""Beside them, what would make an older token as good as a fresh one, and what no page offers."""
MOST_MINUTES = 10


async def body_for(api: Api, world: World, endpoint: Endpoint) -> dict[str, object] | None:  # type: ignore[type-arg]
    """Something that the endpoint takes."""
    if endpoint in (e.make_link, e.link_vendor):
        return {}
    if endpoint is e.answer_web_login:
        return {"number": 47}
    if endpoint is e.add_person:
        return {"name": "Nina Neu", "roles": ["requester"]}
    if endpoint is e.change_roles:
        return {"roles": ["officer"]}
    if endpoint is e.set_policy:
        policy = await api.as_(await world.an_admin()).call(e.show_policy)
        told = policy.model_dump(mode="json", include={"currency", "tiers", "undo_seconds", "splits"})
        return {**told, "expected_version": policy.version}
    return None


def test_what_pages_ask_a_confirmation_for_is_what_the_api_asks_a_recent_login_for() -> None:
    asked = {action.handler.__name__ for page in PAGES for action in page.actions if action.dangerous}
    assert asked == set(ON_PAGES)


@pytest.mark.parametrize("name", [*DANGEROUS, "make_link for another"])
async def test_an_older_token_is_refused_told_how_to_get_another_and_recorded(
    api: Api, world: World, name: str
) -> None:
    admin, other = await world.an_admin(), await world.a_person(Role.requester)
    endpoint = DANGEROUS[name.partition(" ")[0]]
    subject: UUID = other.id
    body = await body_for(api, world, endpoint)
    if name == "make_link for another":
        body = {"person_id": str(other.id)}
    if endpoint is e.link_vendor:
        subject = (await world.a_vendor())[0].id
    if endpoint is e.answer_web_login:
        await world.act(
            ADMINISTRATOR, web_sessions.ask_login, AskLogin(admin.email or "", "Firefox", "/home")
        )
        subject = (await api.as_(admin).call(e.my_web_login)).id
    with pytest.raises(ProblemError) as refused:
        await api.as_before(admin).call(endpoint, body, path={"id": subject})
    problem = refused.value.problem
    assert (problem.status, problem.code) == (403, "auth.recent")
    assert "POST /auth/login" in problem.detail
    assert problem.facts["minutes"] == MOST_MINUTES
    await api.as_(admin).call(endpoint, body, path={"id": subject})


@pytest.mark.parametrize("name", sorted(set(DANGEROUS) - {"answer_web_login"}))
async def test_whoever_has_no_right_is_told_so_and_not_to_log_in(api: Api, world: World, name: str) -> None:
    requester = await world.a_requester()
    body = await body_for(api, world, DANGEROUS[name])
    if name == "make_link":
        body = {"person_id": str((await world.an_admin()).id)}
    with pytest.raises(ProblemError) as refused:
        await api.as_before(requester).call(DANGEROUS[name], body, path={"id": requester.id})
    assert refused.value.code == "forbidden"


async def test_everything_else_takes_an_older_token(api: Api, world: World) -> None:
    admin = await world.an_admin()
    older, asked = api.as_before(admin), 0
    for endpoint in vars(e).values():
        if not isinstance(endpoint, Endpoint) or endpoint in DANGEROUS.values():
            continue
        path = re.sub(r"\{\w+\}", str(admin.id), endpoint.path)
        answer = await older.send(endpoint.method, path, {} if endpoint.method != "GET" else None)
        asked += 1
        assert "auth.recent" not in answer.text, endpoint.name
    assert asked > 100


async def test_a_password_counts_for_ten_minutes_and_a_refreshed_token_never(api: Api, world: World) -> None:
    admin = await world.a_person(Role.admin, password=PASSWORD)
    other = await world.a_person(Role.requester)
    opened = await api.call(e.login, {"email": admin.email, "password": PASSWORD})
    fresh = api.with_token(opened.access_token)
    await fresh.call(e.change_roles, {"roles": ["officer"]}, path={"id": other.id})
    api.pass_time(minutes=MOST_MINUTES, seconds=5)
    with pytest.raises(ProblemError) as refused:
        await fresh.call(e.change_roles, {"roles": ["requester"]}, path={"id": other.id})
    assert refused.value.code == "auth.recent"
    renewed = await api.call(e.refresh, {"refresh_token": opened.refresh_token})
    with pytest.raises(ProblemError) as refused:
        await api.with_token(renewed.access_token).call(
            e.change_roles, {"roles": ["requester"]}, path={"id": other.id}
        )
    assert refused.value.code == "auth.recent"


async def test_a_press_in_a_chat_counts_because_the_platform_said_who_pressed(api: Api, world: World) -> None:
    admin, other = await world.an_admin(), await world.a_person(Role.requester)
    async with world.engine.begin() as connection:
        linked = {"platform": "telegram", "external_id": "4711", "person_id": admin.id}
        shown = {"id": new_id(), "display_name": "A", "linked_at": world.now}
        await connection.execute(insert(chat_identities).values(**linked, **shown))
    bot = api.with_token((await api.call(e.service_token, {"key": BOT_KEY})).access_token)
    given = await bot.call(e.chat_token, {"platform": Channel.telegram.value, "external_id": "4711"})
    pressed = api.with_token(given.access_token)
    made = await pressed.call(e.make_link, {"person_id": str(other.id)}, key="press-1")
    assert made.code


async def test_the_cookie_of_a_browser_is_no_proof(api: Api, world: World) -> None:
    admin: Person = await world.an_admin()
    token = api.tokens.for_person(admin, Channel.web)
    with pytest.raises(ProblemError) as refused:
        await api.with_token(token).call(e.disable_person, path={"id": (await world.a_requester()).id})
    assert refused.value.code == "auth.recent"


async def test_an_older_token_makes_no_code_with_which_a_foreign_chat_would_be_its_person(
    api: Api, world: World
) -> None:
    """The code, confirmed from any account, would give that account tokens that count as proved."""
    admin = await world.an_admin()
    for caller in (api.as_before(admin), api.as_before(admin, Channel.web)):
        with pytest.raises(ProblemError) as refused:
            await caller.call(e.make_link, {})
        assert refused.value.code == "auth.recent"
