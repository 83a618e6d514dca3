"""Log-in, refresh and log-out."""

import asyncio
import datetime as dt

import pytest

from core.access.roles import Role
from core.accounts import sessions
from core.accounts.commands import Login, Refresh
from core.accounts.errors import SessionEnded, WrongLogin
from core.accounts.model import Session
from core.people import service
from core.people.commands import AddPerson, ChangeRoles, DisablePerson, SetPassword
from core.people.model import Person
from tests.support.uow import Office

PASSWORD = "correct horse battery"
EMAIL = "lin.chen@northwind.example"


async def someone(office: Office) -> Person:
    command = AddPerson("Lin Chen", EMAIL.upper(), (Role.requester,), "en", "UTC", None, PASSWORD)
    return await office.act(office.admin, service.add_person, command)


async def logged_in(office: Office) -> Session:
    await someone(office)
    return await office.act(office.nobody, sessions.login, Login(EMAIL, PASSWORD))


async def refreshed(office: Office, token: str) -> Session | None:
    return await office.act(office.nobody, sessions.refresh, Refresh(token))


async def test_the_right_password_opens_a_session_whatever_the_case_of_the_address(office: Office) -> None:
    person = await someone(office)
    session = await office.act(office.nobody, sessions.login, Login(f" {EMAIL.title()} ", PASSWORD))
    assert session.person.id == person.id
    assert session.person.roles == {Role.requester}


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong password!"), ("nobody@northwind.example", PASSWORD), (EMAIL, "")]
)
async def test_wrong_password_and_unknown_address_are_refused_alike(
    office: Office, email: str, password: str
) -> None:
    await someone(office)
    with pytest.raises(WrongLogin) as refusal:
        await office.act(office.nobody, sessions.login, Login(email, password))
    assert refusal.value.facts() == {}


async def test_person_without_a_password_cannot_log_in(office: Office) -> None:
    with pytest.raises(WrongLogin):
        await office.act(office.nobody, sessions.login, Login("ada.admin@northwind.example", ""))


async def test_disabled_person_can_neither_log_in_nor_refresh(office: Office) -> None:
    session = await logged_in(office)
    await office.act(office.admin, service.disable_person, DisablePerson(session.person.id))
    with pytest.raises(WrongLogin):
        await office.act(office.nobody, sessions.login, Login(EMAIL, PASSWORD))
    with pytest.raises(SessionEnded):
        await refreshed(office, session.refresh_token)


async def test_refresh_gives_another_token_each_time(office: Office) -> None:
    session = await logged_in(office)
    seen = {session.refresh_token}
    for _ in range(3):
        following = await refreshed(office, session.refresh_token)
        assert following is not None
        session = following
        seen.add(session.refresh_token)
    assert len(seen) == 4


async def test_same_refresh_token_within_ten_seconds_is_answered_again(office: Office) -> None:
    session = await logged_in(office)
    first = await refreshed(office, session.refresh_token)
    office.clock.forward(dt.timedelta(seconds=10))
    again = await refreshed(office, session.refresh_token)
    assert first is not None
    assert again is not None
    assert first.refresh_token != again.refresh_token
    assert await refreshed(office, first.refresh_token) is not None


async def test_reuse_after_eleven_seconds_ends_the_whole_family(office: Office) -> None:
    session = await logged_in(office)
    following = await refreshed(office, session.refresh_token)
    assert following is not None
    office.clock.forward(dt.timedelta(seconds=11))
    assert await refreshed(office, session.refresh_token) is None
    for token in (session.refresh_token, following.refresh_token):
        with pytest.raises(SessionEnded):
            await refreshed(office, token)


async def test_reuse_ends_a_family_even_while_it_is_being_refreshed(office: Office) -> None:
    stolen = await logged_in(office)
    rightful = await refreshed(office, stolen.refresh_token)
    assert rightful is not None
    office.clock.forward(dt.timedelta(seconds=11))
    answers = await asyncio.gather(
        *(refreshed(office, token) for token in (rightful.refresh_token, stolen.refresh_token)),
        return_exceptions=True,
    )
    alive = [answer for answer in answers if isinstance(answer, Session)]
    for session in [*alive, stolen, rightful]:
        with pytest.raises(SessionEnded):
            await refreshed(office, session.refresh_token)


async def test_another_log_in_survives_the_end_of_a_family(office: Office) -> None:
    stolen = await logged_in(office)
    other = await office.act(office.nobody, sessions.login, Login(EMAIL, PASSWORD))
    await refreshed(office, stolen.refresh_token)
    office.clock.forward(dt.timedelta(minutes=1))
    assert await refreshed(office, stolen.refresh_token) is None
    assert await refreshed(office, other.refresh_token) is not None


async def test_refresh_token_lives_thirty_days(office: Office) -> None:
    session = await logged_in(office)
    office.clock.forward(dt.timedelta(days=30))
    with pytest.raises(SessionEnded):
        await refreshed(office, session.refresh_token)


async def test_logout_ends_the_family_and_an_unknown_token_ends_nothing(office: Office) -> None:
    session = await logged_in(office)
    await office.act(office.nobody, sessions.logout, Refresh("unknown"))
    await office.act(office.nobody, sessions.logout, Refresh(session.refresh_token))
    with pytest.raises(SessionEnded):
        await refreshed(office, session.refresh_token)
    with pytest.raises(SessionEnded):
        await refreshed(office, "unknown")


async def test_change_of_roles_ends_refresh_tokens_too(office: Office) -> None:
    session = await logged_in(office)
    command = ChangeRoles(session.person.id, (Role.manager,))
    await office.act(office.admin, service.change_roles, command)
    with pytest.raises(SessionEnded):
        await refreshed(office, session.refresh_token)


async def test_token_that_slipped_in_during_a_change_of_roles_is_of_the_old_epoch(office: Office) -> None:
    session = await logged_in(office)
    async with office.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE people SET epoch = epoch + 1")
    with pytest.raises(SessionEnded):
        await refreshed(office, session.refresh_token)


async def test_new_password_ends_the_sessions_of_the_old_one(office: Office) -> None:
    session = await logged_in(office)
    command = SetPassword(session.person.id, "another good password")
    await office.act(office.admin, service.set_password, command)
    with pytest.raises(SessionEnded):
        await refreshed(office, session.refresh_token)
    with pytest.raises(WrongLogin):
        await office.act(office.nobody, sessions.login, Login(EMAIL, PASSWORD))
    again = await office.act(office.nobody, sessions.login, Login(EMAIL, "another good password"))
    assert again.person.id == session.person.id


async def test_secrets_are_stored_as_hashes_only(office: Office) -> None:
    session = await logged_in(office)
    stored = await office.scalar("SELECT string_agg(r::text, ' ') FROM refresh_tokens r")
    assert session.refresh_token not in str(stored)
    people = await office.scalar("SELECT string_agg(p::text, ' ') FROM people p")
    assert PASSWORD not in str(people)
    assert "$argon2id$" in str(people)
