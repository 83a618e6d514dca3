"""An approval that nobody can decide: the administrators get its card, and give it to somebody from there."""

from api.text import moment
from core.access.roles import Role
from core.kernel.ids import PersonId
from core.policies.commands import Tier
from core.reassignments import service as reassignments
from core.reassignments.commands import ReassignStep
from tests.core.decisions.test_separation import named
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
