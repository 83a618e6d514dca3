"""Proofs by the API: for whoever may see the event, checked as ``parley-verify`` checks them."""

from dataclasses import replace
from pathlib import Path

import pytest

from administration.verify_bundle import main
from api.contract import endpoints as e
from api.contract.operations import BundleOut
from core.access.roles import Role
from core.db.engine import make_engine
from core.kernel.ids import PersonId, new_id
from core.log import checkpoint
from core.log.bundle import check
from core.log.merkle import MerkleTree, is_consistent
from core.log.notes import parse_verifier_key, sign
from core.log.seal import Subscriptions, seal
from tests.core.log.log_env import ROSA, LogEnv
from tests.support.api import Api, ProblemError
from tests.support.postgres import Database
from tests.support.world import World


async def published(api: Api, world: World, database: Database) -> int:
    """Seal what there is and publish it, signed with the API's key; the size."""
    sealer = make_engine(database.sealer_url, size=1, name="tests sealer")
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
        tree = MerkleTree()
        await checkpoint.extend(connection, tree)
        made = sign(tree.size, tree.root(), api.app.state.keys.current.private)
        await checkpoint.store(connection, made, world.now)
    await sealer.dispose()
    return made.size


def is_proven(found: BundleOut) -> int:
    """How many events a reader with the published key believes."""
    keys = [parse_verifier_key(each) for each in found.keys]
    return check(found.model_dump(mode="json"), keys).events


async def test_an_auditor_gets_a_bundle_that_is_proven_without_us(
    api: Api, world: World, database: Database
) -> None:
    request = await world.a_request()
    first = await published(api, world, database)
    await world.an_rfq(request)
    second = await published(api, world, database)
    auditor = api.as_(await world.an_auditor())
    found = await auditor.call(e.event_bundle, path={"id": request.request.id})
    assert found.checkpoint is not None
    assert (found.checkpoint.size, [each.checkpoint.size for each in found.earlier]) == (second, [first])
    assert is_proven(found) == len(found.events) > 2
    one = await auditor.call(e.prove_event, path={"id": found.events[0].event.id})
    assert one.events == found.events[:1]
    assert is_proven(one) == 1


async def test_the_log_is_shown_to_have_only_grown(api: Api, world: World, database: Database) -> None:
    await world.a_request()
    first = await published(api, world, database)
    await world.a_request()
    second = await published(api, world, database)
    auditor = api.as_(await world.an_auditor())
    for query in ({"first": first}, {"first": first, "second": second}):
        found = await auditor.call(e.prove_consistency, query=query)
        ends = [(each.size, bytes.fromhex(each.root)) for each in (found.first, found.second)]
        assert [size for size, _ in ends] == [first, second]
        assert is_consistent(ends[0], ends[1], [bytes.fromhex(step) for step in found.proof])
    for query, status in (({"first": first + 1}, 404), ({"first": second, "second": first}, 422)):
        with pytest.raises(ProblemError) as refused:
            await auditor.call(e.prove_consistency, query=query)
        assert refused.value.status == status


async def test_a_requester_gets_the_proofs_of_their_own_purchase_only(
    api: Api, world: World, database: Database
) -> None:
    mine = await world.a_request()
    requester = await world.person(mine.request.requested_by)
    await published(api, world, database)
    found = await api.as_(requester).call(e.event_bundle, path={"id": mine.request.id})
    assert is_proven(found) == len(found.events) > 0
    stranger = api.as_(await world.a_person(Role.requester))
    for endpoint, thing in ((e.event_bundle, mine.request.id), (e.prove_event, found.events[0].event.id)):
        with pytest.raises(ProblemError) as refused:
            await stranger.call(endpoint, path={"id": thing})
        assert refused.value.status == 404


async def test_a_vendor_gets_the_proofs_of_its_own_acts_once_it_is_decided(
    api: Api, world: World, database: Database
) -> None:
    vendor, contact = await world.a_vendor()
    other, rival = await world.a_vendor()
    await world.a_finance()
    rfq = await world.an_rfq(to=[vendor, other])
    quote = await world.a_quote(rfq, contact)
    await world.a_quote(rfq, rival)
    await published(api, world, database)
    as_vendor = api.as_(contact)
    with pytest.raises(ProblemError) as sealed:
        await as_vendor.call(e.event_bundle, path={"id": quote.quote.id})
    assert sealed.value.status == 404, "positions count what others did"
    await database.hand.execute("UPDATE rfqs SET state = 'awarded'")
    found = await as_vendor.call(e.event_bundle, path={"id": rfq.rfq.request_id})
    assert is_proven(found) == len(found.events) > 0
    assert {each.event.actor for each in found.events} == {str(contact.id)}
    assert found.earlier == ()
    assert found.checkpoint is not None
    before = found.checkpoint.size
    await world.a_request()
    await published(api, world, database)
    again = await as_vendor.call(e.event_bundle, path={"id": rfq.rfq.request_id})
    assert again.checkpoint is not None
    assert again.checkpoint.size == before, "how the log grows meanwhile is none of a vendor's business"
    with pytest.raises(ProblemError) as refused:
        await as_vendor.call(e.prove_consistency, query={"first": before})
    assert refused.value.status == 403


async def test_a_bundle_is_complete_however_long_it_is(
    api: Api, world: World, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject, written = new_id(), 2_350
    log_env = LogEnv(database)
    somebody = replace(
        ROSA, person_id=PersonId(new_id())
    )  # whose key no earlier database gave to this process
    for start in range(0, written, 470):
        await log_env.write(*(f"{start + each}" for each in range(470)), subject=subject, actor=somebody)
        await log_env.write("what somebody else did")
        await log_env.seal()
    await log_env.write("after the checkpoint", subject=subject, actor=somebody)
    size = await published(api, world, database)
    await log_env.write("later still", subject=subject, actor=somebody)
    await log_env.seal()
    await log_env.close()
    auditor = api.as_(await world.an_auditor())
    answer = await auditor.send("GET", f"/audit/bundles/{subject}")
    found = BundleOut.model_validate_json(answer.content)
    assert found.total == len(found.events) == written + 2
    words = [each.event.data["words"] for each in found.events]
    assert words == [*map(str, range(written)), "after the checkpoint", "later still"]
    assert found.checkpoint is not None
    assert found.checkpoint.size == size
    file = tmp_path / "bundle.json"
    file.write_bytes(answer.content)
    assert main([str(file), "--key", found.keys[0]]) == 0
    told = capsys.readouterr().out
    assert f"{written + 1} events stand in the log of {size} events" in told
    assert "1 came after its checkpoint" in told
    file.write_text("".join(answer.text.splitlines(keepends=True)[:-2]), encoding="utf-8")
    assert main([str(file), "--key", found.keys[0]]) == 2, "a file that was cut off is none"
