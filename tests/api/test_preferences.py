"""How a person wants to be spoken to, through the API."""

import datetime as dt

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from core.log.tables import audit_events
from tests.support.api import Api, ProblemError
from tests.support.world import World


async def test_everybody_has_settings_and_changes_only_what_they_send(api: Api, world: World) -> None:
    person = await world.a_requester()
    mine = api.as_(person)
    before = await mine.call(e.my_preferences)
    assert (before.locale, before.zone, before.digest_hour, before.quiet) == ("en", "UTC", 8, None)
    assert "de" in before.locales

    quiet = {"begins": "20:00", "ends": "07:00"}
    await mine.call(e.change_preferences, {"zone": "Europe/Berlin", "quiet": quiet})
    after = await mine.call(e.change_preferences, {"locale": "de-AT", "digest_hour": None})

    assert (after.locale, after.zone, after.digest_hour) == ("de_AT", "Europe/Berlin", None)
    assert after.quiet is not None
    assert after.quiet.model_dump(mode="json") == quiet
    assert (await mine.call(e.my_preferences)) == after
    assert (await mine.call(e.me)).locale == "de_AT"
    assert (await mine.call(e.change_preferences, {"quiet": None})).quiet is None


async def test_what_changed_is_a_fact_and_nothing_changed_is_none(api: Api, world: World) -> None:
    person = await world.an_officer()
    mine = api.as_(person)
    await mine.call(e.change_preferences, {"locale": "de"})
    await mine.call(e.change_preferences, {"locale": "de"})
    async with world.engine.connect() as connection:
        rows = await connection.execute(
            select(audit_events.c.data).where(
                audit_events.c.subject_id == person.id, audit_events.c.type == "person.settings_changed"
            )
        )
        assert [row.data for row in rows] == [{"changed": ["locale"]}]


async def test_a_snooze_lasts_an_hour_or_until_tomorrows_digest_and_can_be_ended(
    api: Api, world: World
) -> None:
    mine = api.as_(await world.a_manager())
    hour = (await mine.call(e.change_preferences, {"snooze": "hour"})).snoozed_until
    assert hour is not None
    assert abs(hour - world.now - dt.timedelta(hours=1)) < dt.timedelta(minutes=1)
    tomorrow = (await mine.call(e.change_preferences, {"snooze": "tomorrow"})).snoozed_until
    assert tomorrow is not None
    assert (tomorrow.hour, tomorrow.date()) == (8, world.today + dt.timedelta(days=1))
    assert (await mine.call(e.change_preferences, {"snooze": "end"})).snoozed_until is None


async def test_a_vendors_contact_has_settings_inside_the_fence(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    mine = api.as_(contact)
    await mine.call(e.change_preferences, {"locale": "de", "digest_hour": 17})
    after = await mine.call(e.my_preferences)
    assert (after.locale, after.digest_hour) == ("de", 17)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"zone": "Berlin"}, "/zone", "zone.unknown"),
        ({"locale": "tlh"}, "/locale", "locale.unknown"),
        ({"digest_hour": 24}, "/digest_hour", ""),
        ({"quiet": {"begins": "20:00", "ends": "20:00"}}, "/quiet/ends", "quiet.empty"),
        ({"quiet": {"begins": "20:00:30", "ends": "07:00"}}, "/quiet/begins", "clock.unreadable"),
        ({"quiet": {"begins": "20:00"}}, "/quiet/ends", ""),
        ({"snooze": "never"}, "/snooze", ""),
        ({"name": "x"}, "/name", ""),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    api: Api, world: World, body: dict[str, object], field: str, code: str
) -> None:
    mine = api.as_(await world.a_requester())
    with pytest.raises(ProblemError) as refused:
        await mine.call(e.change_preferences, body)
    (error,) = refused.value.problem.errors
    assert error.field == field
    assert code in ("", error.code)
