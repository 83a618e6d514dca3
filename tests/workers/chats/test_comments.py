"""Who hears a comment, where it stands in their chats, and who does not hear it."""

import datetime as dt
from typing import Any
from uuid import UUID

from core.access.roles import Role
from core.comments import service
from core.comments.commands import AddComment
from core.delegations.commands import Delegate
from core.delegations.service import delegate
from core.kernel.ids import RequestId
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from tests.support.world import World
from tests.workers.chats.live_env import LiveEnv
from tests.workers.chats.test_quiet_hours import EVENING, HOUR, NIGHT, set_up, sounds
from tests.workers.delivery.test_notices import repeated
from tests.workers.delivery.worker_env import WorkerEnv

WORDS = "Blue, please."


async def commented(world: World, who: Person, request_id: UUID, text: str = WORDS) -> None:
    await world.act(who, service.add_comment, AddComment(RequestId(request_id), text))


async def heard(worker_env: WorkerEnv, chat: int, text: str = WORDS) -> list[dict[str, Any]]:
    """What stands in a chat of these words."""
    return [message for message in await worker_env.sandbox.messages(chat) if text in message["text"]]


async def test_everybody_concerned_hears_it_and_nobody_else(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    vendor, contact = await world.a_vendor()
    approval = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    concerned = [await world.a_requester(), await world.an_officer(), await world.a_manager()]
    speaker, others = await world.a_finance(), [
        contact, await world.a_person(Role.requester), await world.a_person(Role.officer),
        await world.an_admin(), await world.an_auditor(),
    ]  # fmt: skip
    chats = {person.id: await worker_env.link_chat(person) for person in (*concerned, speaker, *others)}
    await commented(world, speaker, approval.request_id, "The first one")
    await commented(world, concerned[0], approval.request_id, "The second one")
    await worker_env.work()
    first = {who for who, chat in chats.items() if await heard(worker_env, chat, "The first one")}
    assert first == {person.id for person in concerned}
    second = {who for who, chat in chats.items() if await heard(worker_env, chat, "The second one")}
    assert second == {person.id for person in (*concerned[1:], speaker)}


async def test_who_may_not_see_the_request_any_more_hears_nothing_and_a_deputy_hears_it(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    spoke, manager, deputy = (
        await world.a_finance(),
        await world.a_manager(),
        await world.a_person(Role.manager),
    )
    approval = (await world.an_open_approval()).approval
    command = Delegate(deputy.id, None, world.now + dt.timedelta(days=2), None, "")
    await world.act(manager, delegate, command)
    await commented(world, spoke, approval.request_id, "The first one")
    await world.act(await world.an_admin(), people.change_roles, ChangeRoles(spoke.id, (Role.requester,)))
    chats = [await worker_env.link_chat(person) for person in (spoke, manager, deputy)]
    await commented(world, await world.a_requester(), approval.request_id)
    await worker_env.work()
    assert [len(await heard(worker_env, chat)) for chat in chats] == [0, 1, 1]


async def test_until_somebody_handles_it_every_officer_hears_it(worker_env: WorkerEnv) -> None:
    request = (await worker_env.world.a_request()).request
    officers = [await worker_env.world.an_officer(), await worker_env.world.a_person(Role.officer)]
    chats = [await worker_env.link_chat(officer) for officer in officers]
    await commented(worker_env.world, await worker_env.world.a_requester(), request.id)
    await worker_env.work()
    assert [len(await heard(worker_env, chat)) for chat in chats] == [1, 1]


async def test_of_a_draft_nobody_hears(worker_env: WorkerEnv) -> None:
    officer, requester = (
        await worker_env.link_chat(await worker_env.world.an_officer()),
        await worker_env.world.a_requester(),
    )
    own = await worker_env.link_chat(requester)
    await commented(worker_env.world, requester, (await worker_env.world.a_request(submit=False)).request.id)
    await worker_env.work()
    assert [await worker_env.sandbox.messages(chat) for chat in (officer, own)] == [[], []]


async def test_it_is_told_once_without_a_sound_as_a_reply_to_the_newest_card(worker_env: WorkerEnv) -> None:
    manager = await worker_env.world.a_manager()
    chat = await worker_env.link_chat(manager)
    approval = (await worker_env.world.an_open_approval()).approval
    await worker_env.work()
    (card,) = await worker_env.sandbox.messages(chat)
    await commented(worker_env.world, await worker_env.world.an_officer(), approval.request_id)
    await worker_env.work()
    await repeated(worker_env)
    (told,) = await heard(worker_env, chat)
    officer = (await worker_env.world.an_officer()).name
    assert told["text"] == f"{officer} on {card['text'].split()[0]}: “{WORDS}”"
    assert told["reply_to"] == card["id"]
    assert (await sounds(worker_env))[-1] is False


async def test_who_has_no_card_of_it_gets_a_message_that_names_the_request(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    finance, requester = await world.a_finance(), await world.a_requester()
    request = (await world.a_request()).request
    await commented(world, finance, request.id, "For which office?")
    chat = await worker_env.link_chat(finance)
    await commented(world, requester, request.id)
    await worker_env.work()
    (told,) = await heard(worker_env, chat)
    assert (told["reply_to"], request.number in told["text"]) == (None, True)


async def test_in_quiet_hours_it_waits_for_their_end(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    request = (await worker_env.world.a_request()).request
    await worker_env.work()
    await set_up(worker_env, requester, quiet=NIGHT, digest_hour=None)
    worker_env.clock.at = EVENING
    await commented(worker_env.world, await worker_env.world.an_officer(), request.id)
    await worker_env.work()
    assert await heard(worker_env, chat) == []
    await worker_env.advance(10 * HOUR)
    assert len(await heard(worker_env, chat)) == 1
    await worker_env.advance(HOUR)
    assert len(await heard(worker_env, chat)) == 1


async def test_of_several_long_ones_that_were_kept_none_is_left_out(worker_env: WorkerEnv) -> None:
    requester, officer = await worker_env.world.a_requester(), await worker_env.world.an_officer()
    chat = await worker_env.link_chat(requester)
    request = (await worker_env.world.a_request()).request
    await worker_env.work()
    await set_up(worker_env, requester, quiet=NIGHT, digest_hour=None)
    worker_env.clock.at = EVENING
    for number in range(3):
        await commented(worker_env.world, officer, request.id, f"Number {number}: {'x' * 1_900}")
    await worker_env.work()
    await worker_env.advance(10 * HOUR)
    (told,) = await heard(worker_env, chat, "Number 0")
    assert [f"Number {number}: xxx" in told["text"] for number in range(3)] == [True] * 3
    assert told["text"].count("…") == 3


async def test_on_either_platform_it_stands_under_the_card_and_plainly_where_the_card_is_gone(
    live_env: LiveEnv,
) -> None:
    requester, officer = await live_env.world.a_requester(), await live_env.world.an_officer()
    chats = await live_env.link_chats(requester)
    request = (await live_env.world.a_request()).request
    async with live_env.running():
        await live_env.wait_until_done()
        cards = {who: (await live_env.sandbox.messages(who))[0]["id"] for who in chats.both}
        await commented(live_env.world, officer, request.id)
        await live_env.wait_until_done()
        under = {who: (await live_env.sandbox.messages(who))[-1] for who in chats.both}
        assert {who: told["reply_to"] for who, told in under.items()} == cards
        assert all(WORDS in told["text"] for told in under.values())
        await lose(live_env, request.id)
        await commented(live_env.world, officer, request.id, "And a grey one")
        await live_env.wait_until_done()
    plain = {who: (await live_env.sandbox.messages(who))[-1] for who in chats.both}
    assert all("And a grey one" in told["text"] for told in plain.values())
    assert [told["reply_to"] for told in plain.values()] == [None, None]
    await live_env.sandbox.clear_refusals()


async def lose(live_env: LiveEnv, request_id: UUID) -> None:
    """The cards are not there any more, and nobody has noticed."""
    for platform, nowhere in (("telegram", "999999"), ("slack", "D0:1.000001")):
        await live_env.change(
            "UPDATE chat_messages SET message_id = :nowhere WHERE platform = :platform AND subject_id = :id",
            nowhere=nowhere, platform=platform, id=request_id,
        )  # fmt: skip
