"""Which language a person is spoken to in: their own choice, the platform's, the organisation's, English."""

import itertools

import pytest
from sqlalchemy import update

from api.contract import endpoints as e
from core.access.roles import Role
from core.accounts import repo as accounts
from core.people import repo, service
from core.people.commands import AddPerson
from core.people.model import Person
from core.people.tables import organisation
from tests.support.api import Api
from tests.support.world import ADMINISTRATOR, World

_numbers = itertools.count(1)


async def somebody(world: World, locale: str) -> Person:
    email = f"speaker{next(_numbers)}@example.com"
    command = AddPerson("Lena Speaker", email, (Role.requester,), locale, "UTC", None, None)
    return await world.act(ADMINISTRATOR, service.add_person, command)


async def linked(api: Api, person: Person, language: str) -> str:
    """The locale that the person is answered in after linking a chat account with this language."""
    link = await api.as_(person).call(e.make_link, {})
    chat = {"platform": "telegram", "external_id": f"77{next(_numbers)}", "display_name": "Lena"}
    me = await api.as_bot().call(e.confirm_link, {"code": link.code, **chat, "locale": language})
    assert (await api.as_(person).call(e.me)).locale == me.locale
    return me.locale


async def organisation_speaks(world: World, locale: str) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(update(organisation).values(locale=locale))


@pytest.mark.parametrize(
    ("profile", "platform", "of_all", "spoken"),
    [
        ("de", "ru", "es", "de"),
        ("", "ru", "es", "ru"),
        ("", "es-MX", "en", "es_MX"),
        ("", "fr", "es", "es"),
        ("", "", "ru", "ru"),
        ("", "", "en", "en"),
        ("", "🙂", "ar", "ar"),
    ],
)
async def test_profile_then_platform_then_organisation(
    api: Api, world: World, profile: str, platform: str, of_all: str, spoken: str
) -> None:
    await organisation_speaks(world, of_all)
    try:
        person = await somebody(world, profile)
        assert await linked(api, person, platform) == spoken
        async with world.engine.connect() as connection:
            chats = await accounts.chats_of(connection, [person.id])
            assert [chat.locale for chat in chats] == [spoken]
    finally:
        await organisation_speaks(world, "en")


async def test_a_second_chat_does_not_change_the_language(api: Api, world: World) -> None:
    person = await somebody(world, "")
    assert await linked(api, person, "ru") == "ru"
    assert await linked(api, person, "es") == "ru"


async def test_before_any_chat_the_organisation_decides(world: World) -> None:
    person = await somebody(world, "")
    await organisation_speaks(world, "es")
    try:
        async with world.engine.connect() as connection:
            found = await repo.person(connection, person.id)
        assert found is not None
        assert found.locale == "es"
    finally:
        await organisation_speaks(world, "en")
