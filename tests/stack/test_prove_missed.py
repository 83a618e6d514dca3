"""Which events a proof misses: those that a subscriber had to take and did not."""

from typing import Any

from core.log.seal import Subscriptions
from stack.prove.missed_deliveries import missed_deliveries

TABLE = Subscriptions({"a": ["mails", "cards", "figures"]}, projections=["figures"], per_purchase=["cards"])


def event(number: int, request: str | None = "r1", channel: str = "api") -> dict[str, Any]:
    return {"id": number, "type": "a", "channel": channel, "request_id": request, "position": number}


def delivery(number: int, subscriber: str, subject: str, state: str = "done") -> dict[str, Any]:
    facts = {"event_id": number, "position": number, "subscriber": subscriber, "subject": subject}
    return facts | {"state": state, "last_error": None}


def missed(events: list[dict[str, Any]], *deliveries: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (each.event_id, each.subscriber, each.why) for each in missed_deliveries(events, deliveries, TABLE)
    ]


def test_everything_was_taken() -> None:
    rows = (delivery(1, "mails", "x"), delivery(1, "cards", "purchase:r1"), delivery(1, "figures", "log"))
    assert missed([event(1)], *rows) == []


def test_a_delivery_that_was_never_made_is_missed() -> None:
    assert [found[1:] for found in missed([event(1)])] == [
        ("mails", "no delivery"),
        ("cards", "no delivery"),
        ("figures", "no delivery"),
    ]


def test_a_later_one_stands_for_a_purchase_and_for_the_whole_log_and_for_nothing_else() -> None:
    rows = (
        delivery(1, "mails", "x", "skipped"),
        delivery(1, "cards", "purchase:r1", "skipped"),
        *(delivery(2, "mails", "x"), delivery(2, "cards", "purchase:r1"), delivery(2, "figures", "log")),
    )
    assert missed([event(1), event(2)], *rows) == [("1", "mails", "skipped")]


def test_one_of_another_purchase_stands_for_nothing() -> None:
    rows = (
        *(delivery(1, "mails", "x"), delivery(1, "cards", "purchase:r1", "skipped")),
        *(delivery(2, "mails", "x"), delivery(2, "cards", "purchase:r2"), delivery(2, "figures", "log")),
    )
    assert missed([event(1), event(2, "r2")], *rows) == [("1", "cards", "skipped")]


def test_a_parked_one_is_missed_also_when_it_is_the_last() -> None:
    rows = (
        delivery(1, "mails", "x"),
        delivery(1, "cards", "purchase:r1", "parked"),
        delivery(1, "figures", "log"),
    )
    assert missed([event(1)], *rows) == [("1", "cards", "parked")]


def test_history_goes_to_the_projections_alone() -> None:
    assert missed([event(1, channel="seed")], delivery(1, "figures", "log")) == []
