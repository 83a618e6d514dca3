"""The stream that makes an open page look again, and the script that listens to it.

One rule: an event of the stream is empty. The page then asks for itself anew, and gets what its reader may see now.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from api.web.change_feed import AGAIN_MS, ChangeFeed, OpenPage
from api.web.room import get, same_for_all
from api.web.templating import SCRIPT, kept_file, script
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.kernel.errors import NotFound, Unauthenticated
from core.kernel.ids import RequestId
from core.purchases import request_queries
from core.uow import Uow

PING_SECONDS = 15.0
PAUSE_SECONDS = 0.5
"""Between two events of one stream, so that a burst of changes is one look."""
HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


async def changes(visitor: Visitor) -> Response:
    """Events until the token ends; ``of`` is the purchase that the page shows."""
    if visitor.actor.person_id is None:
        raise Unauthenticated()
    request_id = await _shown(visitor, visitor.request.query_params.get("of", ""))
    feed: ChangeFeed = visitor.request.app.state.changes
    told = visitor.request.headers.get("last-event-id") or visitor.request.query_params.get("after", "")
    person_id, vendor_id = visitor.actor.person_id, visitor.actor.vendor_id
    open_page = partial(feed.open, person_id, vendor_id, request_id, feed.marks.position(vendor_id, told))
    lines = events(feed, open_page, visitor.token_seconds)
    return StreamingResponse(lines, media_type="text/event-stream", headers=HEADERS)


async def log_mark(visitor: Visitor) -> str:
    """Where the log stands, for a page that is about to be read; the answer to a form stands still and has none.

    A change between the two is then told to the page, and not taken for one that it shows already.
    """
    feed: ChangeFeed = visitor.request.app.state.changes
    if visitor.request.method != "GET":
        return ""
    return feed.marks.of(visitor.actor.vendor_id, await feed.standing())


def stream_from(mark: str, request_id: UUID | None = None) -> str:
    """Where the page hears of what changed since, of this purchase or of all that is its reader's."""
    query = {"after": mark} | ({"of": str(request_id)} if request_id is not None else {})
    return f"/changes?{urlencode(query)}" if mark else ""


async def _shown(visitor: Visitor, of: str) -> UUID | None:
    """The purchase, if this person may see it; the session is checked in any case."""
    if not of:
        await visitor.read("accounts", _anything)
        return None
    try:
        request_id = RequestId(UUID(of))
    except ValueError as error:
        raise NotFound(what="request") from error

    async def work(uow: Uow, actor: Actor) -> None:
        await request_queries.show(uow, actor, request_id)

    await visitor.read("requests", work)
    return request_id


async def _anything(uow: Uow, actor: Actor) -> None:
    """Opening the call has checked the session."""


async def events(
    feed: ChangeFeed,
    open_page: Callable[[], Awaitable[OpenPage]],
    seconds: float,
    ping: float = PING_SECONDS,
) -> AsyncIterator[str]:
    """The lines of the stream; it ends with the token, when it gave way, or when the process ends.

    The page is open from the first line on: a browser that is gone before it leaves nothing behind.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    page = await open_page()
    try:
        yield _event("opened", feed.mark(page), retry=AGAIN_MS)
        while (left := until - loop.time()) > 0:
            try:
                await asyncio.wait_for(page.news.wait(), min(ping, left))
            except TimeoutError:
                yield ": ping\n\n"
                continue
            page.news.clear()
            if page.has_news:
                page.told = page.position
                yield _event("news", feed.mark(page))
            if page.back_ms is not None:
                yield _event("ended", feed.mark(page), retry=page.back_ms)
                return
            await asyncio.sleep(PAUSE_SECONDS)
    finally:
        feed.close(page)


def _event(name: str, mark: str, *, retry: int | None = None) -> str:
    again = f"retry: {retry}\n" if retry is not None else ""
    return f"id: {mark}\nevent: {name}\n{again}data: {{}}\n\n"


async def page_script(visitor: Visitor) -> Response:
    """The script that npm has brought, under the hash of its content."""
    found = script(visitor.request.app)
    if found is None or found[0] != visitor.request.path_params["mark"]:
        raise NotFound(what="path")
    return kept_file(visitor, SCRIPT, found[1])


ROUTES = (
    get("/changes", changes),
    same_for_all(f"/scripts/{{mark}}/{SCRIPT}", page_script),
)
