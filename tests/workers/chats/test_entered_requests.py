"""Whoever a request was entered for is told at once, has its card, and hears of lines that were dropped."""

from decimal import Decimal

from core.access.roles import Role
from core.organisation import service as organisations
from core.organisation.commands import AssignCostCentre
from core.removals import service as removals
from core.removals.commands import DropLines
from core.requests import service as requests
from core.requests.commands import CreateRequest, RequestLineDraft
from core.requests.model import Request
from tests.support.world import ADMINISTRATOR
from tests.workers.chats.test_officers_are_told import told
from tests.workers.delivery.worker_env import WorkerEnv


async def entered(worker_env: WorkerEnv) -> tuple[Request, int]:
    """By a colleague, for the requester; and the requester's chat."""
    world = worker_env.world
    ann, rosa = await world.a_person(Role.requester), await world.a_requester()
    for each in (ann, rosa):
        await world.act(ADMINISTRATOR, organisations.assign_cost_centre, AssignCostCentre(each.id, "IT"))
    chat = await worker_env.link_chat(rosa)
    lines = tuple(RequestLineDraft(item, Decimal(2), "pcs", Decimal(80)) for item in ("Chair", "Desk"))
    command = CreateRequest(lines, "USD", world.today, "IT", "", submit=True, on_behalf_of=rosa.id)
    request = (await world.act(ann, requests.create, command)).request
    await worker_env.work()
    return request, chat


async def test_the_person_it_is_for_is_told_and_gets_the_card(worker_env: WorkerEnv) -> None:
    request, chat = await entered(worker_env)
    seen = await told(worker_env, chat)
    assert len([each for each in seen if f"entered {request.number} for you" in each]) == 1
    assert [each for each in seen if request.number in each and "Entered by" in each]


async def test_the_requester_hears_which_lines_procurement_dropped(worker_env: WorkerEnv) -> None:
    request, chat = await entered(worker_env)
    officer = await worker_env.world.an_officer()
    drop = DropLines(request.id, (request.lines[1].id,), "one is in the store", request.version)
    await worker_env.world.act(officer, removals.drop_lines, drop)
    await worker_env.work()
    [notice] = [each for each in await told(worker_env, chat) if "dropped from" in each]
    assert "Desk" in notice
    assert "one is in the store" in notice
    card = next(each for each in await told(worker_env, chat) if "Entered by" in each)
    assert "Desk" not in card
