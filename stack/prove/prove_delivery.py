"""Delivery: what was answered is never lost, and what follows from it happens once, whatever breaks.

One rule: each way to break something is a module of its own; here is only their order.
"""

from collections.abc import Mapping, Sequence

from stack.prove.bad_receiver import prove_bad_receiver
from stack.prove.full_disk import prove_full_disk
from stack.prove.kept_promise import Promise
from stack.prove.kill_storm import prove_kills
from stack.prove.lost_servers import prove_postgres_kills, prove_redis_losses
from stack.prove.proof_installation import ProofInstallation
from stack.prove.restored_copy import prove_restored_copy
from stack.prove.rolling_restarts import prove_restarts
from stack.prove.skewed_clocks import prove_skewed_clocks
from stack.prove.tried import Proof, tried

DELIVERY_PARTS: Mapping[str, Proof] = {
    "kills": prove_kills,
    "redis": prove_redis_losses,
    "postgres": prove_postgres_kills,
    "receiver": prove_bad_receiver,
    "restarts": prove_restarts,
    "clocks": prove_skewed_clocks,
    "disk": prove_full_disk,
    "restore": prove_restored_copy,
}
"""The last one goes back to an older copy. ``./parley prove delivery:kills`` tries one of them."""


async def prove_delivery(proof: ProofInstallation) -> Sequence[Promise]:
    """Each in turn, on the same installation."""
    return [promise for name, part in DELIVERY_PARTS.items() for promise in await tried(name, part, proof)]
