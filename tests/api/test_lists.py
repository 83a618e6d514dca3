"""Lists: pages without gaps or doubles, filters, the log and what bots keep."""

from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from api.server.signing_keys import add_key
from core.db.engine import make_engine
from core.log.seal import Subscriptions, seal
from tests.support.api import Api, ProblemError, start
from tests.support.postgres import Database
from tests.support.world import World


async def test_pages_have_no_gap_and_no_double_even_while_rows_are_added(api: Api, world: World) -> None:
    requester = await world.a_requester()
    made = [str((await world.a_request(requester)).request.id) for _ in range(7)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "3", "mine": "true", **({"cursor": cursor} if cursor else {})}
        page = await api.as_(requester).call(e.list_requests, query=query)
        seen += [str(item.id) for item in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
        await world.a_request(requester)
    assert seen == list(reversed(made))


async def test_filters_narrow_a_list(api: Api, world: World) -> None:
    requester = await world.a_requester()
    draft = await world.a_request(requester, submit=False)
    await world.a_request(requester)
    page = await api.as_(requester).call(e.list_requests, query={"state": "draft"})
    assert [item.id for item in page.items] == [draft.request.id]
    officers = await api.as_(await world.an_officer()).call(e.list_requests)
    assert draft.request.id not in {item.id for item in officers.items}


async def test_vendors_are_found_by_a_part_of_their_name(api: Api, world: World) -> None:
    vendor, _ = await world.a_vendor()
    await world.a_vendor()
    caller = api.as_(await world.an_officer())
    found = await caller.call(e.list_vendors, query={"q": vendor.name[-3:]})
    assert vendor.id in {item.id for item in found.items}
    assert (await caller.call(e.list_vendors, query={"q": "%"})).items == ()


async def test_staff_are_found_by_name_address_and_role(api: Api, world: World) -> None:
    manager, requester = await world.a_manager(), await world.a_requester()
    _, contact = await world.a_vendor()
    admin = api.as_(await world.an_admin())
    everybody = {item.id: item for item in (await admin.call(e.list_people)).items}
    assert contact.id not in everybody
    assert everybody[manager.id].roles == ("manager",)
    assert everybody[manager.id].chats == ()
    by_role = (await admin.call(e.list_people, query={"role": "manager"})).items
    assert manager.id in {item.id for item in by_role}
    assert requester.id not in {item.id for item in by_role}
    by_name = (await admin.call(e.list_people, query={"q": requester.name.upper()})).items
    assert requester.id in {item.id for item in by_name}
    by_email = (await admin.call(e.list_people, query={"q": str(requester.email)})).items
    assert [item.id for item in by_email] == [requester.id]
    assert (await admin.call(e.list_people, query={"q": "%"})).items == ()


async def test_vendors_who_quoted_for_the_like_are_suggested_first(api: Api, world: World) -> None:
    never_asked, _ = await world.a_vendor()
    proven, contact = await world.a_vendor()
    await world.a_quote(await world.an_rfq(to=[proven]), contact)
    request = (await world.a_request()).request
    caller = api.as_(await world.an_officer())
    found = await caller.call(e.suggest_vendors, path={"id": request.id})
    assert found.items[0].id == proven.id
    assert never_asked.id in {item.id for item in found.items}


async def test_the_log_is_read_in_its_order_and_verified(api: Api, world: World, database: Database) -> None:
    request = (await world.a_request()).request
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
    await sealer.dispose()
    auditor = api.as_(await world.an_auditor())
    own = await auditor.call(e.list_events, query={"subject_id": str(request.id)})
    assert [item.action for item in own.items] == ["request.created", "request.submitted"]
    assert own.items[0].actor_name == (await world.a_requester()).name
    first = await auditor.call(e.list_events, query={"limit": "2"})
    rest = await auditor.call(e.list_events, query={"cursor": first.next_cursor or "", "limit": "200"})
    after = await auditor.call(e.list_events, query={"after": "2", "limit": "200"})
    assert [item.position for item in first.items] == [1, 2]
    assert rest.items == after.items
    verdict = await auditor.call(e.verify_log)
    assert (verdict.ok, verdict.problem) == (True, None)
    assert verdict.events == (after.items[-1].position or 0)


async def test_a_changed_event_is_found(api: Api, world: World, database: Database) -> None:
    await world.a_request()
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
    await sealer.dispose()
    admin = make_engine(database.admin_url, size=1)
    async with admin.begin() as connection:
        await connection.execute(text("SET session_replication_role = replica"))
        await connection.execute(text("UPDATE audit_events SET actor = 'nobody' WHERE position = 2"))
    await admin.dispose()
    verdict = await api.as_(await world.an_auditor()).call(e.verify_log)
    assert (verdict.ok, verdict.first_bad_position) == (False, 2)


async def test_a_draft_is_written_over_the_version_that_was_read(api: Api, world: World) -> None:
    bot = api.as_bot()
    where = {"platform": "telegram", "chat_id": "1", "thread_id": "", "external_id": "1001"}
    form = {**where, "form": "request", "step": "lines", "values": {"lines": ["x"]}}
    assert (await bot.call(e.save_draft, {**form, "version": 0})).version == 1
    assert (await bot.call(e.save_draft, {**form, "step": "date", "version": 1})).version == 2
    with pytest.raises(ProblemError, match=r"409 drafts\.stale"):
        await bot.call(e.save_draft, {**form, "version": 1})
    assert (await bot.call(e.draft, query=where)).step == "date"
    await bot.call(e.delete_draft, query=where)
    with pytest.raises(ProblemError, match="404"):
        await bot.call(e.draft, query=where)


async def test_an_unknown_delivery_cannot_be_replayed(api: Api, world: World) -> None:
    with pytest.raises(ProblemError, match="404"):
        await api.as_(await world.an_admin()).call(e.replay_delivery, path={"id": uuid4()})


async def test_a_new_key_signs_and_the_old_one_still_opens(
    database: Database, world: World, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        before = await start(database, tmp_path, stack)
        token = before.tokens.for_person(await world.a_requester())
        add_key(tmp_path / "keys")
        after = await start(database, tmp_path, stack)
        assert len((await after.send("GET", "/.well-known/jwks.json")).json()["keys"]) == 2
        assert (await after.with_token(token).send("GET", "/me")).status_code == 200
        fresh = after.tokens.for_person(await world.a_requester())
        assert (await after.with_token(fresh).send("GET", "/me")).status_code == 200
        assert (await before.with_token(fresh).send("GET", "/me")).status_code == 200  # without a restart


async def test_what_was_typed_is_read_under_the_readers_rights(api: Api, world: World) -> None:
    requester = api.as_(await world.a_requester())
    read = await requester.call(e.parse_request, {"text": "3x laptop @1200 for IT", "locale": "en"})
    assert read.understood["lines"][0]["quantity"] == "3"  # type: ignore[index]
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    typed = {"text": "1: 1180 10d", "rfq_id": str(rfq.id)}
    answer = await api.as_(contact).call(e.parse_quote, typed)
    assert answer.understood["lines"][0]["rfq_line_id"] == str(rfq.lines[0].id)  # type: ignore[index]
    _, other = await world.a_vendor()
    with pytest.raises(ProblemError, match="404"):
        await api.as_(other).call(e.parse_quote, typed)
