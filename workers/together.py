"""Many tasks, one statement: what is asked while a statement runs is asked together by the next one.

One rule: nobody waits for company. Whoever comes alone is answered alone, and at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST = 200


class Together(Generic[Question, Answer]):
    """Asks one question for a task; ``answer`` gives the answers of many, in their order."""

    def __init__(self, answer: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._turn = asyncio.Lock()

    async def ask(self, question: Question) -> Answer:
        """The answer; an error of the statement is raised for everybody who was asked for together."""
        own: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, own))
        async with self._turn:
            while not own.done():
                await self._ask_those_who_wait()
        return own.result()

    async def _ask_those_who_wait(self) -> None:
        asked, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            answers = await self._answer([question for question, _ in asked])
        except Exception as error:  # noqa: BLE001 - raised again for everybody who asked
            for _, own in asked:
                own.set_exception(error)
            return
        except BaseException:
            self._waiting = [*asked, *self._waiting]
            raise
        for (_, own), answer in zip(asked, answers, strict=True):
            own.set_result(answer)
