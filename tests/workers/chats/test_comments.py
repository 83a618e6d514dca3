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
from tests.workers.chats.floor import Floor
from tests.workers.chats.test_quiet_hours import EVENING, HOUR, NIGHT, set_up, sounds
from tests.workers.delivery.shop import Shop
from tests.workers.delivery.test_notices import repeated

WORDS = "Blue, please."


async def commented(world: World, who: Person, request_id: UUID, text: str = WORDS) -> None:
    await world.act(who, service.comment, AddComment(RequestId(request_id), text))


async def heard(shop: Shop, chat: int, text: str = WORDS) -> list[dict[str, Any]]:
    """What stands in a chat of these words."""
    return [message for message in await shop.sees(chat) if text in message["text"]]


async def test_everybody_concerned_hears_it_and_nobody_else(shop: Shop) -> None:
    world = shop.world
    vendor, contact = await world.a_vendor()
    approval = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    concerned = [await world.a_requester(), await world.an_officer(), await world.a_manager()]
    speaker, others = await world.a_finance(), [
        contact, await world.a_person(Role.requester), await world.a_person(Role.officer),
        await world.an_admin(), await world.an_auditor(),
    ]  # fmt: skip
    chats = {person.id: await shop.chat(person) for person in (*concerned, speaker, *others)}
    await commented(world, speaker, approval.request_id, "The first one")
    await commented(world, concerned[0], approval.request_id, "The second one")
    await shop.work()
    first = {who for who, chat in chats.items() if await heard(shop, chat, "The first one")}
    assert first == {person.id for person in concerned}
    second = {who for who, chat in chats.items() if await heard(shop, chat, "The second one")}
    assert second == {person.id for person in (*concerned[1:], speaker)}


async def test_who_may_not_see_the_request_any_more_hears_nothing_and_a_deputy_hears_it(shop: Shop) -> None:
    world = shop.world
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
    chats = [await shop.chat(person) for person in (spoke, manager, deputy)]
    await commented(world, await world.a_requester(), approval.request_id)
    await shop.work()
    assert [len(await heard(shop, chat)) for chat in chats] == [0, 1, 1]


async def test_until_somebody_handles_it_every_officer_hears_it(shop: Shop) -> None:
    request = (await shop.world.a_request()).request
    officers = [await shop.world.an_officer(), await shop.world.a_person(Role.officer)]
    chats = [await shop.chat(officer) for officer in officers]
    await commented(shop.world, await shop.world.a_requester(), request.id)
    await shop.work()
    assert [len(await heard(shop, chat)) for chat in chats] == [1, 1]


async def test_of_a_draft_nobody_hears(shop: Shop) -> None:
    officer, requester = await shop.chat(await shop.world.an_officer()), await shop.world.a_requester()
    own = await shop.chat(requester)
    await commented(shop.world, requester, (await shop.world.a_request(submit=False)).request.id)
    await shop.work()
    assert [await shop.sees(chat) for chat in (officer, own)] == [[], []]


async def test_it_is_told_once_without_a_sound_as_a_reply_to_the_newest_card(shop: Shop) -> None:
    manager = await shop.world.a_manager()
    chat = await shop.chat(manager)
    approval = (await shop.world.an_open_approval()).approval
    await shop.work()
    (card,) = await shop.sees(chat)
    await commented(shop.world, await shop.world.an_officer(), approval.request_id)
    await shop.work()
    await repeated(shop)
    (told,) = await heard(shop, chat)
    officer = (await shop.world.an_officer()).name
    assert told["text"] == f"{officer} on {card['text'].split()[0]}: “{WORDS}”"
    assert told["reply_to"] == card["id"]
    assert (await sounds(shop))[-1] is False


async def test_who_has_no_card_of_it_gets_a_message_that_names_the_request(shop: Shop) -> None:
    world = shop.world
    finance, requester = await world.a_finance(), await world.a_requester()
    request = (await world.a_request()).request
    await commented(world, finance, request.id, "For which office?")
    chat = await shop.chat(finance)
    await commented(world, requester, request.id)
    await shop.work()
    (told,) = await heard(shop, chat)
    assert (told["reply_to"], request.number in told["text"]) == (None, True)


async def test_in_quiet_hours_it_waits_for_their_end(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    request = (await shop.world.a_request()).request
    await shop.work()
    await set_up(shop, requester, quiet=NIGHT, digest_hour=None)
    shop.clock.at = EVENING
    await commented(shop.world, await shop.world.an_officer(), request.id)
    await shop.work()
    assert await heard(shop, chat) == []
    await shop.forward(10 * HOUR)
    assert len(await heard(shop, chat)) == 1
    await shop.forward(HOUR)
    assert len(await heard(shop, chat)) == 1


async def test_of_several_long_ones_that_were_kept_none_is_left_out(shop: Shop) -> None:
    requester, officer = await shop.world.a_requester(), await shop.world.an_officer()
    chat = await shop.chat(requester)
    request = (await shop.world.a_request()).request
    await shop.work()
    await set_up(shop, requester, quiet=NIGHT, digest_hour=None)
    shop.clock.at = EVENING
    for number in range(3):
        await commented(shop.world, officer, request.id, f"Number {number}: {'x' * 1_900}")
    await shop.work()
    await shop.forward(10 * HOUR)
    (told,) = await heard(shop, chat, "Number 0")
    assert [f"Number {number}: xxx" in told["text"] for number in range(3)] == [True] * 3
    assert told["text"].count("…") == 3


async def test_on_either_platform_it_stands_under_the_card_and_plainly_where_the_card_is_gone(
    floor: Floor,
) -> None:
    requester, officer = await floor.world.a_requester(), await floor.world.an_officer()
    phones = await floor.phones(requester)
    request = (await floor.world.a_request()).request
    async with floor.busy():
        await floor.done()
        cards = {who: (await floor.sees(who))[0]["id"] for who in phones.both}
        await commented(floor.world, officer, request.id)
        await floor.done()
        under = {who: (await floor.sees(who))[-1] for who in phones.both}
        assert {who: told["reply_to"] for who, told in under.items()} == cards
        assert all(WORDS in told["text"] for told in under.values())
        await lose(floor, request.id)
        await commented(floor.world, officer, request.id, "And a grey one")
        await floor.done()
    plain = {who: (await floor.sees(who))[-1] for who in phones.both}
    assert all("And a grey one" in told["text"] for told in plain.values())
    assert [told["reply_to"] for told in plain.values()] == [None, None]
    await floor.control("DELETE", "/control/refusals")


async def lose(floor: Floor, request_id: UUID) -> None:
    """The cards are not there any more, and nobody has noticed."""
    for platform, nowhere in (("telegram", "999999"), ("slack", "D0:1.000001")):
        await floor.change(
            "UPDATE chat_messages SET message_id = :nowhere WHERE platform = :platform AND subject_id = :id",
            nowhere=nowhere, platform=platform, id=request_id,
        )  # fmt: skip
