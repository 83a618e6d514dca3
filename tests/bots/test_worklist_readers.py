"""Whoever says what waits for a person says the same, in every state of a purchase.

Compared for everybody at every stop of the walk: the worklist by purchase and by person, the digest, the list behind
/approvals, Slack's home tab, and the cards that should be there.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from api.contract import endpoints as e
from api.contract.digest import WaitingOut
from api.contract.people import LinkPreviewIn
from bots.cards.digest import OPEN_OPS
from bots.cards.drawing import CardKind
from bots.cards.press import Op, unpack
from bots.client.api import ApiClient
from bots.dialog.context import UnlinkedContext
from bots.dialog.origin import Origin
from bots.dialog.responder import RetryingResponder
from bots.slack import home_tab
from bots.slack.views import View
from core.access.actor import Actor
from core.access.roles import Role
from core.people.model import Person
from core.people.tables import people
from core.purchases import repo as purchase_repo
from core.worklist import queries
from core.worklist.model import WorkItem, WorkKind
from tests.bots.slack_env import TEAM, SlackEnv
from tests.support.api import BOT_KEY
from tests.support.purchase_walk import Stop, walk
from tests.support.schedule_ticks import runtime_at
from tests.support.world import World
from workers import purchases
from workers.purchases import CARDS, CardAssignment

SYSTEM = Actor.system(Role.system_cards)
FOLLOWED = frozenset({CardKind.comparison, CardKind.order})
"""Cards that somebody keeps though others have something to do."""
ids = itertools.count(70_001)
Told = frozenset[tuple[str, UUID]]
"""What is to be done, and what it opens."""


@dataclass(frozen=True)
class Reader:
    """A person as they are now, and their chat account."""

    person: Person
    unlinked: UnlinkedContext


class Readers:
    """Everybody, each linked to a Slack account when they are first met."""

    def __init__(self, slack: SlackEnv, world: World) -> None:
        self._slack, self._world = slack, world
        self._client = ApiClient(slack.api_url, BOT_KEY, slack.http)
        self._known: dict[UUID, UnlinkedContext] = {}

    async def all(self) -> list[Reader]:
        async with self._world.engine.connect() as connection:
            found = await connection.scalars(select(people.c.id).where(people.c.active))
        return [await self._now(await self._world.person(person_id)) for person_id in found]

    async def _now(self, person: Person) -> Reader:
        """The person as they are now; a change of their roles ends what they had."""
        if person.id not in self._known:
            self._known[person.id] = await self._meet(person)
        unlinked = self._known[person.id]
        self._client.forget("slack", unlinked.origin.external_id)
        return Reader(person, unlinked)

    async def _meet(self, person: Person) -> UnlinkedContext:
        account = f"{TEAM}:U{next(ids)}"
        body = LinkPreviewIn(
            code=await self._slack.code(person),
            platform="slack",
            external_id=account,
            display_name=person.name,
        )
        await self._slack.api.as_bot().call(e.confirm_link, body, key=f"readers:{account}")
        return UnlinkedContext(
            client=self._client,
            responder=RetryingResponder(self._slack.outbound, account),
            origin=Origin("slack", account, "", account),
            key_prefix="sl:readers",
            update_key=f"sl:readers:{account}",
            locale="en",
            account_name=person.name,
        )


async def test_all_readers_agree_in_every_state_of_a_purchase(slack: SlackEnv, world: World) -> None:
    readers, stops, before = Readers(slack, world), 0, frozenset[UUID]()
    async for stop in walk(world):
        found = await of_purchase(world, stop)
        assert {(item.kind, item.person_id) for item in found} == stop.waits, stop.name
        concerned = frozenset(item.person_id for item in found)
        for reader in await readers.all():
            where = (stop.name, reader.person.name)
            mine = told(item for item in found if item.person_id == reader.person.id)
            waiting = await what_waits(slack, reader)
            assert listed(waiting, stop) == mine, where
            decisions = {subject for kind, subject in mine if kind == WorkKind.decide}
            assert await what_approvals_lists(slack, reader, stop) == decisions, where
            if reader.person.id in concerned | before:
                check_home(await home_tab.build(await reader.unlinked.to_context()), waiting)
        before = concerned
        await check_cards(world, stop, found)
        stops += 1
    assert stops >= 30


async def of_purchase(world: World, stop: Stop) -> list[WorkItem]:
    async with runtime_at(world) as runtime, world.engine.begin() as connection:
        return list(await queries.of_purchase(runtime.uow(connection, SYSTEM), stop.request_id))


def told(items: Iterable[WorkItem]) -> Told:
    return frozenset((item.kind.value, item.subject_id) for item in items)


async def what_waits(slack: SlackEnv, reader: Reader) -> tuple[WaitingOut, ...]:
    """The reader's worklist, after checking that their digest says the same."""
    api = slack.api.as_(reader.person)
    worklist = await api.call(e.my_worklist, query={"limit": "200"})
    digest = await api.call(e.my_digest)
    assert (worklist.total, worklist.first) == (len(worklist.items), 1 if worklist.items else 0)
    assert (digest.waits, digest.waiting) == (worklist.total, worklist.items)
    return worklist.items


def listed(items: Iterable[WaitingOut], stop: Stop) -> Told:
    return frozenset(
        (item.task.value, item.subject_id) for item in items if item.request_id == stop.request_id
    )


def check_home(view: View, waiting: tuple[WaitingOut, ...]) -> None:
    """The home tab opens all that waits, and no approval or order that does not; own requests stand below."""
    wanted = {(OPEN_OPS[item.task], item.subject_id) for item in waiting}
    opened = opened_by(view)
    assert wanted <= opened
    assert {each for each in opened - wanted if each[0] in (Op.open_approval, Op.open_order)} == set()


def opened_by(view: Mapping[str, Any]) -> set[tuple[Op, UUID]]:
    """Everything that a button of this page opens."""
    pressed = [
        unpack(element.get("value"))
        for block in view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    return {(press.op, press.id) for press in pressed if press is not None}


async def what_approvals_lists(slack: SlackEnv, reader: Reader, stop: Stop) -> set[UUID]:
    """What of this purchase stands behind /approvals; a vendor may not even ask."""
    if reader.person.vendor_id is not None:
        return set()
    query = {"mine": "true", "counted": "true", "limit": "200"}
    page = await slack.api.as_(reader.person).call(e.list_approvals, query=query)
    assert page.total == len(page.items)
    assert all(item.may_decide for item in page.items)
    return {item.id for item in page.items if item.request_id == stop.request_id}


async def check_cards(world: World, stop: Stop, found: list[WorkItem]) -> None:
    """Everybody who has something to do has the card for it, and nobody else has one to act on."""
    async with runtime_at(world) as runtime, world.engine.begin() as connection:
        uow = runtime.uow(connection, SYSTEM)
        purchase = await purchase_repo.load(uow, stop.request_id)
        assert purchase is not None
        waiting = await queries.of_purchase(uow, stop.request_id)
        assigned = set(purchases.card_assignments(purchase, waiting))
    wanted = {
        CardAssignment(item.person_id, CARDS[item.kind], item.subject_kind, item.subject_id)
        for item in found
        if item.kind is not WorkKind.answer
    }
    assert wanted <= assigned, stop.name
    assert {assignment.card for assignment in assigned - wanted} <= FOLLOWED, stop.name
