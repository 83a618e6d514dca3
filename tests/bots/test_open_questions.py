"""Which question loses its buttons: also one that a process asked which was restarted since, unless Redis is away."""

from redis.asyncio import Redis

from bots.cards.card import Button, Card, Picker, Table, rows_of
from bots.cards.press import NO_ID, Op, Press
from bots.dialog.open_questions import AskedQuestion, OpenQuestions
from tests.bots.bot_env import free_port

PLACE = ("telegram", "100", "", "7")
PRESS = Press(Op.open_request, NO_ID, 1)
CARD = Card(
    "How many?",
    facts=("For Ana",),
    items=("Laptop ☂",),
    table=Table(("a", "b"), (("1", "2"),)),
    picker=Picker("Vendors", PRESS, (("id", "Acme"),)),
    buttons=rows_of(Button("One", PRESS)),
    locale="ar",
)


async def test_a_restarted_process_knows_the_question_by_redis(redis_url: str) -> None:
    first, second, other_bot = [Redis.from_url(redis_url) for _ in range(3)]
    asked = AskedQuestion("41", CARD)
    assert await OpenQuestions("tg:1", first).remember(PLACE, asked) is None
    assert await OpenQuestions("tg:2", other_bot).forget(PLACE) is None
    restarted = OpenQuestions("tg:1", second)
    before = await restarted.remember(PLACE, AskedQuestion("42", CARD))
    assert before is not None
    assert (before.message_id, before.card) == ("41", asked.without_buttons)
    assert await restarted.forget(("telegram", "100", "", "8")) is None
    again = await OpenQuestions("tg:1", first).forget(PLACE)
    assert again is not None
    assert again.message_id == "42"
    assert await OpenQuestions("tg:1", first).forget(PLACE) is None
    for each in (first, second, other_bot):
        await each.aclose()


async def test_what_another_process_of_the_bot_asked_since_comes_before_what_this_one_asked(
    redis_url: str,
) -> None:
    clients = [Redis.from_url(redis_url) for _ in range(2)]
    one, other = (OpenQuestions("tg:1", each) for each in clients)
    await one.remember(PLACE, AskedQuestion("41", CARD))
    await other.remember(PLACE, AskedQuestion("42", CARD))
    before = await one.remember(PLACE, AskedQuestion("43", CARD))
    assert before is not None
    assert before.message_id == "42"
    for each in clients:
        await each.aclose()


async def test_a_question_that_is_drawn_again_in_its_message_keeps_its_buttons(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    await OpenQuestions("tg:1", redis).remember(PLACE, AskedQuestion("41", CARD))
    assert await OpenQuestions("tg:1", redis).remember(PLACE, AskedQuestion("41", CARD)) is None
    await redis.aclose()


async def test_what_another_version_has_stored_is_no_question(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    questions = OpenQuestions("tg:1", redis)
    await redis.set(questions._key(PLACE), b'{"message_id": 41}')
    assert await questions.forget(PLACE) is None
    await redis.aclose()


async def test_while_redis_is_away_a_process_knows_what_it_asked_itself() -> None:
    redis = Redis.from_url(f"redis://127.0.0.1:{free_port()}/0", socket_timeout=1)
    questions = OpenQuestions("tg:1", redis)
    asked = AskedQuestion("41", CARD)
    assert await questions.remember(PLACE, asked) is None
    assert await questions.forget(PLACE) == asked
    await redis.aclose()
