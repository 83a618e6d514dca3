"""The receiver of webhooks fails: it refuses, asks for a pause, is gone, does not answer, or stops in the middle.

One rule: every webhook arrives once the receiver takes it, none comes before the pause that was asked for, and one
that was answered with 410 is parked, shown, and not sent again.
"""

import asyncio
from collections.abc import Sequence

from stack.bench.purchase_calls import CLIENTS, BenchPurchase, at_once
from stack.prove.approvals_to_decide import let_any_manager_decide, open_approvals
from stack.prove.kept_promise import Promise
from stack.prove.load import InsistentClient
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation
from workers.subscribers.table import subscriptions

PURCHASES, PURCHASES_SHORT = 50, 5
"""Each leads to six webhooks."""
FAULT_SHARE = 0.3
MOST_SECONDS = 600.0
_LAST = "SELECT coalesce(max(seq), 0) FROM audit_events"
_HURRY = """
UPDATE deliveries SET due_at = now() WHERE subscriber = 'n8n' AND state = 'due' AND due_at > now()
  AND last_error NOT LIKE '%429%'
"""
_OPEN = "SELECT count(*) FROM deliveries WHERE state IN ('due', 'running')"
_WEBHOOKS = """
SELECT e.id AS event_id, coalesce(d.state, 'not there') AS state
FROM audit_events e LEFT JOIN deliveries d ON d.event_id = e.id AND d.subscriber = 'n8n'
WHERE e.seq > $1 AND e.type = ANY($2)
"""
_TOLD = "SELECT count(*) FROM audit_events WHERE type = 'delivery.parked' AND seq > $1"


async def prove_bad_receiver(proof: ProofInstallation) -> Sequence[Promise]:
    """Purchases while three webhooks of ten go wrong."""
    receiver = proof.receiver
    since = int(await proof.value(_LAST))
    count = PURCHASES_SHORT if proof.short else PURCHASES
    say(f"{count} purchases while {FAULT_SHARE:.0%} of the webhooks go wrong")
    await let_any_manager_decide(proof)
    receiver.share = FAULT_SHARE
    receiver.early.clear()
    given = sum(receiver.given.values())
    try:
        await _buy(proof, count)
        await _until_taken(proof)
    finally:
        receiver.share = 0.0
    promises = await _counted(proof, since)
    faults = ", ".join(f"{count} × {kind}" for kind, count in sorted(receiver.given.items()) if kind != "200")
    promises[0].note = f"{sum(receiver.given.values()) - given} tries; so far {faults}"
    return promises


async def _buy(proof: ProofInstallation, count: int) -> None:
    client = InsistentClient(proof)

    async def approve(purchase: BenchPurchase) -> None:
        await client.approve(purchase)

    await at_once(approve, await open_approvals(proof, count, drained=False), CLIENTS)


async def _until_taken(proof: ProofInstallation) -> None:
    """What failed is tried at once instead of after minutes; not what the receiver asked a pause for."""
    deadline = asyncio.get_running_loop().time() + MOST_SECONDS
    while await proof.value(_OPEN) and asyncio.get_running_loop().time() < deadline:
        await proof.value(_HURRY)
        await asyncio.sleep(0.3)


async def _counted(proof: ProofInstallation, since: int) -> Sequence[Promise]:
    receiver = proof.receiver
    arrived = Promise("Every webhook arrives, although three of ten tries go wrong")
    parked = Promise("A webhook that is answered with 410 is parked, and an administrator is told")
    early = Promise("Nothing is sent before its Retry-After, or again after 410")
    for row in await proof.fetch(_WEBHOOKS, since, _webhook_types()):
        event = str(row["event_id"])
        if event in receiver.gone:
            parked.holds(row["state"] == "parked", f"{event} is {row['state']}")
        else:
            taken = row["state"] == "done" and receiver.effects[event] > 0
            arrived.holds(taken, f"{event} is {row['state']} after {receiver.tries[event]} tries")
    told = await proof.value(_TOLD, since)
    parked.holds(told == len(receiver.gone), f"{told} events say so, {len(receiver.gone)} were parked")
    early.attempts = sum(receiver.tries.values())
    early.failures += [f"{event} came too early" for event in receiver.early]
    return [arrived, parked, early]


def _webhook_types() -> list[str]:
    """The types of events that the receiver is told of, as the table of subscribers has them."""
    return [each for each, names in subscriptions().by_event_type.items() if "n8n" in names]
