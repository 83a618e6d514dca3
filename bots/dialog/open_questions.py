"""The question that each person was asked last, so that it loses its buttons once it is answered.

    this process    what it asked itself, also while Redis is away
    Redis           what any process of this bot asked last; it comes first

One rule: this only takes buttons away. Where neither knows a question, what is pressed there says that the form has
moved on.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

import structlog
from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bots.cards.card import Card

log = structlog.get_logger()

MAX_REMEMBERED, REMEMBERED_SECONDS = 5_000, 24 * 3600
"""In the process; in Redis, for which an older question has scrolled away."""


@dataclass(frozen=True)
class AskedQuestion:
    """A message of a form, and what stands in it."""

    message_id: str
    card: Card

    @property
    def without_buttons(self) -> Card:
        """The same, with nothing to press or pick in it."""
        return replace(self.card, buttons=(), picker=None)


_STORED = TypeAdapter(AskedQuestion)


class OpenQuestions:
    """The newest question of each form's place: a chat, a thread and a person."""

    def __init__(self, bot: str = "", redis: Redis | None = None) -> None:
        """``bot`` is how the keys of this bot begin: ``tg:<bot>``, ``sl:<app>``."""
        self._bot = bot
        self._redis = redis
        self._shown: OrderedDict[tuple[str, ...], AskedQuestion] = OrderedDict()

    async def remember(self, place: tuple[str, ...], question: AskedQuestion) -> AskedQuestion | None:
        """This one is asked now; the one that was asked before, if it is another message."""
        before = await self._before(place)
        self._shown[place] = question
        if len(self._shown) > MAX_REMEMBERED:
            self._shown.popitem(last=False)
        await self._store(place, question)
        return before if before is not None and before.message_id != question.message_id else None

    async def forget(self, place: tuple[str, ...]) -> AskedQuestion | None:
        """Nothing is asked any more; what was asked last."""
        before = await self._before(place)
        await self._store(place, None)
        return before

    async def _before(self, place: tuple[str, ...]) -> AskedQuestion | None:
        """What was asked last, by whichever process of this bot."""
        own = self._shown.pop(place, None)
        return await self._stored(place) or own

    async def _stored(self, place: tuple[str, ...]) -> AskedQuestion | None:
        if self._redis is None:
            return None
        try:
            found = await self._redis.get(self._key(place))
            return None if found is None else _STORED.validate_json(found)
        except (RedisError, ValidationError) as error:
            log.warning("question.not_known", why=type(error).__name__)
            return None

    async def _store(self, place: tuple[str, ...], question: AskedQuestion | None) -> None:
        if self._redis is None:
            return
        try:
            if question is None:
                await self._redis.delete(self._key(place))
            else:
                kept = AskedQuestion(question.message_id, question.without_buttons)
                await self._redis.set(self._key(place), _STORED.dump_json(kept), ex=REMEMBERED_SECONDS)
        except RedisError as error:
            log.warning("question.not_kept", why=type(error).__name__)

    def _key(self, place: tuple[str, ...]) -> str:
        return f"parley:{self._bot}:asked:{':'.join(place)}"
