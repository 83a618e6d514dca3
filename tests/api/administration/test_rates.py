"""Exchange rates by API: as JSON and as a CSV file; a wrong row is told and keeps no other one out."""

from typing import Any

import pytest

from api.contract import endpoints as e
from tests.support.api import Api, ProblemError
from tests.support.world import World

DAY = "2026-11-23"


def row(currency: str = "EUR", day: str = DAY, rate: str = "1.09") -> dict[str, str]:
    return {"currency": currency, "day": day, "rate": rate}


async def upload(caller: Api, content: bytes, locale: str = "en") -> Any:
    return await caller.send(
        "POST",
        "/rates/csv",
        files={"file": ("rates.csv", content)},
        headers={"Accept-Language": locale},
    )


async def test_the_good_rows_are_stored_and_each_wrong_one_is_named(api: Api, world: World) -> None:
    finance = api.as_(await world.a_finance())
    rows = [
        row("SEK", rate="0.095"),
        row("XXQ"),
        row("NOK", day="yesterday"),
        row("DKK", rate="NaN"),
        row("CHF", rate="-1"),
        row("USD", rate="1.5"),
        row("pln", rate="0.25"),
    ]
    loaded = await finance.call(e.load_rates, {"rates": rows, "source": "ECB"})
    assert loaded.loaded == 2
    assert {error.field: error.example for error in loaded.refused} == {
        "/rates/1/currency": "EUR",
        "/rates/2/day": DAY,
        "/rates/3/rate": "1.09",
        "/rates/4/rate": "1.09",
        "/rates/5/rate": "1",
    }
    found = await finance.call(e.list_rates, query={"from": DAY, "until": DAY})
    stored = {item.currency: (str(item.rate), item.source) for item in found.items if item.source == "ECB"}
    assert stored == {"SEK": ("0.095", "ECB"), "PLN": ("0.25", "ECB")}


async def test_when_no_row_can_be_stored_the_answer_is_a_refusal(api: Api, world: World) -> None:
    finance = api.as_(await world.a_finance())
    with pytest.raises(ProblemError) as refused:
        await finance.call(e.load_rates, {"rates": [row("XXQ"), row(rate="0")]})
    assert refused.value.status == 422
    assert refused.value.fields == ["/rates/0/currency", "/rates/1/rate"]


async def test_a_file_is_read_line_by_line_in_the_readers_language(api: Api, world: World) -> None:
    finance = api.as_(await world.a_finance())
    content = (
        "\ufeffday,rate,currency,comment\n"
        f"{DAY},0.095,SEK,\n"
        f'{DAY},"0.2,NOK,an open quotation mark\n'
        f"{DAY},one,DKK,\n"
        "\n"
        f"{DAY},0.25,PLN,"
    ).encode()
    answer = await upload(finance, content, "de")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["loaded"] == 2
    assert [error["field"].split("/")[2] for error in told["refused"]] == ["3", "4"]
    assert told["refused"][1]["message"] == "muss eine Zahl sein"


async def test_semicolons_separate_too(api: Api, world: World) -> None:
    answer = await upload(api.as_(await world.a_finance()), f"currency;day;rate\nSEK;{DAY};0.095\n".encode())
    assert answer.json() == {"loaded": 1, "refused": []}


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"currency,day\nEUR,2026-11-23\n", b"currency,day,rate\n"],
)
async def test_what_is_no_table_of_rates_is_refused(api: Api, world: World, content: bytes) -> None:
    answer = await upload(api.as_(await world.a_finance()), content)
    assert answer.status_code == 422, answer.text
    assert all(error["example"] for error in answer.json()["errors"])


async def test_rates_are_limited_by_currency_and_day(api: Api, world: World) -> None:
    finance = api.as_(await world.a_finance())
    await finance.call(e.load_rates, {"rates": [row(day="2020-01-01"), row(day="2020-01-02")]})
    for query, days in (
        ({"currency": "EUR", "until": "2020-01-31"}, ["2020-01-02", "2020-01-01"]),
        ({"currency": "eur", "until": "2020-01-01"}, ["2020-01-01"]),
        ({"currency": "EUR", "from": "2020-01-02", "until": "2020-01-31"}, ["2020-01-02"]),
        ({"currency": "EUR", "until": "2020-01-31", "limit": "1", "offset": "1"}, ["2020-01-01"]),
    ):
        found = await finance.call(e.list_rates, query=query)
        assert [str(item.day) for item in found.items] == days, query
