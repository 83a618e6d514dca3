"""What many tasks ask at once is asked by one statement, and nobody waits for company."""

import asyncio
from collections.abc import Sequence

import pytest

from workers.together import MOST, Together

UNLUCKY = -1


class Doubling:
    """Answers twice the number; keeps what was asked together, and waits while ``open`` is not set."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def answer(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append(list(numbers))
        await self.open.wait()
        if UNLUCKY in numbers:
            raise OSError("no connection")
        return [2 * number for number in numbers]


async def test_who_comes_alone_is_answered_alone() -> None:
    doubling = Doubling()
    together = Together(doubling.answer)
    assert [await together.ask(1), await together.ask(2)] == [2, 4]
    assert doubling.asked == [[1], [2]]


async def test_who_comes_while_a_statement_runs_is_asked_by_the_next() -> None:
    doubling = Doubling()
    doubling.open.clear()
    together = Together(doubling.answer)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(together.ask(number)) for number in range(5)]
        await asyncio.sleep(0)
        doubling.open.set()
    assert [task.result() for task in tasks] == [0, 2, 4, 6, 8]
    assert doubling.asked == [[0], [1, 2, 3, 4]]


async def test_a_statement_asks_for_so_many_at_most() -> None:
    doubling = Doubling()
    doubling.open.clear()
    together = Together(doubling.answer)
    asking = asyncio.gather(*(together.ask(number) for number in range(MOST + 51)))
    await asyncio.sleep(0)
    doubling.open.set()
    assert await asking == [2 * number for number in range(MOST + 51)]
    assert [len(numbers) for numbers in doubling.asked] == [1, MOST, 50]


async def test_an_error_meets_those_who_were_asked_for_together_and_nobody_else() -> None:
    doubling = Doubling()
    doubling.open.clear()
    together = Together(doubling.answer)
    first = asyncio.gather(together.ask(1))
    await asyncio.sleep(0)
    unlucky = asyncio.gather(together.ask(UNLUCKY), together.ask(2), return_exceptions=True)
    await asyncio.sleep(0)
    doubling.open.set()
    assert list(await first) == [2]
    assert [type(answer) for answer in await unlucky] == [OSError, OSError]
    assert await together.ask(3) == 6


async def test_others_are_answered_when_the_one_who_asked_for_them_is_cancelled() -> None:
    doubling = Doubling()
    doubling.open.clear()
    together = Together(doubling.answer)
    asking = asyncio.gather(together.ask(1), return_exceptions=True)
    await asyncio.sleep(0)
    others = asyncio.gather(together.ask(2), together.ask(3))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    doubling.open.set()
    assert list(await asyncio.wait_for(others, 10)) == [4, 6]
