"""The clock: what becomes due by itself happens once, however many clocks look at it, and stops for nothing."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from core.access.roles import Role
from core.decisions import queries as approvals
from core.kernel.clock import FixedClock
from core.kernel.ids import ApprovalId, new_id
from core.mails.tables import mails
from core.rfqs.states import RfqState
from core.vendor_links import service as vendor_links
from core.vendor_links.commands import NameColleague
from core.vendor_links.model import LinkKind, LinkSubject
from core.vendor_links.tables import vendor_colleagues
from core.web_sessions import service as web_sessions
from core.web_sessions.commands import AskLogin, MakeTicket
from core.web_sessions.tables import web_matches, web_tickets
from tests.support.world import ADMINISTRATOR, World
from tests.workers.delivery.worker_env import WorkerEnv
from workers import schedule
from workers.schedule import ScheduledTask


async def two_clocks(worker_env: WorkerEnv, times: int = 3) -> None:
    """Two relays' clocks, at the same moment, again and again."""
    for _ in range(times):
        await asyncio.gather(schedule.tick(worker_env.runtime), schedule.tick(worker_env.runtime))


async def counted(world: World, subject: object, kind: str) -> int:
    return (await world.events_of(subject)).count(kind)  # type: ignore[arg-type]


async def test_an_rfq_is_closed_once_when_its_deadline_has_passed(worker_env: WorkerEnv) -> None:
    vendor, contact = await worker_env.world.a_vendor()
    other, _ = await worker_env.world.a_vendor()
    rfq = await worker_env.world.an_rfq(to=[vendor, other], quote_by=dt.timedelta(hours=2))
    await worker_env.world.a_quote(rfq, contact)
    worker_env.clock.advance(dt.timedelta(hours=2) - dt.timedelta(seconds=1))
    await two_clocks(worker_env)
    assert await counted(worker_env.world, rfq.rfq.id, "rfq.closed") == 0
    worker_env.clock.advance(dt.timedelta(seconds=1))
    await two_clocks(worker_env)
    assert await counted(worker_env.world, rfq.rfq.id, "rfq.closed") == 1


async def test_an_rfq_that_nobody_answered_fails_once_and_the_officer_hears_once(
    worker_env: WorkerEnv,
) -> None:
    chat = await worker_env.link_chat(await worker_env.world.an_officer())
    rfq = await worker_env.world.an_rfq(quote_by=dt.timedelta(hours=2))
    await worker_env.work()
    worker_env.clock.advance(dt.timedelta(hours=2))
    await two_clocks(worker_env)
    await worker_env.work()
    assert await counted(worker_env.world, rfq.rfq.id, "rfq.unsuccessful") == 1
    told = [message for message in await worker_env.sandbox.messages(chat) if not message["buttons"]]
    assert len([message for message in told if rfq.rfq.number in message["text"]]) <= 2
    assert await worker_env.scalar("SELECT state FROM rfqs") == RfqState.unsuccessful


async def test_a_quote_expires_once_after_its_last_day(worker_env: WorkerEnv) -> None:
    vendor, contact = await worker_env.world.a_vendor()
    other, _ = await worker_env.world.a_vendor()
    request = await worker_env.world.a_request(needed_in_days=90)
    rfq = await worker_env.world.an_rfq(request, to=[vendor, other], quote_by=dt.timedelta(days=60))
    quote = await worker_env.world.a_quote(rfq, contact)
    worker_env.clock.advance(dt.timedelta(days=45))
    await two_clocks(worker_env)
    assert await counted(worker_env.world, quote.quote.id, "quote.expired") == 0
    worker_env.clock.advance(dt.timedelta(days=1))
    await two_clocks(worker_env)
    assert await counted(worker_env.world, quote.quote.id, "quote.expired") == 1


async def test_each_reminder_of_a_step_is_recorded_once(worker_env: WorkerEnv) -> None:
    approval = (await worker_env.world.an_open_approval()).approval
    for reminder in (1, 2):
        step = await _open_step(worker_env, approval.id)
        assert step.remind_at is not None
        worker_env.clock.at = step.remind_at - dt.timedelta(seconds=1)
        await two_clocks(worker_env)
        assert await counted(worker_env.world, approval.id, "approval.overdue") == reminder - 1
        worker_env.clock.advance(dt.timedelta(seconds=1))
        await two_clocks(worker_env)
        assert await counted(worker_env.world, approval.id, "approval.overdue") == reminder


async def _open_step(worker_env: WorkerEnv, approval_id: ApprovalId):  # type: ignore[no-untyped-def]
    auditor = await worker_env.world.an_auditor()
    step = (await worker_env.world.act(auditor, approvals.show, approval_id)).approval.open_step
    assert step is not None
    return step


async def test_when_n8n_names_nobody_in_time_the_cards_go_out_once(worker_env: WorkerEnv) -> None:
    """It may name one of several; where there is only one candidate, nobody waits for it."""
    chat = await worker_env.link_chat(await worker_env.world.a_manager())
    await worker_env.world.a_person(Role.manager)
    approval = (await worker_env.world.an_open_approval(route_wait=dt.timedelta(seconds=10))).approval
    await worker_env.work()
    worker_env.clock.advance(dt.timedelta(seconds=9))
    await two_clocks(worker_env)
    await worker_env.work()
    assert [message for message in await worker_env.sandbox.messages(chat) if message["buttons"]] == []
    worker_env.clock.advance(dt.timedelta(seconds=1))
    await two_clocks(worker_env)
    await worker_env.work()
    (card,) = [message for message in await worker_env.sandbox.messages(chat) if message["buttons"]]
    assert "Approve" in [button["text"] for row in card["buttons"] for button in row]
    assert await counted(worker_env.world, approval.id, "approval.routed") == 1


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A table of three rows, the second of which cannot be worked."""
    done: list[str] = []

    async def due(_: object) -> list[str]:
        return ["first", "second", "third"]

    async def run(_: object, __: object, subject: str) -> None:
        if subject == "second":
            raise ZeroDivisionError
        done.append(subject)

    chore = ScheduledTask("stumble", Role.system_deadlines, due, run)
    monkeypatch.setattr(schedule, "SCHEDULED_TASKS", (chore, replace(chore, name="after it")))
    return done


async def test_a_row_that_cannot_be_worked_stops_no_other(
    worker_env: WorkerEnv, stumbling: list[str]
) -> None:
    await schedule.tick(worker_env.runtime)
    assert stumbling == ["first", "third"] * 2


async def test_the_clock_goes_on_until_it_is_told_to_stop(
    worker_env: WorkerEnv, stumbling: list[str]
) -> None:
    stop = asyncio.Event()
    running = asyncio.ensure_future(schedule.run(worker_env.runtime, stop))
    while len(stumbling) < 4:
        await asyncio.sleep(0.01)
    stop.set()
    await running


async def test_what_nobody_needs_any_more_is_deleted(worker_env: WorkerEnv) -> None:
    """Mails and named colleagues after a year, a browser's questions and tickets when they are over."""
    world, now = worker_env.world, worker_env.clock.now()
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    about = LinkSubject(LinkKind.rfq, rfq.rfq.id)
    await world.act(contact, vendor_links.name_colleague, NameColleague("Nadja", "n@vendor.example", about))
    await world.act(contact, web_sessions.make_ticket, MakeTicket("/home"))
    await world.act(ADMINISTRATOR, web_sessions.ask_login, AskLogin(contact.email or "", "Firefox", "/home"))
    mail = {
        "event_id": new_id(),
        "person_id": contact.id,
        "kind": "rfq.sent",
        "state": "sent",
        "made_at": now,
    }
    async with world.engine.begin() as connection:
        await connection.execute(insert(mails).values(id=new_id(), **mail))

    async def left(after: dt.timedelta) -> list[int]:
        runtime = replace(worker_env.runtime, clock=FixedClock(now + after))
        await schedule.delete_expired(runtime)
        async with world.engine.begin() as connection:
            return [
                await connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (mails, vendor_colleagues, web_matches, web_tickets)
            ]

    assert await left(dt.timedelta()) == [1, 1, 1, 1]
    assert await left(dt.timedelta(days=364)) == [1, 1, 0, 0]
    assert await left(dt.timedelta(days=366)) == [0, 0, 0, 0]
