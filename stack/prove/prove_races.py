"""Races: many people do the same thing at the same moment, by HTTP and in both chats.

    50 deciders     each manager approves, rejects and repeats by HTTP, and presses their card in both chats
    30 creators     one press that was delivered thirty times
    two ends        an approval beside its request's withdrawal

One rule: what counts is what PostgreSQL holds afterwards, not what anybody was told; being told the winner is counted
apart.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from stack.bench.purchase_calls import BenchPurchase
from stack.prove.approvals_to_decide import let_any_manager_decide, managers, open_approvals
from stack.prove.chat_people import CardButton, ChatPeople
from stack.prove.kept_promise import Promise
from stack.prove.lost_servers import request_body
from stack.prove.progress import say
from stack.prove.proof_calls import ProofAnswer
from stack.prove.proof_installation import ProofInstallation

APPROVALS, APPROVALS_SHORT = 200, 4
CREATIONS, CREATIONS_SHORT = 20, 2
ENDS, ENDS_SHORT = 60, 4
DECIDERS = 50
SAME_PRESS = 30
AT_ONCE = 2
"""Approvals that are raced for side by side."""
_OUTCOME = """
SELECT a.state, (SELECT count(*) FROM approval_logs l WHERE l.approval_id = a.id) AS verdicts,
       (SELECT count(*) FROM purchase_orders o WHERE o.approval_id = a.id) AS orders
FROM approvals a WHERE a.id = $1
"""
_CARDS = """
SELECT m.person_id, m.platform, m.message_id FROM chat_messages m
WHERE m.subject_id = $1 AND m.card = 'approval' AND m.state = 'live' AND m.message_id IS NOT NULL
"""
_REQUESTS = "SELECT count(*) FROM procurement_requests WHERE title LIKE $1"
_END = """
SELECT r.state AS request, a.state AS approval,
       (SELECT count(*) FROM purchase_orders o WHERE o.request_id = r.id AND o.state <> 'cancelled') AS orders
FROM procurement_requests r JOIN approvals a ON a.request_id = r.id WHERE r.id = $1
"""
_NUMBERS = """
SELECT sum(orders)::int AS orders, sum(numbers)::int AS numbers, sum(last)::int AS last
FROM (SELECT count(*) AS orders, count(DISTINCT number) AS numbers,
             max(substring(number FROM '[0-9]+$')::int) AS last
      FROM purchase_orders GROUP BY substring(number FROM '^PO-[0-9]+')) AS years
"""


@dataclass
class RacePromises:
    """One row of the table each."""

    one_decision: Promise = field(
        default_factory=lambda: Promise("One decision and one order or none, however many decide at once")
    )
    told: Promise = field(
        default_factory=lambda: Promise("Whoever was too late by HTTP is told so, and by whom it was decided")
    )
    answered: Promise = field(default_factory=lambda: Promise("Every press in a chat is answered"))
    one_request: Promise = field(
        default_factory=lambda: Promise("A press that is delivered thirty times makes one request")
    )
    one_end: Promise = field(
        default_factory=lambda: Promise(
            "An approval beside a withdrawal: ordered or withdrawn, never both or half"
        )
    )
    numbers: Promise = field(
        default_factory=lambda: Promise("Numbers of orders have no gap and no double afterwards")
    )

    def all(self) -> Sequence[Promise]:
        return (self.one_decision, self.told, self.answered, self.one_request, self.one_end, self.numbers)


async def prove_races(proof: ProofInstallation) -> Sequence[Promise]:
    """Every race, one after the other."""
    promises = RacePromises()
    await let_any_manager_decide(proof)
    await _deciders(proof, promises, APPROVALS_SHORT if proof.short else APPROVALS)
    await _creators(proof, promises, CREATIONS_SHORT if proof.short else CREATIONS)
    await _ends(proof, promises, ENDS_SHORT if proof.short else ENDS)
    row = (await proof.fetch(_NUMBERS))[0]
    found = f"{row['orders']} orders, {row['numbers']} numbers, the last {row['last']}"
    promises.numbers.holds(row["orders"] == row["numbers"] == row["last"], found)
    promises.numbers.attempts, promises.numbers.note = row["orders"], found
    return promises.all()


# ---- fifty deciders


async def _deciders(proof: ProofInstallation, promises: RacePromises, count: int) -> None:
    say(f"{count} approvals with {DECIDERS} deciders each")
    people = await ChatPeople.of(proof)
    for begin in range(0, count, 20):
        tokens = await managers(proof)
        purchases = await open_approvals(proof, min(20, count - begin))
        for place in range(0, len(purchases), AT_ONCE):
            pair = purchases[place : place + AT_ONCE]
            await asyncio.gather(*(_race(proof, promises, people, tokens, each) for each in pair))
        say(f"{min(begin + 20, count)} of {count} are decided")
    promises.one_decision.note = (
        f"{promises.told.attempts:,} by HTTP, {promises.answered.attempts:,} in chats"
    )


async def _race(
    proof: ProofInstallation,
    promises: RacePromises,
    people: ChatPeople,
    tokens: dict[UUID, str],
    purchase: BenchPurchase,
) -> None:
    """Everybody at once, in an order that the seed chose."""
    approval = UUID(purchase.approval["approval_id"])
    buttons = [
        await people.button(people.account(row["person_id"], row["platform"]), row["message_id"])
        for row in await proof.fetch(_CARDS, approval)
    ]
    chats = [_pressed(promises, people, button) for button in buttons]
    by_http = _http_decisions(proof, tokens, purchase, DECIDERS - len(chats))
    everybody: list[Awaitable[ProofAnswer | None]] = [*chats, *by_http]
    proof.chance.shuffle(everybody)
    answers = [each for each in await asyncio.gather(*everybody) if each is not None]
    await proof.quiet()
    row = (await proof.fetch(_OUTCOME, approval))[0]
    expected = {"approved": (1, 1), "rejected": (1, 0)}.get(row["state"])
    found = f"{row['state']}: {row['verdicts']} verdicts, {row['orders']} orders"
    promises.one_decision.holds((row["verdicts"], row["orders"]) == expected, f"{approval} is {found}")
    for answer in answers:
        late = answer.status == 409 and (
            bool(answer.body.get("facts", {}).get("by")) or answer.code == "idempotency.in_flight"
        )
        promises.told.holds(answer.status == 200 or late, f"{approval}: {answer.status} {answer.text[:200]}")


def _http_decisions(
    proof: ProofInstallation, tokens: dict[UUID, str], purchase: BenchPurchase, count: int
) -> Sequence[Awaitable[ProofAnswer]]:
    """Approve, reject, and the approval repeated with its own key, by each manager in turn."""
    keys = {person: uuid.uuid4().hex for person in tokens}
    made = []
    for number in range(count):
        person = list(tokens)[number % len(tokens)]
        kind = number // len(tokens) % 3
        verb = {"verb": "reject", "comment": "Not now."} if kind == 1 else {"verb": "approve"}
        key = "" if kind == 1 else keys[person]
        made.append(proof.calls.send(tokens[person], "POST", "/approvals", purchase.approval | verb, key=key))
    return made


async def _pressed(promises: RacePromises, people: ChatPeople, button: CardButton) -> None:
    """One manager presses their own card; whoever finds no button there has seen the outcome already."""
    answer = await people.press(button)
    if answer is not None:
        promises.answered.holds(bool(answer.get("answered")), f"{button.account}: {answer}")


# ---- one press, delivered thirty times


async def _creators(proof: ProofInstallation, promises: RacePromises, count: int) -> None:
    say(f"{count} requests, each sent {SAME_PRESS} times at once")
    token = await asyncio.to_thread(proof.token_of, "requester")
    for number in range(count):
        body = request_body(proof)
        name = body["lines"][0]["description"]
        key = uuid.uuid4().hex
        sent = [
            proof.calls.send(token, "POST", "/procurement/request", body, key=key) for _ in range(SAME_PRESS)
        ]
        answers = await asyncio.gather(*sent)
        made = await proof.value(
            "SELECT count(DISTINCT request_id) FROM request_lines WHERE description = $1", name
        )
        ids = {answer.body["id"] for answer in answers if answer.status < 300}
        wrong = {answer.status for answer in answers if answer.status >= 300 and answer.status != 409}
        promises.one_request.holds(
            made == 1 and len(ids) == 1 and not wrong, f"press {number}: {made} requests, {wrong}"
        )


# ---- approved while it is withdrawn


async def _ends(proof: ProofInstallation, promises: RacePromises, count: int) -> None:
    say(f"{count} approvals, each beside its request's withdrawal")
    tokens = await managers(proof)
    for purchase in await open_approvals(proof, count):
        version = await proof.value(
            "SELECT version FROM procurement_requests WHERE id = $1", UUID(purchase.request_id)
        )
        token = tokens[purchase.team.manager.person_id]
        path = f"/procurement/requests/{purchase.request_id}/withdraw"
        approve = proof.calls.send(token, "POST", "/approvals", purchase.approval | {"verb": "approve"})
        withdraw = proof.calls.send(
            purchase.team.requester.token,
            "POST",
            path,
            {"expected_version": version, "reason": "Not needed."},
        )
        pair = [approve, withdraw]
        proof.chance.shuffle(pair)
        answers = await asyncio.gather(*pair)
        await proof.quiet()
        row = (await proof.fetch(_END, UUID(purchase.request_id)))[0]
        whole = (row["request"] == "ordered" and row["approval"] == "approved" and row["orders"] == 1) or (
            row["request"] == "withdrawn" and row["approval"] != "approved" and row["orders"] == 0
        )
        won = sum(answer.status < 300 for answer in answers)
        promises.one_end.holds(whole and won == 1, f"{dict(row)}, {[a.text[:120] for a in answers]}")
