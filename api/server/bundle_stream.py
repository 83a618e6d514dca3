"""Sends a bundle of events with their proofs while it is read: complete, whatever its length.

One rule: a part is read and sent before the next one is read, so a reader who is slow holds neither memory nor a
connection to the database.

When a part cannot be read, the answer breaks off: what has arrived is no JSON, and nobody takes it for the whole.
"""

from collections.abc import AsyncIterator
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from api.present import operations as present
from api.server.deps.call import Call, UseCase
from core.audit import log_proofs
from core.audit.log_proofs import EventBundle, EventProof
from core.log.notes import verifier_key

_NO_EVENTS = "]}"
"""How a bundle without events ends, because they stand last in it."""


async def stream_bundle(call: Call, query: UseCase[UUID, EventBundle], wanted: UUID) -> Response:
    """The bundle that the query finds; what is refused is refused before anything is sent."""
    found: list[EventBundle] = []

    def keep(bundle: EventBundle) -> Response:
        found.append(bundle)
        return Response()

    await call.read(query, wanted, keep)
    return StreamingResponse(_pieces(call, found[0]), media_type="application/json")


async def _pieces(call: Call, bundle: EventBundle) -> AsyncIterator[bytes]:
    """The bundle as it is sent, one event a line."""
    keys = [verifier_key(each) for each in call.request.app.state.keys.all_public()]
    yield present.bundle(keys, bundle).model_dump_json().removesuffix(_NO_EVENTS).encode()
    separator = b"\n"
    for part in bundle.parts():
        read = await call.read(log_proofs.prove_part, part, _lines)
        yield separator + bytes(read.body)
        separator = b",\n"
    yield b"\n" + _NO_EVENTS.encode()


def _lines(proofs: tuple[EventProof, ...]) -> Response:
    return Response(",\n".join(present.proven_event(each).model_dump_json() for each in proofs))
