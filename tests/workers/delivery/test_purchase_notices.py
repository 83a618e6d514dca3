"""Who hears what about a request, its RFQ and its approval: vendors, requester and administrators, each their part."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from api.text import moment
from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import CancelRfq, CorrectRfq, MoveDeadline
from core.clarifications import service as clarifications
from core.clarifications.commands import AnswerRfqQuestion, AskRfqQuestion
from core.entries import service as entries
from core.entries.commands import EnterQuote
from core.log.unshown_rows import RowUnshown
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people.model import Person
from core.policies.commands import SetPolicy, Tier
from core.reassignments import service as reassignments
from core.rejections import service as rejections
from core.rejections.commands import RejectRequest
from core.rfqs.model import RfqDetails
from tests.core.decisions.test_separation import approve, named
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, role_step
from tests.workers.delivery.worker_env import WorkerEnv


@dataclass
class Chats:
    """Some people's chats, by a name for each."""

    env: WorkerEnv
    numbers: dict[str, int]

    @classmethod
    async def of(cls, env: WorkerEnv, **people: Person) -> "Chats":
        return cls(env, {name: await env.link_chat(person) for name, person in people.items()})

    async def told(self, words: str) -> set[str]:
        """Who has a message with these words."""
        await self.env.settle()
        return {
            name
            for name, chat in self.numbers.items()
            if any(words in message["text"] for message in await self.env.sandbox.messages(chat))
        }


async def asked(env: WorkerEnv) -> tuple[RfqDetails, dict[str, Person], Chats]:
    """An RFQ to two vendors; with their chats and those of officer, requester and a vendor who is not asked."""
    world = env.world
    (first, one), (second, other), (_, stranger) = [await world.a_vendor() for _ in range(3)]
    people = {
        "one": one,
        "other": other,
        "stranger": stranger,
        "officer": await world.an_officer(),
        "requester": await world.a_requester(),
    }
    chats = await Chats.of(env, **people)
    return await world.an_rfq(to=[first, second]), people, chats


async def test_the_vendors_who_are_asked_hear_of_another_deadline_a_correction_and_an_answer(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    rfq, people, chats = await asked(worker_env)
    officer, number = people["officer"], rfq.rfq.number
    until = world.now + dt.timedelta(days=5)
    moved = await world.act(officer, amendments.move_deadline, MoveDeadline(rfq.rfq.id, until, None))
    day = moment(until, "en", "UTC")
    assert await chats.told(f"You can quote for {number} until {day}.") == {"one", "other"}
    corrected = CorrectRfq(moved.rfq.id, "with a German keyboard", (), (), None)
    await world.act(officer, amendments.correct, corrected)
    assert await chats.told(f"{number} was corrected. If you have quoted") == {"one", "other"}
    question = await world.act(
        people["one"], clarifications.ask, AskRfqQuestion(rfq.rfq.id, "Is a used one good enough?")
    )
    assert "officer" in await chats.told("Is a used one good enough?")
    assert "other" not in await chats.told("Is a used one good enough?")
    answer = AnswerRfqQuestion(rfq.rfq.id, question.id, "No, new only.", None)
    await world.act(officer, clarifications.answer, answer)
    assert await chats.told("Question: Is a used one good enough?\nAnswer: No, new only.") >= {"one", "other"}
    assert "stranger" not in await chats.told(number)


async def test_the_vendors_who_are_asked_hear_that_an_rfq_is_cancelled(worker_env: WorkerEnv) -> None:
    rfq, people, chats = await asked(worker_env)
    cancel = CancelRfq(rfq.rfq.id, "we rent them instead", None)
    await worker_env.world.act(people["officer"], amendments.cancel, cancel)
    told = f"{rfq.rfq.number} was cancelled. You don’t need to quote any more."
    assert await chats.told(told) == {"one", "other"}
    assert await chats.told("we rent them instead") & {"one", "other", "stranger"} == set()


async def test_the_loser_of_an_award_is_told_and_nobody_else_and_learns_nothing_more(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    rfq, people, chats = await asked(worker_env)
    await world.a_quote(rfq, people["other"], "1300")
    won = await world.a_quote(rfq, people["one"], "1180")
    await worker_env.settle()
    await world.approved(await world.open_approval_of(won.quote.id))
    told = f"Thank you for your quote for {rfq.rfq.number}. This time another vendor was chosen."
    assert await chats.told(told) == {"other"}
    assert "other" not in await chats.told(rfq.rfq.invitations[0].vendor_name) | await chats.told("1,180")


async def test_a_vendor_is_told_what_was_entered_for_it(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    rfq, people, chats = await asked(worker_env)
    officer = people["officer"]
    first = people["one"].vendor_id
    assert first is not None
    lines = tuple(QuoteLineDraft(line.id, Decimal(900), None, no_bid=False) for line in rfq.rfq.lines)
    until = world.today + dt.timedelta(days=45)
    offer = SubmitQuote(rfq.rfq.id, "USD", until, 10, Decimal(0), "by mail", lines, ())
    command = EnterQuote(first, offer)
    quote = (await world.act(officer, entries.enter_quote, command)).quote
    told = f"{officer.name} entered your quote {quote.number} for {rfq.rfq.number}, from your mail or call."
    assert await chats.told(told) == {"one"}


async def test_a_requester_is_told_that_the_request_was_rejected_and_why(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    requester, officer, another = (
        await world.a_requester(),
        await world.an_officer(),
        await world.a_person(Role.requester),
    )
    chats = await Chats.of(worker_env, requester=requester, officer=officer, another=another)
    request = (await world.a_request()).request
    reject = RejectRequest(request.id, request.version, "there are ten in the store")
    await world.act(officer, rejections.reject, reject)
    told = f"{officer.name} rejected the request {request.number}, and it has ended"
    assert await chats.told(told) == {"requester"}
    assert await chats.told("“there are ten in the store”") == {"requester"}


async def test_the_administrators_are_told_of_a_row_that_cannot_be_shown(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    chats = await Chats.of(worker_env, admin=await world.an_admin(), officer=await world.an_officer())
    request = (await world.a_request()).request
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        unshown = RowUnshown(subject_id=request.id, subject_version=1, row="Request", number=request.number)
        await uow.record(unshown)
    assert await chats.told(f"{request.number} is in a list but can’t be shown.") == {"admin"}
    assert await chats.told(str(request.id)) == {"admin"}


async def test_the_administrators_are_told_whom_a_stuck_approval_waits_for_under_a_new_policy(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    only, finance = await world.a_person(Role.manager), await world.a_finance()
    chats = await Chats.of(worker_env, admin=await world.an_admin(), officer=await world.an_officer())
    await world.a_policy([Tier("all", None, (), (), (named("one", only), named("two", only)))])
    stuck = await approve(world, only, (await world.an_open_approval()).approval)
    number = await worker_env.scalar(
        "SELECT number FROM procurement_requests WHERE id = :id", id=stuck.request_id
    )
    assert await chats.told(f"Nobody can decide {number}") == {"admin"}
    tier = Tier("all", None, (), (), (named("one", only), role_step("finance")))
    await world.act(ADMINISTRATOR, reassignments.set_policy, SetPolicy("USD", (tier,), None))
    told = f"{number} was stuck. Under the new policy it waits for {finance.name}."
    assert await chats.told(told) == {"admin"}
