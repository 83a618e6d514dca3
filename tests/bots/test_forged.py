"""Forged, foreign and stale button data changes nothing, and everybody is told politely."""

from typing import Any

from sqlalchemy import func, select
from structlog.testing import capture_logs

from bots.cards.card import Button, Card, rows_of
from bots.cards.press import Op, Press, pack, unpack
from core.access.roles import Role
from core.log.tables import audit_events
from core.messages.tables import chat_drafts
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre
from tests.bots.bot_env import BOTH, BotEnv, ChatUser
from tests.bots.forgeries import FORGERIES, IN_A_FORM, Forgery, make_scene
from tests.support.world import ADMINISTRATOR, World

LOGGED = {"press.refused", "update.refused"}
IMPOLITE = ("Something went wrong", "Traceback", "reference", "None", "{", "Error")


def test_every_kind_is_there_once_and_every_operation_is_among_them() -> None:
    by_operation = {f"{op.name} of nothing" for op in Op if op is not Op.form}
    names = {each.name for each in FORGERIES}
    assert by_operation <= names
    assert len(names) == len(FORGERIES) == len(by_operation) + 120
    assert len(set(IN_A_FORM)) == len(IN_A_FORM) == 30


async def state(world: World) -> list[Any]:
    """Every fact but refused attempts, and every open form."""
    async with world.engine.connect() as connection:
        facts = await connection.execute(
            select(audit_events.c.id).where(audit_events.c.type.not_like("%.refused"))
        )
        drafts = await connection.execute(select(chat_drafts.c.external_id, chat_drafts.c.version))
        return [*facts.all(), *drafts.all()]


async def refusals(world: World) -> int:
    """How many attempts the log has refused."""
    refused = select(func.count()).where(audit_events.c.type.like("%.refused"))
    async with world.engine.connect() as connection:
        return int(await connection.scalar(refused) or 0)


async def a_button(bot_env: BotEnv, user: ChatUser) -> Any:
    """A message with a button in this chat, for presses whose data no button of ours carries."""
    return await bot_env.post(user, Card("Look", buttons=rows_of(Button("Open", Press(Op.open_request)))))


def wrong(forgery: Forgery, told: str) -> str:
    """What was wrong with the answer."""
    if not told.strip():
        return "was told nothing"
    if any(word in told for word in IMPOLITE):
        return f"was told {told!r}"
    return "" if forgery.expected_text in told else f"was told {told!r}, not {forgery.expected_text!r}"


async def two_cost_centres(world: World) -> None:
    """So that a request's form has to ask for one."""
    head = await world.a_manager()
    await world.act(
        ADMINISTRATOR, organisations.add_cost_centre, AddCostCentre("OFF", "Office", "IT", head.id)
    )


@BOTH
async def test_nothing_changes_everybody_is_told_and_it_stands_in_the_log(
    bot_env: BotEnv, world: World
) -> None:
    purchases = await make_scene(world, bot_env.api)
    players = {name: await bot_env.a_user(person) for name, person in purchases.people.items()}
    players["stranger"] = await bot_env.a_user(purchases.people["colleague"], linked=False)
    await players["stranger"].say("/start")
    await players["stranger"].sees("code")
    messages = {name: await a_button(bot_env, user) for name, user in players.items()}
    faults = []
    for forgery in FORGERIES:
        before, counted = await state(world), await refusals(world)
        with capture_logs() as lines:
            told = await players[forgery.who].forge(messages[forgery.who], forgery.of(purchases))
        complaint = wrong(forgery, told)
        if await state(world) != before:
            complaint = "changed something"
        if counted == await refusals(world) and not LOGGED & {line["event"] for line in lines}:
            complaint = complaint or f"stands nowhere in the log, told {told!r}"
        if complaint:
            faults.append(f"{forgery.name}: {complaint}")
    assert faults == [], "\n".join(faults)


@BOTH
async def test_arguments_of_other_questions_leave_a_form_where_it_is(bot_env: BotEnv, world: World) -> None:
    await two_cost_centres(world)
    user = await bot_env.a_user(await world.a_requester())
    other = await bot_env.a_user(await world.a_person(Role.requester))
    await user.say("/request 3 desks by 2027-12-01")
    asked = await user.sees("cost centre")
    claim = unpack(asked["buttons"][0][0]["data"])
    assert claim is not None
    before = await state(world)
    for arg in IN_A_FORM:
        told = await user.forge(asked["id"], pack(Press(Op.form, claim.id, claim.version, arg)))
        assert told, arg
        assert await state(world) == before, arg
    mine = pack(Press(Op.form, claim.id, claim.version, "x"))
    assert "no longer open" in await other.forge(await a_button(bot_env, other), mine)
    assert await state(world) == before
    await user.say("IT")
    await user.with_button("Submit")


@BOTH
async def test_old_versions_and_other_nonces_show_what_is_asked_now(bot_env: BotEnv, world: World) -> None:
    await two_cost_centres(world)
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 3 desks")
    asked = await user.sees("When do you need")
    claim = unpack(asked["buttons"][-1][-1]["data"])
    assert claim is not None
    await user.say("2027-12-01")
    await user.sees("cost centre")
    before = await state(world)
    told = await user.forge(await a_button(bot_env, user), pack(Press(Op.form, claim.id, 99, "go")))
    assert "already answered" in told
    other = pack(Press(Op.form, type(claim.id)(int=9), claim.version, "go"))
    assert "Another form" in await user.forge(await a_button(bot_env, user), other)
    assert await state(world) == before


@BOTH
async def test_a_press_that_is_replayed_changes_nothing_more(bot_env: BotEnv, world: World) -> None:
    purchases = await make_scene(world, bot_env.api)
    manager = await bot_env.a_user(purchases.people["manager"])
    assert purchases.chosen.approval is not None
    data = pack(Press(Op.approve, purchases.chosen.approval.id, purchases.chosen.approval.version))
    first, second = await a_button(bot_env, manager), await a_button(bot_env, manager)
    assert (await manager.forge(first, data)).startswith("Approved:")
    after = await state(world)
    assert (await manager.forge(first, data)).startswith("Approved:")
    assert "already decided" in (await manager.forge(second, data)).casefold()
    assert await state(world) == after
