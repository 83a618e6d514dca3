"""Approving what one asked for oneself: with the right role, as a deputy, handed over, and many times at once.

One rule: whoever tries has every right that an administrator can give; only their part in the purchase forbids it.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from core.kernel.clock import SystemClock
from stack.bench.crew import Member, PurchaseTeam
from stack.bench.purchase_calls import BenchPurchase
from stack.errors import StackError
from stack.prove.approvals_to_decide import let_any_manager_decide, open_approvals
from stack.prove.kept_promise import Promise
from stack.prove.progress import say
from stack.prove.proof_calls import Json
from stack.prove.proof_installation import ProofInstallation

PURCHASES, PURCHASES_SHORT = 8, 2
AT_ONCE = 10
OWN = "approvals.own_request"
VERDICTS: Sequence[Json] = ({"verb": "approve"}, {"verb": "reject", "comment": "Not now."})
_ROLES = "SELECT role FROM person_roles WHERE person_id = $1 ORDER BY role"
_DECIDED = """
SELECT (SELECT count(*) FROM approval_logs WHERE approval_id = $1) AS verdicts,
       (SELECT count(*) FROM purchase_orders WHERE approval_id = $1) AS orders
"""


async def prove_own_approvals(proof: ProofInstallation) -> Promise:
    """Each purchase's requester; then somebody who has no part in it, who may."""
    promise = Promise(
        "Nobody decides what they asked for, whatever role, deputy's right or hand-over they get"
    )
    await let_any_manager_decide(proof)
    count = PURCHASES_SHORT if proof.short else PURCHASES
    say(f"{count} approvals tried by those who asked for them")
    for purchase in await open_approvals(proof, count):
        admin = await asyncio.to_thread(proof.token_of, "admin")
        await _be_deputies(proof, purchase.team)
        await _tries(proof, promise, admin, purchase, purchase.team.requester)
        await _another_may(proof, promise, purchase)
    return promise


async def _be_deputies(proof: ProofInstallation, team: PurchaseTeam) -> None:
    """The manager, who may decide, lets the requester decide instead."""
    await proof.renew(team.manager)
    until = SystemClock().now() + dt.timedelta(hours=1)
    body = {"to": str(team.requester.person_id), "until": until.isoformat()}
    answer = await proof.calls.send(team.manager.token, "POST", "/delegations", body)
    if answer.status >= 500:
        raise StackError(f"a deputy: {answer.status} {answer.text[:200]}")


async def _tries(
    proof: ProofInstallation, promise: Promise, admin: str, purchase: BenchPurchase, member: Member
) -> None:
    """As a manager too, with the approval handed to them, by every verdict, several times at once."""
    roles = [row["role"] for row in await proof.fetch(_ROLES, member.person_id)]
    await _have_roles(proof, admin, member, sorted({*roles, "manager"}))
    try:
        approval = purchase.approval["approval_id"]
        body: Json = {"to": str(member.person_id), "from_person": str(purchase.team.manager.person_id)}
        body |= {"reason": "Please decide.", "expected_version": purchase.approval["expected_version"]}
        handed = await proof.calls.send(admin, "POST", f"/approvals/{approval}/reassign", body)
        promise.holds(400 <= handed.status < 500, f"{approval} is handed over: {handed.status}")
        sent = [
            proof.calls.send(member.token, "POST", "/approvals", purchase.approval | verdict)
            for verdict in VERDICTS
            for _ in range(AT_ONCE)
        ]
        for answer in await asyncio.gather(*sent):
            refused = (answer.status, answer.code) == (403, OWN)
            promise.holds(refused, f"{approval}: {answer.status} {answer.text[:200]}")
        row = (await proof.fetch(_DECIDED, UUID(approval)))[0]
        promise.holds((row["verdicts"], row["orders"]) == (0, 0), f"{approval}: {dict(row)}")
    finally:
        await _have_roles(proof, admin, member, roles)


async def _have_roles(proof: ProofInstallation, admin: str, member: Member, roles: Sequence[str]) -> None:
    """A change of rights ends all tokens of before."""
    path = f"/people/{member.person_id}/roles"
    answer = await proof.calls.send(admin, "PUT", path, {"roles": roles})
    if answer.status != 200:
        raise StackError(f"{path}: {answer.status} {answer.text[:200]}")
    await proof.renew(member)


async def _another_may(proof: ProofInstallation, promise: Promise, purchase: BenchPurchase) -> None:
    """So it was not the approval that could not be decided."""
    body = purchase.approval | {"verb": "approve"}
    answer = await proof.calls.send(purchase.team.manager.token, "POST", "/approvals", body)
    what = f"{purchase.approval['approval_id']} by who may: {answer.status} {answer.text[:200]}"
    promise.holds(answer.status == 200, what)
