"""Linked chats: each person sees and ends their own, an administrator anybody’s; tokens end with the link."""

import time
from uuid import uuid4

import pytest

from api.contract import endpoints as e
from core.access.actor import Channel
from core.access.roles import Role
from core.people.model import Person
from tests.support.api import Api, ProblemError
from tests.support.world import World

SECOND = 1.0


async def link_chat(api: Api, person: Person, platform: str, account: str, name: str) -> None:
    code = (await api.as_(person).call(e.make_link, {})).code
    chat = {"code": code, "platform": platform, "external_id": account, "display_name": name}
    await api.as_bot().call(e.confirm_link, chat, key=f"link-{platform}-{account}")


async def pressed_by(api: Api, platform: Channel, account: str) -> Api:
    """What a bot does before it acts for whoever pressed."""
    given = await api.as_bot().call(e.chat_token, {"platform": platform.value, "external_id": account})
    return api.with_token(given.access_token)


async def test_an_administrator_ends_one_chat_and_its_tokens_within_a_second(api: Api, world: World) -> None:
    admin, person = await world.an_admin(), await world.a_person(Role.requester)
    await link_chat(api, person, "telegram", "71", "Rosa on the telephone")
    await link_chat(api, person, "slack", "T1:U71", "rosa")
    telegram = await pressed_by(api, Channel.telegram, "71")
    assert (await telegram.call(e.me)).id == person.id
    listed = (await api.as_(admin).call(e.list_links, query={"person_id": str(person.id)})).items
    assert {(each.platform, each.display_name, each.reachable) for each in listed} == {
        ("telegram", "Rosa on the telephone", True),
        ("slack", "rosa", True),
    }
    ended = next(each for each in listed if each.platform == "telegram")
    begun = time.monotonic()
    await api.as_(admin).call(e.revoke_link, path={"id": ended.id})
    with pytest.raises(ProblemError) as refused:
        await telegram.call(e.me)
    assert refused.value.status == 401
    assert time.monotonic() - begun < SECOND
    with pytest.raises(ProblemError) as unknown:
        await pressed_by(api, Channel.telegram, "71")
    assert unknown.value.status == 404
    slack = await pressed_by(api, Channel.slack, "T1:U71")
    left = (await slack.call(e.list_links)).items
    assert [each.platform for each in left] == ["slack"]
    assert "link.revoked" in await world.events_of(person.id)
    with pytest.raises(ProblemError) as again:
        await api.as_(admin).call(e.revoke_link, path={"id": ended.id})
    assert again.value.status == 404


async def test_nobody_else_sees_or_ends_them(api: Api, world: World) -> None:
    person, colleague = await world.a_person(Role.officer), await world.a_person(Role.manager)
    await link_chat(api, person, "telegram", "72", "Oscar")
    (own,) = (await api.as_(person).call(e.list_links)).items
    assert (await api.as_(colleague).call(e.list_links)).items == ()
    with pytest.raises(ProblemError) as refused:
        await api.as_(colleague).call(e.list_links, query={"person_id": str(person.id)})
    assert refused.value.status == 403
    with pytest.raises(ProblemError) as missing:
        await api.as_(colleague).call(e.revoke_link, path={"id": own.id})
    assert missing.value.status == 404
    with pytest.raises(ProblemError) as nobody:
        await api.as_(await world.an_admin()).call(e.list_links, query={"person_id": str(uuid4())})
    assert nobody.value.status == 404
    await api.as_(person).call(e.revoke_link, path={"id": own.id})
    assert (await api.as_(await world.person(person.id)).call(e.list_links)).items == ()
