"""Joining a chat to a person by a one-time code."""

import asyncio
import datetime as dt
import re

import pytest

from core.access.roles import Role
from core.accounts import commands, links, reach, sessions
from core.accounts import repo as accounts
from core.accounts.commands import ExchangeChat, MakeLink, RevokeLink, UseLink
from core.accounts.errors import AlreadyLinked, LinkExpired, LinkUsed
from core.accounts.model import NewLink
from core.kernel.errors import DomainError, MissingPermission, NotFound, RateLimited
from core.kernel.ids import LinkId, new_id
from core.people import repo
from core.people import service as people
from core.people.commands import DisablePerson
from tests.support.uow import SmallCompany


async def made(company: SmallCompany) -> NewLink:
    return await company.act(company.requester, links.make_link, MakeLink(None))


def use(link: NewLink, chat: str = "1001") -> UseLink:
    return UseLink(link.code, "telegram", chat, "Rosa K.")


async def confirmed(company: SmallCompany, chat: str = "1001") -> NewLink:
    link = await made(company)
    await company.act(company.bot, links.confirm_link, use(link, chat))
    return link


async def test_code_has_132_bits_and_is_stored_as_a_hash(company: SmallCompany) -> None:
    link = await made(company)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", link.code)
    assert link.expires_at == company.clock.at + dt.timedelta(minutes=10)
    stored = await company.scalar("SELECT string_agg(l::text, ' ') FROM link_codes l")
    events = await company.scalar("SELECT string_agg(canonical, ' ') FROM audit_events")
    assert link.code not in f"{stored} {events}"


async def test_person_confirms_after_seeing_both_names(company: SmallCompany) -> None:
    link = await made(company)
    preview = await company.act(company.bot, links.preview_link, use(link))
    assert (preview.account, preview.chat, preview.vendor) == ("Rosa Requester", "Rosa K.", None)
    me = await company.act(company.bot, links.confirm_link, use(link))
    assert me.person.id == company.requester.person_id
    exchanged = await company.act(company.bot, sessions.exchange_chat, ExchangeChat("telegram", "1001"))
    assert exchanged.person.roles == {Role.requester}
    assert await company.events() == ["link.made", "link.confirmed"]


async def test_chat_that_is_not_linked_is_nobody(company: SmallCompany) -> None:
    await confirmed(company)
    for platform, chat in (("telegram", "1002"), ("slack", "1001")):
        with pytest.raises(NotFound):
            await company.act(company.bot, sessions.exchange_chat, ExchangeChat(platform, chat))


async def test_only_the_bot_exchanges_and_confirms(company: SmallCompany) -> None:
    link = await made(company)
    for actor in (company.admin, company.requester):
        with pytest.raises(MissingPermission):
            await company.act(actor, links.confirm_link, use(link))
        with pytest.raises(MissingPermission):
            await company.act(actor, sessions.exchange_chat, ExchangeChat("telegram", "1001"))


async def test_code_works_once(company: SmallCompany) -> None:
    link = await confirmed(company)
    with pytest.raises(LinkUsed):
        await company.act(company.bot, links.confirm_link, use(link, "1002"))


async def test_twenty_chats_with_one_code_at_once_give_one_link(company: SmallCompany) -> None:
    link = await made(company)
    answers = await asyncio.gather(
        *(company.act(company.bot, links.confirm_link, use(link, str(chat))) for chat in range(20)),
        return_exceptions=True,
    )
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} == {LinkUsed}
    assert await company.scalar("SELECT count(*) FROM chat_identities") == 1


async def test_two_codes_for_one_chat_at_once_give_one_owner(company: SmallCompany) -> None:
    mine, theirs = await made(company), await company.act(company.officer, links.make_link, MakeLink(None))
    answers = await asyncio.gather(
        *(company.act(company.bot, links.confirm_link, use(link)) for link in (mine, theirs)),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [type(answer) for answer in refused] == [AlreadyLinked]
    assert await company.scalar("SELECT count(*) FROM link_codes WHERE used_at IS NOT NULL") == 1


async def test_linked_chat_refuses_a_second_link(company: SmallCompany) -> None:
    await confirmed(company)
    second = await company.act(company.officer, links.make_link, MakeLink(None))
    with pytest.raises(AlreadyLinked) as refusal:
        await company.act(company.bot, links.preview_link, use(second))
    assert refusal.value.person == "Rosa Requester"
    await company.act(company.bot, links.confirm_link, use(second, "1002"))


async def test_code_runs_out_after_ten_minutes(company: SmallCompany) -> None:
    link = await made(company)
    company.clock.advance(dt.timedelta(minutes=10))
    for step in (links.preview_link, links.confirm_link):
        with pytest.raises(LinkExpired):
            await company.act(company.bot, step, use(link))


async def test_unknown_code_and_disabled_person_look_the_same(company: SmallCompany) -> None:
    link = await made(company)
    assert company.requester.person_id is not None
    await company.act(company.admin, people.disable_person, DisablePerson(company.requester.person_id))
    for code in (link.code, "x" * 22):
        with pytest.raises(NotFound) as refusal:
            await company.act(company.bot, links.confirm_link, UseLink(code, "telegram", "1001", "R"))
        assert refusal.value.facts() == {"what": "link"}


async def test_administrator_makes_a_code_for_somebody_else_and_others_do_not(company: SmallCompany) -> None:
    command = MakeLink(company.requester.person_id)
    with pytest.raises(MissingPermission):
        await company.act(company.officer, links.make_link, command)
    link = await company.act(company.admin, links.make_link, command)
    preview = await company.act(company.bot, links.preview_link, use(link))
    assert (preview.account, preview.invited_by) == ("Rosa Requester", "Ada Admin")


async def test_ten_codes_an_hour(company: SmallCompany) -> None:
    for _ in range(10):
        await made(company)
    with pytest.raises(RateLimited):
        await made(company)
    company.clock.advance(dt.timedelta(hours=1))
    await made(company)


async def test_eleventh_look_of_an_hour_is_refused_even_when_all_come_at_once(company: SmallCompany) -> None:
    guess = UseLink("x" * 22, "telegram", "666", "Guesser")
    answers = await asyncio.gather(
        *(company.act(company.bot, links.count_attempt, guess) for _ in range(30)), return_exceptions=True
    )
    assert sum(answer is None for answer in answers) == 10
    assert {type(answer) for answer in answers if answer is not None} == {RateLimited}
    await company.act(company.bot, links.count_attempt, UseLink("x", "telegram", "667", "Somebody else"))
    company.clock.advance(dt.timedelta(hours=1))
    await company.act(company.bot, links.count_attempt, guess)


async def test_code_that_was_taken_back_is_unknown(company: SmallCompany) -> None:
    link = await made(company)
    with pytest.raises(NotFound):
        await company.act(company.officer, links.revoke_link, RevokeLink(link.id))
    await company.act(company.requester, links.revoke_link, RevokeLink(link.id))
    with pytest.raises(NotFound):
        await company.act(company.bot, links.preview_link, use(link))
    with pytest.raises(NotFound):
        await company.act(company.requester, links.revoke_link, RevokeLink(link.id))
    with pytest.raises(NotFound):
        await company.act(company.requester, links.revoke_link, RevokeLink(LinkId(new_id())))


async def test_taking_back_a_used_link_unlinks_the_chat_and_ends_its_tokens(company: SmallCompany) -> None:
    link = await confirmed(company)
    await company.act(company.admin, links.revoke_link, RevokeLink(link.id))
    with pytest.raises(NotFound):
        await company.act(company.bot, sessions.exchange_chat, ExchangeChat("telegram", "1001"))
    assert company.requester.person_id is not None
    async with company.app.connect() as connection:
        person_id = company.requester.person_id
        assert await repo.epochs(connection, [person_id]) == {person_id: 2}
        assert await accounts.chats_of(connection, [company.requester.person_id]) == []
    assert (await company.events())[-1] == "link.revoked"
    other = await company.act(company.officer, links.make_link, MakeLink(None))
    me = await company.act(company.bot, links.confirm_link, use(other))
    assert me.person.name == "Oscar Officer"


async def test_a_person_may_have_two_chats_and_a_blocked_one_is_passed_over(company: SmallCompany) -> None:
    await confirmed(company, "1001")
    await confirmed(company, "1002")
    rosa = company.requester.person_id
    assert rosa is not None

    async def reached() -> list[str]:
        async with company.app.begin() as connection:
            found = await accounts.chats_of(connection, [rosa])
        return [chat.external_id for chat in found]

    assert await reached() == ["1001", "1002"]
    assert [await noted(company, reachable=False) for _ in range(2)] == [True, False]
    assert await reached() == ["1002"]
    assert [await noted(company, reachable=True) for _ in range(2)] == [True, False]
    assert await reached() == ["1001", "1002"]
    assert (await company.events())[-2:] == ["chat.unreachable", "chat.reachable"]


async def noted(company: SmallCompany, *, reachable: bool) -> bool:
    """What a bot, or a worker, tells of the first chat."""
    return await company.act(
        company.bot, reach.set_chat_reachable, commands.SetChatReachable("telegram", "1001", reachable)
    )


async def test_tries_and_expired_tokens_are_tidied_away_and_codes_stay(company: SmallCompany) -> None:
    await confirmed(company)
    await company.act(company.bot, links.count_attempt, UseLink("x", "telegram", "666", "Guesser"))
    company.clock.advance(dt.timedelta(minutes=59))
    async with company.app.begin() as connection:
        await accounts.delete_expired(connection, company.clock.at)
    assert await company.scalar("SELECT count(*) FROM link_tries") == 1
    company.clock.advance(dt.timedelta(minutes=2))
    async with company.app.begin() as connection:
        await accounts.delete_expired(connection, company.clock.at)
    assert await company.scalar("SELECT count(*) FROM link_tries") == 0
    assert await company.scalar("SELECT count(*) FROM link_codes") == 1
