"""What a notice is: one sentence from the catalogue, its facts, and the people who receive it."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from api.text import countdown, translate
from api.text import moment as format_moment
from core.log.stored import StoredEvent
from core.people import directory
from core.uow import Uow


@dataclass(frozen=True)
class NoticeMessage:
    """One sentence by key with its facts; moments and spans are formatted for each reader."""

    key: str
    facts: Mapping[str, object]
    moments: Mapping[str, dt.datetime] = field(default_factory=dict)
    spans: Mapping[str, dt.timedelta] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """Facts that are sentences themselves, by their keys, in each reader's language."""
    under: UUID | None = None
    """The purchase whose card the message replies to, in a chat that shows one."""
    except_chat: UUID | None = None
    """The chat, by the id of its link, that knows it already."""

    def with_facts(self, facts: Mapping[str, object]) -> "NoticeMessage":
        """The same sentence with what was not known when it was planned."""
        return replace(self, facts=facts)

    def render(self, locale: str, zone: str) -> str:
        """The sentence for one reader."""
        facts: dict[str, object] = dict(self.facts)
        facts |= {name: format_moment(value, locale, zone) for name, value in self.moments.items()}
        facts |= {name: translate(key, locale) for name, key in self.words.items()}
        facts |= {name: countdown(value, locale) for name, value in self.spans.items()}
        return translate(self.key, locale, **facts)


@dataclass(frozen=True)
class PlannedNotice:
    """Who receives which message; an ``urgent`` one ignores quiet hours and makes a sound."""

    recipients: Sequence[UUID]
    message: NoticeMessage
    urgent: bool = False


NoticeBuilder = Callable[[Uow, Any, StoredEvent], Awaitable[PlannedNotice | None]]
"""Takes the event and its row in the log; None when no notice is needed any more."""


async def name_of(uow: Uow, person_id: UUID) -> str:
    """The person's name, or the id of somebody who is not known."""
    found = await directory.names(uow.connection, [person_id])
    return found.get(person_id, str(person_id))
