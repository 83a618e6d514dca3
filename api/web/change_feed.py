"""What changed, for the pages that are open in this process: one look at the log for all of them.

One rule: a page is only told to look again. What it then sees is decided by its own request, with its reader's rights.

While no page is open, nothing is looked at. Several of these processes need not know of each other.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from api.web.change_marks import ChangeMarks
from core.db.connection import DATABASE_ERRORS, Connection
from core.db.engine import Engine
from core.kernel.clock import Clock
from core.worklist import changes
from core.worklist.changes import Change

log = structlog.get_logger()

LOOK_SECONDS = 0.25
"""How long a change waits at most until the pages hear of it."""
AGAIN_MS = 500
LATER_MS = 15_000
"""After what time a stream comes again: one that ended, and one that gave way to a newer."""
MOST_OF_PERSON = 4
"""Open streams of one person: a browser has six connections to a server, and needs some of them for pages."""


@dataclass(eq=False)
class OpenPage:
    """One page that is open somewhere: whose it is, and the purchase that it shows (none: all of its reader's)."""

    person_id: UUID
    vendor_id: UUID | None
    request_id: UUID | None
    position: int
    """Where the log stood when something last changed for it."""
    told: int
    """Where the log stood when its browser was last told; what lies between is still to be said."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    back_ms: int | None = None
    """The stream is to end, and may come again after so long."""

    @property
    def has_news(self) -> bool:
        return self.position > self.told

    def tell(self, position: int) -> None:
        self.position = max(self.position, position)
        self.news.set()

    def end(self, back_ms: int) -> None:
        self.back_ms = back_ms
        self.news.set()

    def may_hear(self, change: Change) -> bool:
        """A vendor's contact hears of nothing that is not the vendor's, not even that something happened."""
        return self.vendor_id is None or self.vendor_id in change.vendors


class ChangeFeed:
    """Follows the log by position and tells the open pages."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._pages: dict[UUID, list[OpenPage]] = {}
        self._opened = asyncio.Event()
        self._stopping = False
        self.marks = ChangeMarks()
        self.position = 0
        """How far the log was read; it stands still while no page is open."""

    def __len__(self) -> int:
        return sum(len(each) for each in self._pages.values())

    async def open(
        self, person_id: UUID, vendor_id: UUID | None, request_id: UUID | None, seen: int | None
    ) -> OpenPage:
        """From now on this page is told; one that has missed something is told at once.

        Of a person's pages the oldest gives way.
        """
        now = await self.standing()
        since = now if seen is None else min(seen, now)
        page = OpenPage(person_id, vendor_id, request_id, since, since)
        if since < now:
            page.tell(now)
        mine = self._pages.setdefault(person_id, [])
        mine.append(page)
        for oldest in mine[:-MOST_OF_PERSON]:
            oldest.end(LATER_MS)
        if self._stopping:
            page.end(AGAIN_MS)
        self._opened.set()
        return page

    async def standing(self) -> int:
        """A position that the log has passed by now; whatever is read afterwards is at least as new."""
        if not self._pages:
            try:
                await self._go_to_newest()
            except (*DATABASE_ERRORS, TimeoutError) as error:
                _say_unread(error)
        return self.position

    def mark(self, page: OpenPage) -> str:
        """How far its reader was told, so that the stream goes on from there when it comes again."""
        return self.marks.of(page.vendor_id, page.told)

    def close(self, page: OpenPage) -> None:
        mine = self._pages.get(page.person_id, [])
        if page in mine:
            mine.remove(page)
        if not mine:
            self._pages.pop(page.person_id, None)
        if not self._pages:
            self._opened.clear()

    def stop(self) -> None:
        """The process ends: so do the streams, which would keep it alive. Also safe in a signal's handler."""
        self._stopping = True

    async def run(self) -> None:
        """Until cancelled: wait for an open page, then look at the log again and again."""
        while True:
            await self._opened.wait()
            if self._stopping:
                self._end(self._pages)
            try:
                await self._look()
            except (*DATABASE_ERRORS, TimeoutError) as error:
                _say_unread(error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _go_to_newest(self) -> None:
        """A page that was opened meanwhile is told of everything from its own position on."""
        async with self._engine.autocommit() as connection:
            newest = await changes.newest(connection)
        if not self._pages:
            self.position = max(self.position, newest)

    async def _look(self) -> None:
        """What could not be read through is read again: the position moves in one step with the telling."""
        async with self._engine.autocommit() as connection:
            found = await changes.after(connection, self.position)
            if not found:
                return
            changed = {each.person for each in found if each.person is not None}
            self._end(changed)
            concerned = await self._concerned(connection, found)
        self.position = max(self.position, found[-1].position)
        self._end(changed)
        for change in found:
            for page in self._pages_of(change, concerned):
                page.tell(change.position)

    async def _concerned(
        self, connection: Connection, found: Collection[Change]
    ) -> Mapping[UUID, frozenset[UUID]]:
        """Whom the purchases concern; not asked while only pages of single purchases are open."""
        if all(page.request_id is not None for mine in self._pages.values() for page in mine):
            return {}
        request_ids = {each.request_id for each in found if each.request_id is not None}
        return await changes.people_of(connection, request_ids, self._clock)

    def _pages_of(self, change: Change, concerned: Mapping[UUID, frozenset[UUID]]) -> list[OpenPage]:
        asked = (
            concerned.get(change.request_id, frozenset()) if change.request_id is not None else frozenset()
        )
        return [
            page
            for person_id, mine in self._pages.items()
            for page in mine
            if page.may_hear(change)
            and (
                page.request_id == change.request_id
                if page.request_id is not None
                else person_id in asked or person_id == change.actor
            )
        ]

    def _end(self, person_ids: Collection[UUID]) -> None:
        """Whoever's rights have changed has to show again who they are."""
        for person_id in set(person_ids) & set(self._pages):
            for page in self._pages[person_id]:
                page.end(AGAIN_MS)


def _say_unread(error: Exception) -> None:
    """The position stays where it was, and everything behind it is read with the next look."""
    log.warning("changes.unread", why=type(error).__name__)
