"""The demo people's chat accounts: linked where the sandbox plays the platform, and nowhere else.

One rule: on a real platform the demo's ids are strangers', so there no demo person has a link.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select

from core.access.actor import Actor, ActorKind, Channel
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink, RevokeLink, UseLink
from core.accounts.tables import chat_identities, link_codes
from core.db.connection import Connection, Row
from core.kernel.clock import FixedClock
from core.kernel.ids import LinkId, PersonId
from core.people import repo as people_repo
from core.people.tables import people
from stack.demo import company
from stack.demo.demo_history import DemoHistory

PLATFORMS = ("telegram", "slack")
FOUNDER = Actor(ActorKind.service, "demo", "demo", frozenset({Role.admin}), channel=Channel.seed)
_BOT = Actor.service(Role.service_bot)
_C, _L, _P = chat_identities.c, link_codes.c, people.c


def external_id(platform: str, number: int) -> str:
    """A demo person's id on a platform that the sandbox plays."""
    return str(number) if platform == "telegram" else f"{company.TEAM}:U{number}"


def accounts() -> list[tuple[str, str, int]]:
    """Key, name and number of everybody in the demo: staff by their key, contacts by their vendor's name."""
    staff = [(each.key, each.name, each.telegram) for each in company.PEOPLE]
    return staff + [(each.name, each.contact, each.telegram) for each in company.VENDORS]


async def link_accounts(history: DemoHistory, played: Collection[str]) -> None:
    """Link everybody on the platforms that the sandbox plays, each by a code of their own."""
    for platform in played:
        for key, name, number in accounts():
            await _link(
                history, history.actors[key], UseLink("", platform, external_id(platform, number), name)
            )


async def _link(history: DemoHistory, person: Actor, account: UseLink) -> None:
    code = await history.run(person, links.make_link, MakeLink(None))
    await history.run(
        _BOT,
        links.confirm_link,
        UseLink(code.code, account.platform, account.external_id, account.display_name),
    )


async def correct_links(connection: Connection, played: Collection[str], now: dt.datetime) -> int:
    """Of a demo that is there already: end the links on real platforms, make missing ones in the sandbox.

    Returns how many were ended.
    """
    history = DemoHistory(connection, FixedClock(now))
    strangers = [row for row in await _linked(connection) if row.platform not in played]
    for row in strangers:
        await history.run(FOUNDER, links.revoke_link, RevokeLink(LinkId(row.link_id)))
    taken = {(row.platform, row.external_id) for row in await _live(connection)}
    by_email = {each.email: (each.name, each.telegram) for each in company.PEOPLE}
    by_email |= {each.email: (each.contact, each.telegram) for each in company.VENDORS}
    for row in await connection.execute(select(_P.id, _P.email).where(_P.email.in_(by_email), _P.active)):
        person = await people_repo.actor_of(connection, PersonId(row.id))
        name, number = by_email[row.email]
        for platform in played:
            account = UseLink("", platform, external_id(platform, number), name)
            if person is not None and (platform, account.external_id) not in taken:
                await _link(history, person, account)
    return len(strangers)


async def _linked(connection: Connection) -> list[Row]:
    """The live links to the demo's own ids, each with the code that made it."""
    ids = [external_id(platform, number) for platform in PLATFORMS for _, _, number in accounts()]
    emails = [each.email for each in (*company.PEOPLE, *company.VENDORS)]
    found = await connection.execute(
        select(_C.platform, _C.external_id, _L.id.label("link_id"))
        .select_from(
            chat_identities.join(link_codes, _L.identity_id == _C.id).join(people, _P.id == _C.person_id)
        )
        .where(_C.unlinked_at.is_(None), _C.external_id.in_(ids), _P.email.in_(emails))
        .where(_L.revoked_at.is_(None))
    )
    return list(found)


async def _live(connection: Connection) -> list[Row]:
    found = select(_C.platform, _C.external_id).where(_C.unlinked_at.is_(None))
    return list(await connection.execute(found))
