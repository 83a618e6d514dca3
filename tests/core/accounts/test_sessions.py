"""Log-in, refresh and log-out."""

import asyncio
import datetime as dt

import pytest
from sqlalchemy import text

from core.access.roles import Role
from core.accounts import sessions
from core.accounts.commands import Login, RefreshSession
from core.accounts.errors import SessionEnded, WrongLogin
from core.accounts.model import Session
from core.people import service
from core.people.commands import AddPerson, ChangeRoles, DisablePerson, SetPassword
from core.people.model import Person
from tests.support.uow import SmallCompany

PASSWORD = "correct horse battery"
EMAIL = "lin.chen@northwind.example"


async def someone(company: SmallCompany) -> Person:
    command = AddPerson("Lin Chen", EMAIL.upper(), (Role.requester,), "en", "UTC", None, PASSWORD)
    return await company.act(company.admin, service.add_person, command)


async def logged_in(company: SmallCompany) -> Session:
    await someone(company)
    return await company.act(company.nobody, sessions.login, Login(EMAIL, PASSWORD))


async def refreshed(company: SmallCompany, token: str) -> Session | None:
    return await company.act(company.nobody, sessions.refresh, RefreshSession(token))


async def test_the_right_password_opens_a_session_whatever_the_case_of_the_address(
    company: SmallCompany,
) -> None:
    person = await someone(company)
    session = await company.act(company.nobody, sessions.login, Login(f" {EMAIL.title()} ", PASSWORD))
    assert session.person.id == person.id
    assert session.person.roles == {Role.requester}


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong password!"), ("nobody@northwind.example", PASSWORD), (EMAIL, "")]
)
async def test_wrong_password_and_unknown_address_are_refused_alike(
    company: SmallCompany, email: str, password: str
) -> None:
    await someone(company)
    with pytest.raises(WrongLogin) as refusal:
        await company.act(company.nobody, sessions.login, Login(email, password))
    assert refusal.value.facts() == {}


async def test_person_without_a_password_cannot_log_in(company: SmallCompany) -> None:
    with pytest.raises(WrongLogin):
        await company.act(company.nobody, sessions.login, Login("ada.admin@northwind.example", ""))


async def test_disabled_person_can_neither_log_in_nor_refresh(company: SmallCompany) -> None:
    session = await logged_in(company)
    await company.act(company.admin, service.disable_person, DisablePerson(session.person.id))
    with pytest.raises(WrongLogin):
        await company.act(company.nobody, sessions.login, Login(EMAIL, PASSWORD))
    with pytest.raises(SessionEnded):
        await refreshed(company, session.refresh_token)


async def test_refresh_gives_another_token_each_time(company: SmallCompany) -> None:
    session = await logged_in(company)
    seen = {session.refresh_token}
    for _ in range(3):
        following = await refreshed(company, session.refresh_token)
        assert following is not None
        session = following
        seen.add(session.refresh_token)
    assert len(seen) == 4


async def test_same_refresh_token_within_ten_seconds_is_answered_again(company: SmallCompany) -> None:
    session = await logged_in(company)
    first = await refreshed(company, session.refresh_token)
    company.clock.advance(dt.timedelta(seconds=10))
    again = await refreshed(company, session.refresh_token)
    assert first is not None
    assert again is not None
    assert first.refresh_token != again.refresh_token
    assert await refreshed(company, first.refresh_token) is not None


async def test_reuse_after_eleven_seconds_ends_the_whole_family(company: SmallCompany) -> None:
    session = await logged_in(company)
    following = await refreshed(company, session.refresh_token)
    assert following is not None
    company.clock.advance(dt.timedelta(seconds=11))
    assert await refreshed(company, session.refresh_token) is None
    for token in (session.refresh_token, following.refresh_token):
        with pytest.raises(SessionEnded):
            await refreshed(company, token)


async def test_reuse_ends_a_family_even_while_it_is_being_refreshed(company: SmallCompany) -> None:
    stolen = await logged_in(company)
    rightful = await refreshed(company, stolen.refresh_token)
    assert rightful is not None
    company.clock.advance(dt.timedelta(seconds=11))
    answers = await asyncio.gather(
        *(refreshed(company, token) for token in (rightful.refresh_token, stolen.refresh_token)),
        return_exceptions=True,
    )
    alive = [answer for answer in answers if isinstance(answer, Session)]
    for session in [*alive, stolen, rightful]:
        with pytest.raises(SessionEnded):
            await refreshed(company, session.refresh_token)


async def test_another_log_in_survives_the_end_of_a_family(company: SmallCompany) -> None:
    stolen = await logged_in(company)
    other = await company.act(company.nobody, sessions.login, Login(EMAIL, PASSWORD))
    await refreshed(company, stolen.refresh_token)
    company.clock.advance(dt.timedelta(minutes=1))
    assert await refreshed(company, stolen.refresh_token) is None
    assert await refreshed(company, other.refresh_token) is not None


async def test_refresh_token_lives_thirty_days(company: SmallCompany) -> None:
    session = await logged_in(company)
    company.clock.advance(dt.timedelta(days=30))
    with pytest.raises(SessionEnded):
        await refreshed(company, session.refresh_token)


async def test_logout_ends_the_family_and_an_unknown_token_ends_nothing(company: SmallCompany) -> None:
    session = await logged_in(company)
    await company.act(company.nobody, sessions.logout, RefreshSession("unknown"))
    await company.act(company.nobody, sessions.logout, RefreshSession(session.refresh_token))
    with pytest.raises(SessionEnded):
        await refreshed(company, session.refresh_token)
    with pytest.raises(SessionEnded):
        await refreshed(company, "unknown")


async def test_change_of_roles_ends_refresh_tokens_too(company: SmallCompany) -> None:
    session = await logged_in(company)
    command = ChangeRoles(session.person.id, (Role.manager,))
    await company.act(company.admin, service.change_roles, command)
    with pytest.raises(SessionEnded):
        await refreshed(company, session.refresh_token)


async def test_token_that_slipped_in_during_a_change_of_roles_is_of_the_old_epoch(
    company: SmallCompany,
) -> None:
    session = await logged_in(company)
    async with company.owner.begin() as connection:
        await connection.execute(text("UPDATE people SET epoch = epoch + 1"))
    with pytest.raises(SessionEnded):
        await refreshed(company, session.refresh_token)


async def test_new_password_ends_the_sessions_of_the_old_one(company: SmallCompany) -> None:
    session = await logged_in(company)
    command = SetPassword(session.person.id, "another good password")
    await company.act(company.admin, service.set_password, command)
    with pytest.raises(SessionEnded):
        await refreshed(company, session.refresh_token)
    with pytest.raises(WrongLogin):
        await company.act(company.nobody, sessions.login, Login(EMAIL, PASSWORD))
    again = await company.act(company.nobody, sessions.login, Login(EMAIL, "another good password"))
    assert again.person.id == session.person.id


async def test_secrets_are_stored_as_hashes_only(company: SmallCompany) -> None:
    session = await logged_in(company)
    stored = await company.scalar("SELECT string_agg(r::text, ' ') FROM refresh_tokens r")
    assert session.refresh_token not in str(stored)
    people = await company.scalar("SELECT string_agg(p::text, ' ') FROM people p")
    assert PASSWORD not in str(people)
    assert "$argon2id$" in str(people)
