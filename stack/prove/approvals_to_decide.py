"""Purchases up to their approval, which every manager may decide: what races and chats are tried on.

One rule: they are made by the API's own calls, and the policy is set as an administrator sets it.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from stack.bench.purchase_calls import (
    BEFORE_APPROVAL,
    CLIENTS,
    BenchPurchase,
    PurchaseClient,
    at_once,
    new_purchases,
    wait_for_approval,
)
from stack.errors import StackError
from stack.prove.proof_installation import ProofInstallation

_STEP = {"name": "any manager", "approvers": [{"role": "manager"}]}
ANY_MANAGER = {"currency": "USD", "tiers": [{"name": "all", "steps": [_STEP]}]}
_MANAGERS = """
SELECT p.id FROM people p JOIN person_roles r ON r.person_id = p.id AND r.role = 'manager'
WHERE p.active ORDER BY p.id
"""


async def let_any_manager_decide(proof: ProofInstallation) -> None:
    """The policy of which many people may decide the same thing."""
    token = await asyncio.to_thread(proof.token_of, "admin")
    answer = await proof.calls.insist(token, "PUT", "/approval-policies", ANY_MANAGER)
    if answer.status != 200:
        raise StackError(f"the policy was not set: {answer.status} {answer.text}")


async def managers(proof: ProofInstallation) -> dict[UUID, str]:
    """Everybody who may decide, with a new token each, by their id."""
    chats = await proof.chats("telegram")
    found = [row["id"] for row in await proof.fetch(_MANAGERS)]
    return {
        person: await asyncio.to_thread(proof.crew.tokens.exchange, chats[person])
        for person in found
        if person in chats
    }


async def open_approvals(
    proof: ProofInstallation, count: int, *, drained: bool = True
) -> Sequence[BenchPurchase]:
    """That many purchases whose approval waits, with its id and version; with ``drained``, their cards too."""
    await asyncio.to_thread(proof.crew.renew)
    purchases = new_purchases(proof.crew, count)
    client = PurchaseClient(proof.web, proof.crew)
    async with proof.connection() as connection:
        lock = asyncio.Lock()

        async def prepare(purchase: BenchPurchase) -> None:
            for _, step in BEFORE_APPROVAL:
                await step(client, purchase)
            await wait_for_approval(connection, lock, purchase)

        await at_once(prepare, purchases, CLIENTS)
    if drained:
        await proof.quiet()
    return purchases
