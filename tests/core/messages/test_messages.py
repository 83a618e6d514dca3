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
from core.messages.commands import DraftKey, KeepDraft, RememberMessage
from tests.support.uow import Office

KEY = DraftKey("telegram", "1001", "", "1001")
FIRST = KeepDraft(KEY, "request", "quantity", {"item": "laptop"}, 0)


async def kept(office: Office, command: KeepDraft = FIRST) -> int:
    return (await office.act(office.bot, service.keep_draft, command)).version


async def test_draft_grows_by_one_version_and_is_read_back(office: Office) -> None:
    assert await kept(office) == 1
    assert (
        await kept(
            office, replace(FIRST, step="price", values={"item": "laptop", "quantity": "3"}, version=1)
        )
        == 2
    )
    draft = await office.act(office.bot, service.show_draft, KEY)
    assert (draft.form, draft.step, draft.values, draft.version) == (
        "request",
        "price",
        {"item": "laptop", "quantity": "3"},
        2,
    )


async def test_only_the_bot_touches_drafts(office: Office) -> None:
    for actor in (office.requester, office.admin):
        with pytest.raises(MissingPermission):
            await office.act(actor, service.keep_draft, FIRST)


@pytest.mark.parametrize("version", [0, 2, 7])
async def test_version_that_was_not_read_is_stale(office: Office, version: int) -> None:
    await kept(office)
    with pytest.raises(Stale) as refusal:
        await kept(office, replace(FIRST, version=version))
    assert (refusal.value.what, refusal.value.current) == ("draft", 1)


async def test_two_quick_messages_do_not_lose_one(office: Office) -> None:
    for version in (0, 1):
        answers = await asyncio.gather(
            *(kept(office, replace(FIRST, step=str(each), version=version)) for each in range(8)),
            return_exceptions=True,
        )
        assert [answer for answer in answers if isinstance(answer, int)] == [version + 1]
        assert {type(answer) for answer in answers if not isinstance(answer, int)} == {Stale}


async def test_drafts_of_other_threads_and_people_are_apart(office: Office) -> None:
    await kept(office)
    for key in (
        replace(KEY, thread_id="7"),
        replace(KEY, external_id="1002"),
        replace(KEY, chat_id="-5"),
        replace(KEY, platform="slack"),
    ):
        with pytest.raises(NotFound):
            await office.act(office.bot, service.show_draft, key)
        assert await kept(office, replace(FIRST, key=key)) == 1


async def test_draft_that_was_dropped_is_gone_and_dropping_again_is_no_error(office: Office) -> None:
    await kept(office)
    for _ in range(2):
        await office.act(office.bot, service.drop_draft, KEY)
    with pytest.raises(NotFound):
        await office.act(office.bot, service.show_draft, KEY)
    assert await kept(office) == 1


async def test_draft_of_seven_days_ago_is_forgotten_and_makes_room(office: Office) -> None:
    await kept(office)
    office.clock.forward(dt.timedelta(days=7, seconds=1))
    with pytest.raises(NotFound):
        await office.act(office.bot, service.show_draft, KEY)
    with pytest.raises(Stale):
        await kept(office, replace(FIRST, version=1))
    assert await kept(office) == 1
    draft = await office.act(office.bot, service.show_draft, KEY)
    assert draft.updated_at == office.clock.at


async def test_old_drafts_are_tidied_away(office: Office) -> None:
    await kept(office)
    async with office.app.begin() as connection:
        assert await repo.drop_old_drafts(connection, office.clock.at) == 0
        assert await repo.drop_old_drafts(connection, office.clock.at + dt.timedelta(seconds=1)) == 1


@pytest.mark.parametrize("values", [{"item": "lap\x00top"}, {"item": "x" * 70_000}, {"\x00": 1}])
async def test_values_that_cannot_be_kept_are_refused(office: Office, values: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        await kept(office, replace(FIRST, values=values))


async def linked(office: Office) -> None:
    link = await office.act(office.requester, links.make_link, MakeLink(None))
    await office.act(office.bot, links.confirm_link, UseLink(link.code, "telegram", "1001", "Rosa"))


def posted(message_id: str = "77") -> RememberMessage:
    return RememberMessage("telegram", "1001", message_id, "1001", "request", new_id(), "request", 3, None)


async def test_message_that_a_bot_posted_is_remembered_once(office: Office) -> None:
    await linked(office)
    command = posted()
    for _ in range(3):
        await office.act(office.bot, service.remember_message, command)
    async with office.app.connect() as connection:
        cards = await repo.cards_of(connection, command.subject_id)
    assert [(card.message_id, card.rendered_version, card.state) for card in cards] == [("77", 3, "live")]
    assert cards[0].person_id == office.requester.person_id


async def test_message_of_an_unlinked_chat_is_not_remembered(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.act(office.bot, service.remember_message, posted())


async def test_reference_goes_from_sending_to_live_to_gone(office: Office) -> None:
    assert office.requester.person_id is not None
    subject = new_id()
    ref = repo.new_ref("telegram", "1001", office.requester.person_id, "order", subject, "order")
    async with office.app.begin() as connection:
        await repo.remember(connection, ref, office.clock.at)
        assert [card.state for card in await repo.cards_of(connection, subject)] == ["sending"]
        await repo.sent(connection, ref.id, "78", 5, b"hash", office.clock.at)
        (card,) = await repo.cards_of(connection, subject)
        assert (card.state, card.message_id, card.rendered_version, card.content_hash) == (
            "live",
            "78",
            5,
            b"hash",
        )
        await repo.gone(connection, ref.id, office.clock.at)
        assert await repo.cards_of(connection, subject) == []


async def test_a_reference_is_held_by_one_worker_at_a_time(office: Office) -> None:
    assert office.requester.person_id is not None
    ref = repo.new_ref("telegram", "1001", office.requester.person_id, "order", new_id(), "order")
    async with office.app.begin() as first:
        await repo.remember(first, ref, office.clock.at)
    async with office.app.begin() as first, office.app.begin() as second:
        assert await repo.locked(first, ref.id) is not None
        assert await repo.locked(second, ref.id) is None
    async with office.app.begin() as third:
        assert await repo.locked(third, ref.id) is not None
