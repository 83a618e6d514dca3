"""A purchase's page: photos of what arrived, the whole history page by page, and which events are proven."""

import struct
import zlib

import pytest
from sqlalchemy import insert, update

from api.web import purchase_page
from core.comments import service as comments
from core.comments.commands import AddComment
from core.db.engine import make_engine
from core.kernel.clock import SystemClock
from core.log.tables import audit_events, checkpoints
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import browser_of
from tests.web.test_live import sealed


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + _chunk(b"IEND", b"")
)


async def test_events_are_verified_up_to_the_signed_checkpoint(
    api: Api, world: World, database: Database
) -> None:
    request = await world.a_request()
    requester = await world.person(request.request.requested_by)
    await sealed(database)
    owner = make_engine(database.admin_url, size=1, name="owner")
    async with owner.begin() as connection:
        size = await connection.scalar(
            audit_events.select()
            .with_only_columns(audit_events.c.position)
            .where(audit_events.c.request_id == request.request.id)
            .order_by(audit_events.c.position.desc())
            .limit(1)
        )
        await connection.execute(
            insert(checkpoints).values(
                size=size, root=bytes(32), chain=bytes(32), note="parley", made_at=SystemClock().now()
            )
        )
    await world.act(requester, comments.add_comment, AddComment(request.request.id, "later"))
    await sealed(database)
    async with browser_of(api, world, requester) as browser:
        page = await browser.get(f"/purchases/{request.request.number}")
        assert f"event {size}, verified" in page.words
        assert f"event {size + 1}, verified" not in page.words
        assert f"signed checkpoint of {size} events" in page.words
        async with owner.begin() as connection:
            await connection.script("SET session_replication_role = replica")
            await connection.execute(
                update(audit_events).where(audit_events.c.position == size).values(canonical="{}")
            )
        changed = await browser.get(f"/purchases/{request.request.number}")
        assert f"event {size}, verified" not in changed.words
    await owner.dispose()


async def test_a_long_history_is_read_page_by_page(
    api: Api, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purchase_page, "MOST_EVENTS", 2)
    request = await world.a_request()
    requester = await world.person(request.request.requested_by)
    for number in range(3):
        await world.act(requester, comments.add_comment, AddComment(request.request.id, f"remark {number}"))
    await sealed(database)
    found: list[int] = []
    async with browser_of(api, world, requester) as browser:
        path = f"/purchases/{request.request.number}"
        while path and len(found) < 20:
            page = await browser.get(path)
            times = [given for tag, given in page.reader.tags if tag == "time"]
            found.append(len(times))
            links = [str(given.get("href")) for tag, given in page.reader.tags if tag == "a"]
            path = next((each.partition("#")[0] for each in links if each.endswith("#log")), "")
    assert sum(found) == len(await world.events_of(request.request.id))
    assert found[0] == 2


async def test_photos_of_what_arrived_are_shown(api: Api, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    requester = await world.a_requester()
    made = await api.as_(requester).send("POST", "/documents", files={"file": ("box.png", PNG)})
    assert made.status_code == 201, made.text
    line = {"line_id": str(order.order.lines[0].id), "accepted": "1", "rejected": "0"}
    body = {"expected_version": order.order.version, "lines": [line], "document_ids": [made.json()["id"]]}
    answer = await api.as_(requester).send("POST", f"/purchase-orders/{order.order.id}/receipts", json=body)
    assert answer.status_code < 300, answer.text
    async with browser_of(api, world, requester) as browser:
        page = await browser.get(f"/purchases/{order.request_number}")
        image = next(
            given for tag, given in page.reader.tags if tag == "img" and given.get("alt") == "box.png"
        )
        shown = await browser.client.get(str(image["src"]))
        assert shown.content == PNG
        assert shown.headers["content-type"] == "image/png"
        assert page.wrong == []
