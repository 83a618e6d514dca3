"""Groups: bound by administrators, moved with everything of theirs, lost and found once each."""

from uuid import UUID

import pytest
from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.groups import queries, repo, service, topics
from core.groups.commands import BindGroup, GroupChat, MoveGroup, SetGroupReachable
from core.groups.model import Group, GroupBindings
from core.groups.states import GroupKind, PlaceKind
from core.kernel.errors import Invalid, MissingPermission, NotFound
from core.messages.commands import DraftKey, SaveDraft
from core.messages.service import save_draft, show_draft
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment
from core.uow import Uow
from tests.support.uow import SmallCompany
from tests.support.world import ADMINISTRATOR, World

HERE, THERE = GroupChat("telegram", "-41"), GroupChat("telegram", "-1000041")


def bind(chat: GroupChat = HERE, place: PlaceKind = PlaceKind.department, code: str = "IT") -> BindGroup:
    return BindGroup(chat, "IT buyers", GroupKind.group, place, code)


@pytest.fixture
async def firm(company: SmallCompany) -> SmallCompany:
    """With a department and its cost centre."""
    await company.act(ADMINISTRATOR, organisations.add_department, AddDepartment("IT", "Informatics", None))
    await company.act(
        ADMINISTRATOR, organisations.add_cost_centre, AddCostCentre("IT", "IT costs", "IT", None)
    )
    return company


async def everything(firm: SmallCompany) -> GroupBindings:
    return await firm.act(firm.admin, lambda uow, actor, _: queries.list_groups(uow, actor), None)


async def test_a_group_is_bound_listed_bound_anew_and_unbound(firm: SmallCompany) -> None:
    first = await firm.act(firm.admin, service.bind_group, bind())
    again = await firm.act(firm.admin, service.bind_group, bind(place=PlaceKind.cost_centre))
    assert again.id == first.id
    found = await everything(firm)
    assert [(group.place.kind, group.place.name) for group in found.groups] == [
        (PlaceKind.cost_centre, "IT costs")
    ]
    assert [(place.kind, place.code) for place in found.places] == [
        (PlaceKind.department, "IT"),
        (PlaceKind.cost_centre, "IT"),
    ]
    await firm.act(firm.admin, service.unbind_group, first.id)
    assert (await everything(firm)).groups == ()
    with pytest.raises(NotFound):
        await firm.act(firm.admin, service.unbind_group, first.id)
    back = await firm.act(firm.admin, service.bind_group, bind())
    assert back.id == first.id
    assert [each for each in await firm.events() if each.startswith("group.")] == [
        "group.bound",
        "group.bound",
        "group.unbound",
        "group.bound",
    ]


async def test_only_administrators_bind_and_only_our_own_parts_move(firm: SmallCompany) -> None:
    for actor in (firm.requester, firm.officer, firm.bot):
        with pytest.raises(MissingPermission):
            await firm.act(actor, service.bind_group, bind())
    for actor in (firm.requester, firm.officer, firm.admin):
        with pytest.raises(MissingPermission):
            await firm.act(actor, service.move_group, MoveGroup(HERE, THERE.chat_id))


@pytest.mark.parametrize(("place", "code"), [(PlaceKind.department, "HR"), (PlaceKind.cost_centre, "X")])
async def test_what_is_not_there_cannot_be_shown(firm: SmallCompany, place: PlaceKind, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await firm.act(firm.admin, service.bind_group, bind(place=place, code=code))
    assert (refusal.value.errors[0].field, refusal.value.errors[0].example) == ("/place/code", "IT")


async def test_a_group_that_moves_takes_its_forms_along_and_moving_twice_changes_nothing(
    firm: SmallCompany,
) -> None:
    await firm.act(firm.admin, service.bind_group, bind())
    draft = SaveDraft(DraftKey("telegram", HERE.chat_id, "", "1001"), "request", "item", {"item": "desk"}, 0)
    await firm.act(firm.bot, save_draft, draft)
    for _ in range(2):
        await firm.act(firm.bot, service.move_group, MoveGroup(HERE, THERE.chat_id))
    (group,) = (await everything(firm)).groups
    assert group.chat_id == THERE.chat_id
    kept = await firm.act(firm.bot, show_draft, DraftKey("telegram", THERE.chat_id, "", "1001"))
    assert kept.values == {"item": "desk"}
    assert (await firm.events()).count("group.moved") == 1


async def test_a_group_that_moves_where_one_is_bound_already_leaves_that_binding(firm: SmallCompany) -> None:
    await firm.act(firm.admin, service.bind_group, bind())
    newer = await firm.act(firm.admin, service.bind_group, bind(THERE, PlaceKind.cost_centre))
    await firm.act(firm.bot, service.move_group, MoveGroup(HERE, THERE.chat_id))
    assert [group.id for group in (await everything(firm)).groups] == [newer.id]


async def test_being_taken_out_and_put_back_is_news_once_each(firm: SmallCompany) -> None:
    await firm.act(firm.admin, service.bind_group, bind())
    for reachable in (True, False, False, True):
        await firm.act(firm.bot, service.set_group_reachable, SetGroupReachable(HERE, reachable))
    await firm.act(firm.bot, service.set_group_reachable, SetGroupReachable(THERE, reachable=False))
    assert [each for each in await firm.events() if each.startswith("group.")] == [
        "group.bound",
        "group.lost",
        "group.found",
    ]


@pytest.mark.parametrize(("kept", "then"), [(False, [None, "sending"]), (True, ["7", "live"])])
async def test_what_has_not_ended_is_sent_anew_after_a_move_unless_the_messages_went_along(
    world: World, kept: bool, then: list[str | None]
) -> None:
    group: Group = await world.act(await world.an_admin(), service.bind_group, bind())
    request = (await world.a_request()).request

    async def show(uow: Uow, actor: Actor, request_id: UUID) -> list[str | None]:
        await topics.reserve_topic(uow.connection, group.id, request_id, uow.now)
        (topic_id,) = await topics.topics_of_request(uow.connection, request_id)
        topic = await topics.lock_topic(uow.connection, topic_id)
        assert topic is not None
        return [topic.message_id, topic.state]

    assert await world.act(ADMINISTRATOR, show, request.id) == [None, "sending"]
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE group_topics SET message_id = '7', state = 'live'"))
        assert [each.id for each in await repo.groups_showing(connection, "IT")] == [group.id]
    move = MoveGroup(HERE, THERE.chat_id, kept)
    await world.act(Actor.service(Role.service_bot), service.move_group, move)
    assert await world.act(ADMINISTRATOR, show, request.id) == then
