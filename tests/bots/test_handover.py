"""An open step passes to somebody else in chats: forwarded by whoever is asked, reassigned by an administrator."""

import datetime as dt

from api.contract import endpoints as e
from api.contract.approvals import ApprovalOut
from bots.cards.card import Button, Card, rows_of
from bots.cards.drawing import CardKind
from bots.cards.press import Op, Press, pack
from bots.forms import handover
from bots.forms.colleague import Colleague
from bots.forms.form import Completed, FieldErrors, FormContext, Rejected
from bots.forms.handover import HandoverForm, HandoverKind, HandoverValues
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.ids import new_id
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, Tier
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.core.decisions.test_separation import named
from tests.support.world import World


async def waiting(world: World, *asked: Person, requested_by: Person | None = None) -> Approval:
    await world.a_policy([Tier("all", None, (), (), (named("manager", *asked),))])
    return (await world.an_open_approval(requested_by=requested_by)).approval


async def now(env: BotEnv, world: World, approval: Approval) -> ApprovalOut:
    caller = env.api.as_(await world.an_auditor())
    return await caller.call(e.show_approval, path={"id": approval.id})


def asked_now(approval: ApprovalOut) -> list[str]:
    return [each.name for each in approval.steps[-1].candidates]


def number_of(approval: ApprovalOut) -> str:
    return approval.title.partition(" ")[0]


async def test_an_approver_forwards_by_buttons_on_telegram(telegram: TelegramEnv, world: World) -> None:
    asked, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await waiting(world, asked)
    user = await telegram.a_user(asked)
    card = await telegram.card(user, CardKind.approval, approval.id)
    assert labels(await user.with_button("Forward…")) == [
        "Approve",
        "Reject…",
        "Ask…",
        "Compare",
        "Forward…",
        "Delegate…",
        "Reject the request…",
    ]
    await user.press("Forward…", card)
    question = await user.sees("Who should decide?")
    assert asked.name not in labels(question)
    await user.press(taker.name)
    await user.sees(f"A note for {taker.name}?")
    await user.press("Skip")
    await user.sees(f"{taker.name} decides now")
    assert asked_now(await now(telegram, world, approval)) == [taker.name]
    again = await user.press("Forward…", card)
    assert "not waiting for your decision" in again["text"]


async def test_an_approver_forwards_in_a_modal_on_slack(slack: SlackEnv, world: World) -> None:
    asked, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await waiting(world, asked)
    user = await slack.a_user(asked)
    await slack.card(user, CardKind.approval, approval.id)
    await user.press("Forward…")
    await user.modal("Who should decide?")
    await user.fill(who=taker.name, reason="knows the project")
    await user.sees(f"{taker.name} decides now")
    assert asked_now(await now(slack, world, approval)) == [taker.name]


@BOTH
async def test_a_typed_name_forwards_at_once_and_a_doubtful_line_is_shown_first(
    bot_env: BotEnv, world: World
) -> None:
    asked, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await waiting(world, asked)
    user = await bot_env.a_user(asked)
    number = number_of(await now(bot_env, world, approval))
    await user.say(f"/forward {number} @somebody")
    await user.sees("I can’t find anyone named “somebody”")
    await user.say("/cancel")
    await user.say(f"/forward {number} @{taker.name} knows the project")
    await user.sees(f"{taker.name} decides now")
    shown = await now(bot_env, world, approval)
    assert asked_now(shown) == [taker.name]
    await user.say(f"/forward {number} @{taker.name}")
    await user.waits(lambda seen: {"ok": 1} if len(seen["messages"]) > 5 else None, "an answer")
    assert asked_now(await now(bot_env, world, approval)) == [taker.name]


@BOTH
async def test_an_administrator_reassigns_what_is_stuck_from_its_card(bot_env: BotEnv, world: World) -> None:
    only = await world.a_person(Role.manager)
    approval = await waiting(world, only, requested_by=only)
    taker, admin = await world.a_person(Role.manager), await world.an_admin()
    user = await bot_env.a_user(admin)
    await bot_env.card(user, CardKind.approval, approval.id)
    assert labels(await user.with_button("Reassign…")) == ["Reassign…"]
    number = number_of(await now(bot_env, world, approval))
    await user.say(f"/reassign {number} @{taker.name} nobody else can")
    await user.sees(f"{taker.name} decides now")
    assert asked_now(await now(bot_env, world, approval)) == [taker.name]


async def test_an_administrator_says_whose_step_it_is(telegram: TelegramEnv, world: World) -> None:
    one, two, taker = [await world.a_person(Role.manager) for _ in range(3)]
    approval = await waiting(world, one, two)
    user = await telegram.a_user(await world.an_admin())
    await telegram.card(user, CardKind.approval, approval.id)
    await user.press("Reassign…")
    await user.sees("Whose decision do you reassign?")
    await user.press(two.name)
    asked = await user.sees("Who should decide?")
    assert one.name in labels(asked)
    assert two.name not in labels(asked)
    await user.say(taker.name)
    await user.sees("Why should")
    await user.say("is on holiday")
    await user.sees(f"{taker.name} decides now")
    assert set(asked_now(await now(telegram, world, approval))) == {one.name, taker.name}


async def test_an_administrator_reassigns_in_a_modal_on_slack(slack: SlackEnv, world: World) -> None:
    one, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await waiting(world, one)
    user = await slack.a_user(await world.an_admin())
    await slack.card(user, CardKind.approval, approval.id)
    await user.press("Reassign…")
    await user.modal("Who should decide?")
    await user.fill(who=taker.name, reason="is on holiday")
    await user.sees(f"{taker.name} decides now")
    assert asked_now(await now(slack, world, approval)) == [taker.name]


@BOTH
async def test_neither_is_offered_to_others_nor_done_by_a_forged_press(bot_env: BotEnv, world: World) -> None:
    asked = await world.a_person(Role.manager)
    approval = await waiting(world, asked)
    stranger = await world.a_person(Role.manager)
    user = await bot_env.a_user(stranger)
    posted = await bot_env.post(user, Card("anything", buttons=rows_of(Button("Open", Press(Op.settings)))))
    for op in (Op.forward, Op.reassign):
        told = await user.forge(posted, pack(Press(op, approval.id, approval.version)))
        assert told, op
    assert asked_now(await now(bot_env, world, approval)) == [asked.name]


async def test_what_was_decided_meanwhile_is_not_forwarded(telegram: TelegramEnv, world: World) -> None:
    asked, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await waiting(world, asked)
    user = await telegram.a_user(asked)
    await telegram.card(user, CardKind.approval, approval.id)
    await user.press("Forward…")
    await user.press(taker.name)
    await world.act(asked, decisions.decide, Decide(approval.id, Verdict.approve, approval.version, ""))
    answer = await user.press("Skip")
    assert answer["text"], "the refusal is said"
    assert (await now(telegram, world, approval)).state.value == "approved"


@BOTH
async def test_to_a_step_that_needs_two_and_has_one_somebody_is_added(bot_env: BotEnv, world: World) -> None:
    only, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    step = PolicyStep("two", (Approver(None, only.email, None),), needs=2)
    await world.a_policy([Tier("all", None, (), (), (step,))])
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(await world.an_admin())
    number = number_of(await now(bot_env, world, approval))
    await user.say(f"/reassign {number} @{taker.name} nobody else can")
    await user.sees(f"{taker.name} decides now")
    assert set(asked_now(await now(bot_env, world, approval))) == {only.name, taker.name}


CTX = FormContext("en", "UTC", dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
DAVID, DORA, MARA = (
    Colleague(id=new_id(), name=name) for name in ("David Brandt", "David Koch", "Mara Osei")
)


def values(kind: HandoverKind = HandoverKind.forward, **more: object) -> HandoverValues:
    return HandoverValues.model_validate(
        {
            "kind": kind,
            "approval_id": new_id(),
            "version": 1,
            "about": "REQ-1",
            "colleagues": [DAVID, DORA, MARA],
            **more,
        }
    )


def test_a_part_of_a_name_with_more_words_is_shown_before_it_is_sent() -> None:
    read = handover.with_text(values(), "@Mara Osborne knows it", CTX)
    assert isinstance(read, HandoverValues)
    assert (read.to, read.reason, read.doubtful) == (MARA.id, "Osborne knows it", True)
    assert HandoverForm().step(read) == "review"
    sure = handover.with_text(values(), "Mara Osei knows it", CTX)
    assert isinstance(sure, HandoverValues)
    assert (sure.to, sure.reason, sure.doubtful) == (MARA.id, "knows it", False)


def test_a_name_that_several_have_is_asked_back() -> None:
    read = handover.with_text(values(), "@david", CTX)
    assert isinstance(read, HandoverValues)
    assert (read.to, set(read.narrowed)) == (None, {DAVID.id, DORA.id})
    assert isinstance(handover.with_text(values(), "@", CTX), Rejected)
    noted = handover.with_text(values(), "@david knows the project", CTX)
    assert isinstance(noted, HandoverValues)
    chosen = HandoverForm().choose("who", noted, "p1", CTX)
    assert isinstance(chosen, HandoverValues)
    assert (chosen.to, chosen.reason) == (DORA.id, "knows the project")
    assert HandoverForm().step(chosen) == "review"


def test_nobody_takes_over_from_themselves() -> None:
    form = HandoverForm()
    both = values(HandoverKind.reassign, givers=[DAVID, MARA], to=MARA.id, reason="is away")
    chosen = form.choose("giver", both, "g1", CTX)
    assert isinstance(chosen, HandoverValues)
    assert (chosen.giver, chosen.to) == (MARA.id, None)
    answers = {"giver": str(MARA.id), "who": str(MARA.id), "reason": "is away"}
    assert isinstance(form.read_fields(both, answers, CTX), FieldErrors)
    answers["who"] = str(DAVID.id)
    assert isinstance(form.read_fields(both, answers, CTX), Completed)


def test_a_reassignment_needs_a_reason_and_a_forwarding_none() -> None:
    form, answers = HandoverForm(), {"who": str(DORA.id), "reason": ""}
    assert isinstance(form.read_fields(values(HandoverKind.reassign), answers, CTX), FieldErrors)
    assert isinstance(form.read_fields(values(), answers, CTX), Completed)
