"""The demo company's demand: whenever it is started, there is an item to forecast, with a vendor's time."""

import datetime as dt

import pytest

from core.db.engine import make_engine
from core.demand.model import ITEM, REORDER, Ahead
from core.insights.repo import all_current
from core.insights.states import Feature
from stack.demo import simulation
from stack.demo.__main__ import fill
from tests.support.postgres import Database


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 17, 12, tzinfo=dt.UTC),
    ],
    ids=lambda now: f"{now:%d %B}",
)
async def test_something_is_forecast_whenever_the_demo_is_started(
    database: Database, monkeypatch: pytest.MonkeyPatch, now: dt.datetime
) -> None:
    monkeypatch.setattr(simulation, "PURCHASES", 0)
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        await fill(connection, "a demo password", now)
        scores = await all_current(connection, Feature.demand, ITEM, now=now)
    await engine.dispose()
    shown = {each.subject.id for each in scores if each.part == Ahead.quarter and each.value is not None}
    told = {(each.subject.id, each.value) for each in scores if each.part == REORDER}
    why = [(each.subject, each.part, each.n, each.value, each.reasons[0]) for each in scores]
    assert {each for each in shown if "-" in each}, why
    assert told, why
