"""The kill storm: api, relay, worker and both bots are killed while people work, each as soon as it is back.

One rule: what counts is what PostgreSQL, the receiver and the chats hold when everything is quiet.
"""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from stack.prove.chat_people import ChatPeople
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.load import AnsweredWork, Load
from stack.prove.missed_deliveries import hold_delivered
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation
from stack.prove.shown_orders import orders_are_shown

LIFE_SECONDS = 3.0
"""The longest that a process lives, or twice as long as its start took: or a busy machine has never all of them."""
VICTIMS = ("api", "relay", "worker", "telegram", "slack")
KILLS_EACH, KILLS_EACH_SHORT = 15, 1
EVENTS, EVENTS_SHORT = 500, 40
MOST_SECONDS = 1_800.0
QUIET_SECONDS = 900.0
"""Officers are told of every quote, and a chat takes a message a second."""
_EVENTS = "SELECT count(*) FROM audit_events WHERE seq > $1"
_LAST = "SELECT coalesce(max(seq), 0) FROM audit_events"
_WEBHOOKS = """
SELECT d.event_id FROM deliveries d JOIN audit_events e ON e.id = d.event_id WHERE d.subscriber = 'n8n' AND e.seq > $1
"""
_DELIVERIES = "SELECT count(*) FROM deliveries d JOIN audit_events e ON e.id = d.event_id WHERE e.seq > $1"
_POSITIONS = """
SELECT count(*) AS events, count(position) AS sealed, max(position) - min(position) + 1 AS span
FROM audit_events WHERE seq > $1
"""
_WITHOUT_SUBJECT = """
SELECT count(*) FROM audit_events e WHERE e.seq > $1 AND e.subject_kind = 'request'
  AND NOT EXISTS (SELECT 1 FROM procurement_requests r WHERE r.id = e.subject_id)
"""
_TWICE = """
SELECT e.type, e.subject_id::text AS subject, count(*) AS times FROM audit_events e
WHERE e.seq > $1 AND e.type IN ('request.created', 'request.submitted', 'approval.opened', 'approval.decided',
                                'order.generated', 'order.issued', 'rfq.sent', 'rfq.closed', 'quote.submitted')
GROUP BY e.type, e.subject_id HAVING count(*) > 1
"""
_WITH_ITEM = """
SELECT count(DISTINCT r.id) AS made, count(DISTINCT r.id) FILTER (WHERE r.state <> 'draft') AS submitted
FROM request_lines l JOIN procurement_requests r ON r.id = l.request_id WHERE l.description = $1
"""
_OF_PURCHASE = """
SELECT (SELECT count(*) FROM procurement_requests WHERE id = $1) AS requests,
       (SELECT count(*) FROM vendor_quotes q JOIN rfqs r ON r.id = q.rfq_id WHERE r.request_id = $1) AS quotes,
       (SELECT count(*) FROM purchase_orders WHERE request_id = $1) AS orders
"""


@dataclass
class Kills:
    """The kills so far, and which are still to come."""

    proof: ProofInstallation
    each: int
    done: int = 0
    slowest: float = 0.0

    @property
    def over(self) -> bool:
        return self.done >= self.each * len(VICTIMS)

    async def run(self) -> None:
        """Every process by itself, at a moment that the seed chose, and never before it was back."""
        async with asyncio.TaskGroup() as group:
            for name in VICTIMS:
                group.create_task(self._kill(name))

    async def _kill(self, name: str) -> None:
        loop, services, life = asyncio.get_running_loop(), self.proof.services, LIFE_SECONDS
        for _ in range(self.each):
            await asyncio.sleep(self.proof.chance.uniform(0.1, life))
            before = services.end(*services.processes_of(name), number=signal.SIGKILL)
            began = loop.time()
            await services.wait_until_back(before)
            took = loop.time() - began
            life = max(LIFE_SECONDS, 2 * took)
            self.slowest = max(self.slowest, took)
            self.done += 1
            if self.done % 10 == 0:
                say(f"{self.done} kills")


async def prove_kills(proof: ProofInstallation) -> Sequence[Promise]:
    """Work and kills side by side, then silence, then counting."""
    kills = Kills(proof, KILLS_EACH_SHORT if proof.short else KILLS_EACH)
    wanted = EVENTS_SHORT if proof.short else EVENTS
    since = int(await proof.value(_LAST))
    say(f"{kills.each * len(VICTIMS)} kills while people work, until there are {wanted} events")
    enough = asyncio.Event()
    load = Load(proof, await ChatPeople.of(proof), over=enough.is_set)

    async def end() -> None:
        async def are_enough() -> bool:
            return kills.over and await _events(proof, since) >= wanted

        await until(are_enough, f"{wanted} events", MOST_SECONDS)
        enough.set()

    async with asyncio.TaskGroup() as group:
        for work in (kills.run(), load.run(), end()):
            group.create_task(work)
    seconds = await proof.quiet(QUIET_SECONDS)
    promises = await counted(proof, load, since)
    promises[0].note = f"{kills.done} kills, back within {kills.slowest:.0f} s, quiet after {seconds:.0f} s"
    return promises


async def _events(proof: ProofInstallation, since: int) -> int:
    return int((await proof.patient_fetch(_EVENTS, since))[0]["count"])


async def counted(proof: ProofInstallation, load: Load, since: int) -> Sequence[Promise]:
    """What stayed of everything that was answered since an event."""
    return [
        await _nothing_lost(proof, load.answered),
        await _all_delivered(proof, since),
        await _nothing_doubled(proof, load.answered, since),
        await orders_are_shown(proof, load.people, load.answered.approved),
    ]


async def _nothing_lost(proof: ProofInstallation, answered: AnsweredWork) -> Promise:
    """Each answered act, counted where it must have left something, once."""
    promise = Promise("Nothing that was answered is lost, whatever is killed")
    for purchase in answered.purchases:
        row = (await proof.fetch(_OF_PURCHASE, UUID(purchase.request_id)))[0]
        expected = (1, 3, 1 if purchase in answered.approved else 0)
        found = (row["requests"], row["quotes"], row["orders"])
        promise.holds(found == expected, f"purchase {purchase.request_id}: {found}, not {expected}")
    for item in answered.typed:
        row = (await proof.fetch(_WITH_ITEM, item))[0]
        promise.holds(row["submitted"] >= 1, f"{item}: no submitted request")
    return promise


async def _all_delivered(proof: ProofInstallation, since: int) -> Promise:
    """Each event has its place in the log, and came to all who subscribe to it; webhooks also to the receiver."""
    promise = Promise("Every event is sealed, and reaches every subscriber and the receiver")
    row = (await proof.fetch(_POSITIONS, since))[0]
    promise.holds(row["events"] == row["sealed"] == row["span"], f"sealed: {dict(row)}")
    await hold_delivered(proof, promise, since)
    for webhook in await proof.fetch(_WEBHOOKS, since):
        event = str(webhook["event_id"])
        promise.holds(proof.receiver.effects[event] > 0, f"the receiver did not get {event}")
    alone = await proof.value(_WITHOUT_SUBJECT, since)
    promise.holds(alone == 0, f"{alone} events of requests that do not exist")
    promise.note = f"{row['events']:,} events"
    return promise


async def _nothing_doubled(proof: ProofInstallation, answered: AnsweredWork, since: int) -> Promise:
    """One fact of a kind for one thing; webhooks said twice carry the same id, by which a receiver knows them."""
    promise = Promise("No effect is doubled")
    events = await proof.value(_EVENTS, since)
    twice = await proof.fetch(_TWICE, since)
    promise.attempts = int(events)
    promise.failures += [f"{row['type']} of {row['subject']}: {row['times']} times" for row in twice]
    for item, times in answered.typed.items():
        made = (await proof.fetch(_WITH_ITEM, item))[0]["made"]
        promise.holds(made <= times, f"{item} was typed {times} times and made {made} requests")
    again = sum(count - 1 for count in proof.receiver.effects.values())
    deliveries = await proof.value(_DELIVERIES, since)
    promise.note = f"{again} webhooks came again under their id; {deliveries:,} deliveries"
    return promise
