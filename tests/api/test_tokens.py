"""Bad tokens, each of them 401 with the same words; and sessions that end."""

import jwt
import pytest

from api.contract import endpoints as e
from api.server.tokens import AUDIENCE, ISSUER
from core.access.roles import Role
from core.people import service as people
from core.people.commands import ChangeRoles, DisablePerson
from tests.support.api import BOT_KEY, Api, ProblemError
from tests.support.bad_tokens import BAD, TokenForger
from tests.support.world import ADMINISTRATOR, PASSWORD, World


async def test_every_bad_token_is_refused_alike_and_the_good_one_is_not(api: Api, world: World) -> None:
    person = await world.a_requester()
    forge = TokenForger(api.tokens._keys.current, person.id, person.name, sorted(person.roles), person.epoch)
    assert (await api.with_token(forge.good()).send("GET", "/me")).status_code == 200
    answers = {name: await api.with_token(make(forge)).send("GET", "/me") for name, make in BAD.items()}
    assert {name: a.status_code for name, a in answers.items() if a.status_code != 401} == {}
    assert {answer.json()["code"] for answer in answers.values()} == {"unauthorized"}
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {"Bearer"}
    assert len(BAD) == 49


@pytest.mark.parametrize("header", ["", "Bearer", "Basic dXNlcjpwdw==", "Token x", "Bearer a b"])
async def test_other_ways_to_say_who_one_is_are_refused(api: Api, header: str) -> None:
    answer = await api.send("GET", "/me", headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_token_ends_after_ten_minutes(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    api.pass_time(minutes=11)
    assert (await caller.send("GET", "/me")).status_code == 401


async def test_a_changed_role_ends_the_tokens_of_before_at_once(api: Api, world: World) -> None:
    person = await world.a_person(Role.manager)
    caller = api.as_(person)
    assert (await caller.send("GET", "/vendors")).status_code == 200
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(person.id, (Role.requester,)))
    assert (await caller.send("GET", "/vendors")).status_code == 401
    assert (await caller.send("POST", "/procurement/request/parse", {"text": "3 laptops"})).status_code == 401


async def test_a_disabled_person_is_out(api: Api, world: World) -> None:
    person = await world.a_person(Role.requester)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(person.id))
    assert (await api.as_(person).send("GET", "/me")).status_code == 401


async def test_log_in_refresh_and_log_out(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    session = await api.call(e.login, {"email": person.email, "password": PASSWORD})
    me = await api.with_token(session.access_token).call(e.me)
    assert me.roles == ("officer",)
    again = await api.call(e.refresh, {"refresh_token": session.refresh_token})
    assert again.refresh_token != session.refresh_token
    await api.call(e.logout, {"refresh_token": again.refresh_token})
    with pytest.raises(ProblemError, match=r"auth\.refresh"):
        await api.call(e.refresh, {"refresh_token": again.refresh_token})


async def test_a_refresh_token_used_twice_ends_the_whole_family(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    first = await api.call(e.login, {"email": person.email, "password": PASSWORD})
    second = await api.call(e.refresh, {"refresh_token": first.refresh_token})
    lost_answer = await api.call(e.refresh, {"refresh_token": first.refresh_token})
    api.pass_time(seconds=11)
    with pytest.raises(ProblemError, match="401"):
        await api.call(e.refresh, {"refresh_token": first.refresh_token})
    for token in (second.refresh_token, lost_answer.refresh_token):
        with pytest.raises(ProblemError, match="401"):
            await api.call(e.refresh, {"refresh_token": token})


async def test_the_eleventh_wrong_password_has_to_wait(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    for _ in range(10):
        with pytest.raises(ProblemError, match=r"401 auth\.login"):
            await api.call(e.login, {"email": person.email, "password": "wrong"})
    answer = await api.send("POST", "/auth/login", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901


async def test_a_bot_exchanges_a_linked_chat_for_its_person_and_can_do_nothing_else(
    api: Api, world: World
) -> None:
    person = await world.a_person(Role.requester)
    with pytest.raises(ProblemError, match="401"):
        await api.call(e.service_token, {"key": "f" * 64})
    bot = api.with_token((await api.call(e.service_token, {"key": BOT_KEY})).access_token)
    chat = {"platform": "telegram", "external_id": "4711"}
    with pytest.raises(ProblemError, match="404"):
        await bot.call(e.chat_token, chat)
    link = await api.as_(person).call(e.make_link, {})
    use = {"code": link.code, **chat, "display_name": "Rosa"}
    assert (await bot.call(e.preview_link, use)).account == person.name
    assert (await bot.call(e.confirm_link, use)).id == person.id
    exchanged = await bot.call(e.chat_token, chat)
    assert exchanged.person.id == person.id
    assert (await api.with_token(exchanged.access_token).call(e.me)).id == person.id
    with pytest.raises(ProblemError, match="403"):
        await bot.call(e.list_requests)
    with pytest.raises(ProblemError, match=r"409 links\.used"):
        await bot.call(e.confirm_link, use)


async def test_the_keys_that_sign_are_published(api: Api, world: World) -> None:
    keys = (await api.send("GET", "/.well-known/jwks.json")).json()["keys"]
    token = api.tokens.for_person(await world.a_requester())
    key = next(key for key in keys if key["kid"] == jwt.get_unverified_header(token)["kid"])
    read = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["EdDSA"], audience=AUDIENCE)
    assert read["iss"] == ISSUER
    assert "d" not in key
