"""One proof to its end, or a promise that says why it did not come to it.

One rule: what stops one proof stops no other, and the table names it as a failure.
"""

from collections.abc import Awaitable, Callable, Sequence

from stack.bench.run_bench import first_of
from stack.prove.kept_promise import Promise
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation

Proof = Callable[[ProofInstallation], Awaitable[Sequence[Promise]]]


async def tried(name: str, proof: Proof, installation: ProofInstallation) -> Sequence[Promise]:
    """Its promises; the outermost handler of whatever goes wrong in it."""
    try:
        return await proof(installation)
    except Exception as error:  # noqa: BLE001 - the outermost handler: what goes wrong is a row of the table
        first = first_of(error) if isinstance(error, ExceptionGroup) else error
        say(f"{name}: {type(first).__name__}: {first}")
        return [Promise(f"The proof of {name} comes to its end", 1, [f"{type(first).__name__}: {first}"])]
