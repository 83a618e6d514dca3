"""An approval that nobody can decide: the administrators get its card, and give it to somebody from there."""

from typing import Any

from api.text import moment
from core.access.roles import Role
from core.insights import service as insights
from core.insights.commands import SwitchInsight
from core.insights.states import Feature
from core.kernel.ids import PersonId
from core.policies.commands import Tier
from core.reassignments import service as reassignments
from core.reassignments.commands import ReassignStep
from tests.core.decisions.test_separation import named
from tests.core.findings.cases import Case
from tests.workers.delivery.test_cards import labels
from tests.workers.delivery.worker_env import WorkerEnv


async def test_the_administrators_get_the_card_and_the_taker_gets_the_decision(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    only, taker, admin = (
        await world.a_person(Role.manager),
        await world.a_person(Role.manager),
        await world.an_admin(),
    )
    chat, other = await worker_env.link_chat(admin), await worker_env.link_chat(taker)
    await world.a_policy([Tier("all", None, (), (), (named("one", only),))])
    approval = (await world.an_open_approval(requested_by=only)).approval
    await worker_env.work()
    seen = await worker_env.sandbox.messages(chat)
    assert any("Nobody can decide" in message["text"] for message in seen)
    [card] = [message for message in seen if "Reassign…" in labels(message)]
    assert labels(card) == ["Reassign…"]
    command = ReassignStep(approval.id, None, PersonId(taker.id), "nobody else can", approval.version)
    await world.act(admin, reassignments.reassign, command)
    await worker_env.work()
    theirs = await worker_env.sandbox.messages(other)
    assert any("Approve" in labels(message) for message in theirs)
    assert any("nobody else could: nobody else can" in message["text"] for message in theirs)
    after = [message for message in await worker_env.sandbox.messages(chat) if message["id"] == card["id"]]
    assert taker.name in after[0]["text"] or labels(after[0]) == ["Reassign…"]


async def test_who_is_forwarded_to_hears_from_whom_and_why_or_only_from_whom(worker_env: WorkerEnv) -> None:
    from core.reassignments.commands import ForwardStep

    world = worker_env.world
    giver, first, second = [await world.a_person(Role.manager) for _ in range(3)]
    chats = [await worker_env.link_chat(person) for person in (first, second)]
    await world.a_policy([Tier("all", None, (), (), (named("one", giver),))])
    approval = (await world.an_open_approval()).approval
    for by, to, note in ((giver, first, ""), (first, second, "knows the project")):
        command = ForwardStep(approval.id, PersonId(to.id), note, approval.version)
        approval = (await world.act(by, reassignments.forward, command)).approval
        await worker_env.work()
    told = [[m["text"] for m in await worker_env.sandbox.messages(chat)] for chat in chats]
    assert approval.open_step is not None
    assert approval.open_step.due_at is not None
    until = moment(approval.open_step.due_at, "en", first.zone)
    assert f"{giver.name} forwarded" in "".join(told[0])
    assert any(text.endswith(f"to you to decide by {until}.") for text in told[0]), told[0]
    assert any(text.endswith(f"by {until}: knows the project") for text in told[1]), told[1]


async def test_a_card_of_a_finding_is_emptied_by_the_switch_and_comes_back_with_it(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    finance, admin = await world.a_finance(), await world.an_admin()
    chat = await worker_env.link_chat(finance)
    case = await Case.begin(world)
    approval = await case.proposed("1180")
    await worker_env.work()
    [card] = [each for each in await worker_env.sandbox.messages(chat) if "Fine because…" in labels(each)]

    async def switched(*, on: bool) -> dict[str, Any]:
        await world.act(admin, insights.switch_insight, SwitchInsight(Feature.findings, enabled=on))
        await worker_env.work()
        return next(each for each in await worker_env.sandbox.messages(chat) if each["id"] == card["id"])

    off = await switched(on=False)
    [finding, *_] = await case.kept(approval.request_id)
    assert finding.request_number in off["text"]
    assert off["text"].endswith("Findings are switched off. Nothing has to be done here.")
    assert labels(off) == []
    assert labels(await switched(on=True)) == labels(card)


async def test_what_looked_unusual_leaves_an_approvals_card_with_the_switch_and_comes_back_with_it(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    manager, admin = await world.a_manager(), await world.an_admin()
    chat = await worker_env.link_chat(manager)
    case = await Case.begin(world)
    await case.proposed("1180")
    await worker_env.work()
    [card] = [each for each in await worker_env.sandbox.messages(chat) if "Approve" in labels(each)]
    assert f"Looked unusual: {case.vendor.name} was added on" in card["text"]

    async def switched(*, on: bool) -> str:
        await world.act(admin, insights.switch_insight, SwitchInsight(Feature.findings, enabled=on))
        await worker_env.work()
        shown = next(each for each in await worker_env.sandbox.messages(chat) if each["id"] == card["id"])
        return str(shown["text"])

    assert "Looked unusual" not in await switched(on=False)
    assert await switched(on=True) == card["text"]
