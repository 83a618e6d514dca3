"""Drafts of open forms, and which message shows what."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from core.accounts import links
from core.accounts.commands import MakeLink, UseLink
from core.kernel.errors import Invalid, MissingPermission, NotFound, Stale
from core.kernel.ids import new_id
from core.messages import repo, service
from core.messages.commands import DraftKey, RegisterMessage, SaveDraft
from tests.support.uow import SmallCompany

KEY = DraftKey("telegram", "1001", "", "1001")
FIRST = SaveDraft(KEY, "request", "quantity", {"item": "laptop"}, 0)


async def kept(company: SmallCompany, command: SaveDraft = FIRST) -> int:
    return (await company.act(company.bot, service.save_draft, command)).version


async def test_draft_grows_by_one_version_and_is_read_back(company: SmallCompany) -> None:
    assert await kept(company) == 1
    assert (
        await kept(
            company, replace(FIRST, step="price", values={"item": "laptop", "quantity": "3"}, version=1)
        )
        == 2
    )
    draft = await company.act(company.bot, service.show_draft, KEY)
    assert (draft.form, draft.step, draft.values, draft.version) == (
        "request",
        "price",
        {"item": "laptop", "quantity": "3"},
        2,
    )


async def test_only_the_bot_touches_drafts(company: SmallCompany) -> None:
    for actor in (company.requester, company.admin):
        with pytest.raises(MissingPermission):
            await company.act(actor, service.save_draft, FIRST)


@pytest.mark.parametrize("version", [0, 2, 7])
async def test_version_that_was_not_read_is_stale(company: SmallCompany, version: int) -> None:
    await kept(company)
    with pytest.raises(Stale) as refusal:
        await kept(company, replace(FIRST, step="price", version=version))
    assert (refusal.value.what, refusal.value.current) == ("draft", 1)


async def test_a_draft_whose_answer_was_lost_is_saved_again_and_is_the_same(company: SmallCompany) -> None:
    assert await kept(company) == await kept(company) == 1
    further = replace(FIRST, step="price", version=1)
    assert await kept(company, further) == await kept(company, further) == 2
    with pytest.raises(Stale):
        await kept(company)


async def test_two_quick_messages_do_not_lose_one(company: SmallCompany) -> None:
    for version in (0, 1):
        answers = await asyncio.gather(
            *(kept(company, replace(FIRST, step=str(each), version=version)) for each in range(8)),
            return_exceptions=True,
        )
        assert [answer for answer in answers if isinstance(answer, int)] == [version + 1]
        assert {type(answer) for answer in answers if not isinstance(answer, int)} == {Stale}


async def test_drafts_of_other_threads_and_people_are_apart(company: SmallCompany) -> None:
    await kept(company)
    for key in (
        replace(KEY, thread_id="7"),
        replace(KEY, external_id="1002"),
        replace(KEY, chat_id="-5"),
        replace(KEY, platform="slack"),
    ):
        with pytest.raises(NotFound):
            await company.act(company.bot, service.show_draft, key)
        assert await kept(company, replace(FIRST, key=key)) == 1


async def test_draft_that_was_dropped_is_gone_and_dropping_again_is_no_error(company: SmallCompany) -> None:
    await kept(company)
    for _ in range(2):
        await company.act(company.bot, service.delete_draft, KEY)
    with pytest.raises(NotFound):
        await company.act(company.bot, service.show_draft, KEY)
    assert await kept(company) == 1


async def test_draft_of_seven_days_ago_is_forgotten_and_makes_room(company: SmallCompany) -> None:
    await kept(company)
    company.clock.advance(dt.timedelta(days=7, seconds=1))
    with pytest.raises(NotFound):
        await company.act(company.bot, service.show_draft, KEY)
    with pytest.raises(Stale):
        await kept(company, replace(FIRST, version=1))
    assert await kept(company) == 1
    draft = await company.act(company.bot, service.show_draft, KEY)
    assert draft.updated_at == company.clock.at


async def test_old_drafts_are_tidied_away(company: SmallCompany) -> None:
    await kept(company)
    async with company.app.begin() as connection:
        assert await repo.delete_old_drafts(connection, company.clock.at) == 0
        assert await repo.delete_old_drafts(connection, company.clock.at + dt.timedelta(seconds=1)) == 1


@pytest.mark.parametrize("values", [{"item": "lap\x00top"}, {"item": "x" * 70_000}, {"\x00": 1}])
async def test_values_that_cannot_be_kept_are_refused(
    company: SmallCompany, values: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        await kept(company, replace(FIRST, values=values))


async def linked(company: SmallCompany) -> None:
    link = await company.act(company.requester, links.make_link, MakeLink(None))
    await company.act(company.bot, links.confirm_link, UseLink(link.code, "telegram", "1001", "Rosa"))


def posted(message_id: str = "77") -> RegisterMessage:
    return RegisterMessage("telegram", "1001", message_id, "1001", "request", new_id(), "request", 3, None)


async def test_message_that_a_bot_posted_is_remembered_once(company: SmallCompany) -> None:
    await linked(company)
    command = posted()
    for _ in range(3):
        await company.act(company.bot, service.register_message, command)
    async with company.app.connect() as connection:
        cards = await repo.cards_of(connection, command.subject_id)
    assert [(card.message_id, card.rendered_version, card.state) for card in cards] == [("77", 3, "live")]
    assert cards[0].person_id == company.requester.person_id


async def test_message_of_an_unlinked_chat_is_not_remembered(company: SmallCompany) -> None:
    with pytest.raises(NotFound):
        await company.act(company.bot, service.register_message, posted())


async def test_reference_goes_from_sending_to_live_to_gone(company: SmallCompany) -> None:
    assert company.requester.person_id is not None
    subject = new_id()
    ref = repo.new_ref("telegram", "1001", company.requester.person_id, "order", subject, "order")
    async with company.app.begin() as connection:
        await repo.store_refs(connection, [ref], company.clock.at)
        assert [card.state for card in await repo.cards_of(connection, subject)] == ["sending"]
        sent = replace(ref, message_id="78", rendered_version=5, content_hash=b"hash", state="live")
        await repo.store_refs(connection, [sent], company.clock.at)
        (card,) = await repo.cards_of(connection, subject)
        assert (card.state, card.message_id, card.rendered_version, card.content_hash) == (
            "live",
            "78",
            5,
            b"hash",
        )
        await repo.store_refs(connection, [replace(sent, state="gone")], company.clock.at)
        assert await repo.cards_of(connection, subject) == []


async def test_a_reference_is_held_by_one_worker_at_a_time(company: SmallCompany) -> None:
    assert company.requester.person_id is not None
    ref = repo.new_ref("telegram", "1001", company.requester.person_id, "order", new_id(), "order")
    async with company.app.begin() as first:
        await repo.add_refs(first, [ref], company.clock.at)
    async with company.app.begin() as first, company.app.begin() as second:
        assert await repo.lock_refs(first, [ref.id])
        assert await repo.lock_refs(second, [ref.id]) == []
    async with company.app.begin() as third:
        assert await repo.lock_refs(third, [ref.id])
