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
from tests.support.uow import Office


async def made(office: Office) -> NewLink:
    return await office.act(office.requester, links.make_link, MakeLink(None))


def use(link: NewLink, chat: str = "1001") -> UseLink:
    return UseLink(link.code, "telegram", chat, "Rosa K.")


async def confirmed(office: Office, chat: str = "1001") -> NewLink:
    link = await made(office)
    await office.act(office.bot, links.confirm_link, use(link, chat))
    return link


async def test_code_has_132_bits_and_is_stored_as_a_hash(office: Office) -> None:
    link = await made(office)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", link.code)
    assert link.expires_at == office.clock.at + dt.timedelta(minutes=10)
    stored = await office.scalar("SELECT string_agg(l::text, ' ') FROM link_codes l")
    events = await office.scalar("SELECT string_agg(canonical, ' ') FROM audit_events")
    assert link.code not in f"{stored} {events}"


async def test_person_confirms_after_seeing_both_names(office: Office) -> None:
    link = await made(office)
    preview = await office.act(office.bot, links.preview_link, use(link))
    assert (preview.account, preview.chat, preview.vendor) == ("Rosa Requester", "Rosa K.", None)
    me = await office.act(office.bot, links.confirm_link, use(link))
    assert me.person.id == office.requester.person_id
    exchanged = await office.act(office.bot, sessions.exchange_chat, ExchangeChat("telegram", "1001"))
    assert exchanged.person.roles == {Role.requester}
    assert await office.events() == ["link.made", "link.confirmed"]


async def test_chat_that_is_not_linked_is_nobody(office: Office) -> None:
    await confirmed(office)
    for platform, chat in (("telegram", "1002"), ("slack", "1001")):
        with pytest.raises(NotFound):
            await office.act(office.bot, sessions.exchange_chat, ExchangeChat(platform, chat))


async def test_only_the_bot_exchanges_and_confirms(office: Office) -> None:
    link = await made(office)
    for actor in (office.admin, office.requester):
        with pytest.raises(MissingPermission):
            await office.act(actor, links.confirm_link, use(link))
        with pytest.raises(MissingPermission):
            await office.act(actor, sessions.exchange_chat, ExchangeChat("telegram", "1001"))


async def test_code_works_once(office: Office) -> None:
    link = await confirmed(office)
    with pytest.raises(LinkUsed):
        await office.act(office.bot, links.confirm_link, use(link, "1002"))


async def test_twenty_chats_with_one_code_at_once_give_one_link(office: Office) -> None:
    link = await made(office)
    answers = await asyncio.gather(
        *(office.act(office.bot, links.confirm_link, use(link, str(chat))) for chat in range(20)),
        return_exceptions=True,
    )
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} == {LinkUsed}
    assert await office.scalar("SELECT count(*) FROM chat_identities") == 1


async def test_two_codes_for_one_chat_at_once_give_one_owner(office: Office) -> None:
    mine, theirs = await made(office), await office.act(office.officer, links.make_link, MakeLink(None))
    answers = await asyncio.gather(
        *(office.act(office.bot, links.confirm_link, use(link)) for link in (mine, theirs)),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [type(answer) for answer in refused] == [AlreadyLinked]
    assert await office.scalar("SELECT count(*) FROM link_codes WHERE used_at IS NOT NULL") == 1


async def test_linked_chat_refuses_a_second_link(office: Office) -> None:
    await confirmed(office)
    second = await office.act(office.officer, links.make_link, MakeLink(None))
    with pytest.raises(AlreadyLinked) as refusal:
        await office.act(office.bot, links.preview_link, use(second))
    assert refusal.value.person == "Rosa Requester"
    await office.act(office.bot, links.confirm_link, use(second, "1002"))


async def test_code_runs_out_after_ten_minutes(office: Office) -> None:
    link = await made(office)
    office.clock.forward(dt.timedelta(minutes=10))
    for step in (links.preview_link, links.confirm_link):
        with pytest.raises(LinkExpired):
            await office.act(office.bot, step, use(link))


async def test_unknown_code_and_disabled_person_look_the_same(office: Office) -> None:
    link = await made(office)
    assert office.requester.person_id is not None
    await office.act(office.admin, people.disable_person, DisablePerson(office.requester.person_id))
    for code in (link.code, "x" * 22):
        with pytest.raises(NotFound) as refusal:
            await office.act(office.bot, links.confirm_link, UseLink(code, "telegram", "1001", "R"))
        assert refusal.value.facts() == {"what": "link"}


async def test_administrator_makes_a_code_for_somebody_else_and_others_do_not(office: Office) -> None:
    command = MakeLink(office.requester.person_id)
    with pytest.raises(MissingPermission):
        await office.act(office.officer, links.make_link, command)
    link = await office.act(office.admin, links.make_link, command)
    preview = await office.act(office.bot, links.preview_link, use(link))
    assert (preview.account, preview.invited_by) == ("Rosa Requester", "Ada Admin")


async def test_ten_codes_an_hour(office: Office) -> None:
    for _ in range(10):
        await made(office)
    with pytest.raises(RateLimited):
        await made(office)
    office.clock.forward(dt.timedelta(hours=1))
    await made(office)


async def test_eleventh_look_of_an_hour_is_refused_even_when_all_come_at_once(office: Office) -> None:
    guess = UseLink("x" * 22, "telegram", "666", "Guesser")
    answers = await asyncio.gather(
        *(office.act(office.bot, links.count_try, guess) for _ in range(30)), return_exceptions=True
    )
    assert sum(answer is None for answer in answers) == 10
    assert {type(answer) for answer in answers if answer is not None} == {RateLimited}
    await office.act(office.bot, links.count_try, UseLink("x", "telegram", "667", "Somebody else"))
    office.clock.forward(dt.timedelta(hours=1))
    await office.act(office.bot, links.count_try, guess)


async def test_code_that_was_taken_back_is_unknown(office: Office) -> None:
    link = await made(office)
    with pytest.raises(NotFound):
        await office.act(office.officer, links.revoke_link, RevokeLink(link.id))
    await office.act(office.requester, links.revoke_link, RevokeLink(link.id))
    with pytest.raises(NotFound):
        await office.act(office.bot, links.preview_link, use(link))
    with pytest.raises(NotFound):
        await office.act(office.requester, links.revoke_link, RevokeLink(link.id))
    with pytest.raises(NotFound):
        await office.act(office.requester, links.revoke_link, RevokeLink(LinkId(new_id())))


async def test_taking_back_a_used_link_unlinks_the_chat_and_ends_its_tokens(office: Office) -> None:
    link = await confirmed(office)
    await office.act(office.admin, links.revoke_link, RevokeLink(link.id))
    with pytest.raises(NotFound):
        await office.act(office.bot, sessions.exchange_chat, ExchangeChat("telegram", "1001"))
    assert office.requester.person_id is not None
    async with office.app.connect() as connection:
        person_id = office.requester.person_id
        assert await repo.epochs(connection, [person_id]) == {person_id: 2}
        assert await accounts.chats_of(connection, [office.requester.person_id]) == []
    assert (await office.events())[-1] == "link.revoked"
    other = await office.act(office.officer, links.make_link, MakeLink(None))
    me = await office.act(office.bot, links.confirm_link, use(other))
    assert me.person.name == "Oscar Officer"


async def test_a_person_may_have_two_chats_and_a_blocked_one_is_passed_over(office: Office) -> None:
    await confirmed(office, "1001")
    await confirmed(office, "1002")
    assert office.requester.person_id is not None

    async def reached() -> list[str]:
        async with office.app.begin() as connection:
            found = await accounts.chats_of(connection, [office.requester.person_id])
        return [chat.external_id for chat in found]

    assert await reached() == ["1001", "1002"]
    assert [await noted(office, reachable=False) for _ in range(2)] == [True, False]
    assert await reached() == ["1002"]
    assert [await noted(office, reachable=True) for _ in range(2)] == [True, False]
    assert await reached() == ["1001", "1002"]
    assert (await office.events())[-2:] == ["chat.unreachable", "chat.reachable"]


async def noted(office: Office, *, reachable: bool) -> bool:
    """What a bot, or a worker, tells of the first chat."""
    return await office.act(office.bot, reach.reach, commands.Reach("telegram", "1001", reachable))


async def test_tries_and_expired_tokens_are_tidied_away_and_codes_stay(office: Office) -> None:
    await confirmed(office)
    await office.act(office.bot, links.count_try, UseLink("x", "telegram", "666", "Guesser"))
    office.clock.forward(dt.timedelta(minutes=59))
    async with office.app.begin() as connection:
        await accounts.drop_old(connection, office.clock.at)
    assert await office.scalar("SELECT count(*) FROM link_tries") == 1
    office.clock.forward(dt.timedelta(minutes=2))
    async with office.app.begin() as connection:
        await accounts.drop_old(connection, office.clock.at)
    assert await office.scalar("SELECT count(*) FROM link_tries") == 0
    assert await office.scalar("SELECT count(*) FROM link_codes") == 1
