"""The mails of a world: what the worker's subscriber sends, kept here instead of sent.

mails = await mailbox.collect()       send what is due, and give what is new
mailbox.newest(person).link           the address in somebody's last mail
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import cast

from pydantic import SecretStr
from sqlalchemy import select

from bots.cards.sending import Outbound
from core.log.stored import read_event
from core.log.tables import audit_events
from core.people.model import Person
from tests.support.postgres import Database
from tests.support.world import World
from workers.mails.mail_sender import MailNotTaken
from workers.outcome import DeliveryFailed
from workers.runtime import Runtime, make_runtime
from workers.settings import WorkerSettings
from workers.subscribers import send_mails


@dataclass(frozen=True)
class ReceivedMail:
    to: str
    subject: str
    text: str
    message: EmailMessage

    @property
    def link(self) -> str:
        """The path of the link in the mail; empty without one."""
        found = re.search(r"http://\S+?(/portal/link/\S+)", self.text)
        return found[1] if found else ""

    @property
    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.text)
        assert found is not None, self.text
        return found[0]


class SilentChat:
    """A chat platform that takes every text and shows it to nobody."""

    async def text(self, chat_id: str, text: str, *, silent: bool, reply_to: str = "") -> str:
        return "1"

    async def close(self) -> None:
        pass


class Mailbox:
    """Takes mails as a server does; ``broken``: it takes none for now."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.received: list[ReceivedMail] = []
        self.broken = False
        self.runtime: Runtime

    async def send(self, message: EmailMessage) -> None:
        if self.broken:
            raise MailNotTaken("no room")
        text = message.get_content()
        self.received.append(ReceivedMail(str(message["To"]), str(message["Subject"]), text, message))

    def with_chat(self, platform: str) -> Runtime:
        """The same worker, which sends to a chat platform too; nothing arrives there."""
        return replace(self.runtime, chats={platform: cast("Outbound", SilentChat())})

    async def collect(self) -> list[ReceivedMail]:
        """Run the subscriber for every event of its kinds, as often as this is called; the new mails."""
        before, event = len(self.received), audit_events.c
        types = {kind.type for kind in send_mails.SUBSCRIBES_TO}
        runtime = replace(self.runtime, clock=self.world.clock)
        async with self.world.engine.connect() as connection:
            ids = list(
                await connection.scalars(select(event.id).where(event.type.in_(types)).order_by(event.seq))
            )
            stored = [await read_event(connection, each) for each in ids]
        for each in stored:
            try:
                await send_mails.run(runtime, each.decode(), each)
            except DeliveryFailed:
                if not self.broken:
                    raise
        return self.received[before:]

    def newest(self, person: Person) -> ReceivedMail:
        return next(each for each in reversed(self.received) if each.to == person.email)


@asynccontextmanager
async def mailbox_of(world: World, database: Database) -> AsyncIterator[Mailbox]:
    """A worker that sends into this mailbox."""
    defaults = {name: item.default for name, item in WorkerSettings.model_fields.items()}
    settings = WorkerSettings.model_construct(
        **{**defaults, "app_url": SecretStr(database.app_url), "api_url": "http://parley.test"}
    )
    mailbox = Mailbox(world)
    runtime = make_runtime(settings)
    mailbox.runtime = replace(runtime, mail=mailbox)
    yield mailbox
    await runtime.close()
