"""The log for auditors: searched, followed, verified, and taken along with proofs that anybody can check."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.contract import endpoints as e
from api.contract.operations import BundleOut
from core.access.permissions import Permission
from core.access.roles import ROLE_PERMISSIONS, Role
from core.db.engine import make_engine
from core.log import checkpoint
from core.log.merkle import MerkleTree, WitnessedTree, leaf_hash, root_of_proof
from core.log.notes import sign
from core.log.seal import Subscriptions, seal
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import browser_of

ROLES = (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor, Role.vendor)


async def seal_all(world: World, database: Database) -> int:
    """Seal what there is, and store a checkpoint over it; its size."""
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
        tree = MerkleTree()
        await checkpoint.extend(connection, tree)
        made = sign(tree.size, tree.root(), Ed25519PrivateKey.generate())
        await checkpoint.store(connection, made, world.now)
    await sealer.dispose()
    return tree.size


async def test_each_page_is_for_whom_the_rights_say(api: Api, world: World, database: Database) -> None:
    request = await world.a_request()
    await seal_all(world, database)
    pages = {
        "/audit-log": Permission.audit_read,
        "/audit-log/verify": Permission.audit_verify,
        f"/audit-log/bundles/{request.request.id}": Permission.audit_verify,
    }
    surprises = []
    for role in ROLES:
        person = (await world.a_vendor())[1] if role is Role.vendor else await world.the(role)
        async with browser_of(api, world, person) as browser:
            for path, right in pages.items():
                answer = await browser.client.get(path)
                if answer.status_code != (200 if right in ROLE_PERMISSIONS[role] else 403):
                    surprises.append((role.value, path, answer.status_code))
            assert ("/audit-log" in (await browser.get("/home")).html) == (
                Permission.audit_read in ROLE_PERMISSIONS[role]
            )
    assert surprises == []


async def test_the_log_is_searched_by_person_action_subject_and_day(
    api: Api, world: World, database: Database
) -> None:
    request = await world.a_request()
    other = await world.a_request(await world.a_person(Role.requester))
    await seal_all(world, database)
    async with browser_of(api, world, await world.an_auditor()) as browser:
        page = await browser.get(f"/audit-log?subject={request.request.number}")
        assert page.wrong == []
        assert "request.submitted" in page.words
        assert str(other.request.id) not in page.html
        assert (await browser.get("/audit-log?subject=REQ-0")).html.count("<tr>") == 0
        by = await browser.get(
            f"/audit-log?person={(await world.a_requester()).name}&action=request.submitted"
        )
        assert by.html.count("<code>request.submitted</code>") == by.html.count("</details>") > 0
        assert str(other.request.id) not in by.html
        assert "</details>" not in (await browser.get("/audit-log?until=2020-01-01")).html
        wrong = await browser.get("/audit-log?from=yesterday&person=x")
        assert (wrong.status, "aria-invalid" in wrong.html) == (422, True)
        assert 'value="yesterday"' in wrong.html
        named = await browser.get("/audit-log?person=<script>alert(1)</script>")
        assert "<script>alert" not in named.html


async def test_a_search_goes_through_the_log_piece_by_piece(
    api: Api, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.audit.queries.SEARCHED_AT_ONCE", 5)
    first = await world.a_request()
    for _ in range(4):
        await world.a_request()
    size = await seal_all(world, database)
    auditor = api.as_(await world.an_auditor())
    seen, before, rounds = list[int](), None, 0
    while True:
        query = {"action": "request.created"} | ({"before": before} if before else {})
        found = await auditor.call(e.search_events, query=query)
        seen += [each.position or 0 for each in found.items]
        rounds += 1
        if found.next_before is None:
            break
        before = found.next_before
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 5
    assert rounds >= size // 5
    assert first.request.number


async def test_a_head_that_was_kept_is_verified_again(api: Api, world: World, database: Database) -> None:
    await world.a_request()
    await seal_all(world, database)
    async with browser_of(api, world, await world.an_auditor()) as browser:
        page = await browser.get("/audit-log/verify?run=yes")
        assert "The log is intact" in page.words
        head = next(each for each in page.reader.words if ":" in each and len(each.strip()) > 64).strip()
        assert "The log is intact" in (await browser.get(f"/audit-log/verify?run=yes&after={head}")).words
        forged = f"{head.partition(':')[0]}:{'a' * 64}"
        assert "The log is broken" in (await browser.get(f"/audit-log/verify?run=yes&after={forged}")).words
        wrong = await browser.get("/audit-log/verify?run=yes&after=7")
        assert (wrong.status, "aria-invalid" in wrong.html) == (422, True)


async def test_a_bundle_proves_its_events_without_us(api: Api, world: World, database: Database) -> None:
    request = await world.a_request()
    await world.an_rfq(request)
    size = await seal_all(world, database)
    async with browser_of(api, world, await world.an_auditor()) as browser:
        answer = await browser.client.get(f"/audit-log/bundles/{request.request.id}")
    assert "attachment" in answer.headers["content-disposition"]
    found = BundleOut.model_validate_json(answer.content)
    assert found.checkpoint is not None
    assert found.checkpoint.size == size
    assert len(found.events) > 2
    for each in found.events:
        digest = hashlib.sha256(each.canonical.encode()).digest()
        assert digest.hex() == each.event.digest
        place, path = (each.event.position or 0) - 1, [bytes.fromhex(step) for step in each.proof]
        root = root_of_proof(leaf_hash(digest), place, size, path)
        assert root is not None
        assert root.hex() == found.checkpoint.root


def test_every_leaf_of_every_small_tree_is_proven_and_no_other() -> None:
    for size in range(1, 34):
        digests = [bytes([each]) * 32 for each in range(size)]
        tree = WitnessedTree(range(size))
        tree.extend(digests)
        root, proofs = tree.root(), tree.proofs()
        for index, digest in enumerate(digests):
            hashed = leaf_hash(digest)
            assert root_of_proof(hashed, index, size, proofs[index]) == root
            assert root_of_proof(hashed, index, size, [*proofs[index], root]) != root
            assert root_of_proof(hashed, (index + 1) % size, size, proofs[index]) != root or size == 1
            assert root_of_proof(leaf_hash(b"x"), index, size, proofs[index]) != root
    assert root_of_proof(b"", 3, 3, []) is None
