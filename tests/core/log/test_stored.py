"""Reading events back: what was recorded is what a reader gets, for every event class there is."""

import datetime as dt
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.approvals.events import ApprovalEvent
from core.delegations.events import DelegationMade
from core.escalations.events import ApprovalOverdue
from core.event_types import concrete_classes
from core.installations.events import AppRemoved
from core.log.events import Event, UnknownEventType, event_class
from core.log.stored import StoredEvent, UndecodableEvent, read_event
from core.orders.events import OrderGenerated
from core.orders.model import OrderLine
from tests.core.log.log_env import LogEnv, Noted, noted
from tests.support.properties import examples

CLASSES = [kind for kind in concrete_classes(Event) if kind.__module__.startswith("core.")]
YEAR_2000, YEAR_2100 = dt.datetime.fromisoformat("2000-01-01"), dt.datetime.fromisoformat("2100-01-01")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
MOMENT = st.datetimes(YEAR_2000, YEAR_2100, timezones=OFFSETS)
"""With a fixed offset: two datetimes of which one stands in an hour that comes twice are never equal (PEP 495)."""
JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
PLAIN: dict[object, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(),
    str: st.text(),
    UUID: st.uuids(),
    Decimal: st.decimals(-(10**12), 10**12, allow_nan=False),
    dt.datetime: MOMENT,
    dt.date: st.dates(),
    object: JSON_VALUE,
    type(None): st.none(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type; a type that no event had before fails here and needs a row above."""
    if kind in PLAIN:
        return PLAIN[kind]
    if isinstance(kind, NewType):
        return values_of(kind.__supertype__)
    if is_dataclass(kind):
        return instances_of(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(values_of(each) for each in inner))
    if origin is tuple and inner[1:] == (...,):
        return st.lists(values_of(inner[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(values_of(inner[0]), values_of(inner[1]), max_size=3)
    raise TypeError(f"no values for {kind}")


def instances_of(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})


def stored(event: Event, data: Mapping[str, object] | None = None) -> StoredEvent:
    """The row of this event, after its data has been JSON."""
    return StoredEvent(
        id=UUID(int=1),
        type=event.type,
        occurred_at=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC),
        actor="system",
        channel="system",
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        subject_version=event.subject_version,
        request_id=event.request_id,
        on_behalf_of=event.on_behalf_of,
        data=json.loads(json.dumps(event.data() if data is None else data)),
        correlation_id="c-1",
        position=1,
    )


def an_overdue_approval() -> ApprovalOverdue:
    return ApprovalOverdue(
        subject_id=UUID(int=2),
        subject_version=3,
        about_kind="quote",
        about_id=UUID(int=4),
        about_version=1,
        step_id=UUID(int=5),
        reminder=1,
        kind="due",
        due_at=dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC),
        candidates=(UUID(int=6),),
        title="Laptops",
    )


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.type)
@examples(20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_event_is_read_as_it_was_recorded(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(instances_of(kind))
    decoded = stored(event).decode()
    assert type(decoded) is kind
    assert decoded == event
    assert decoded.data() == event.data()


async def test_what_was_recorded_is_read_from_the_database(log_env: LogEnv) -> None:
    event = noted("a note")
    async with log_env.transaction() as uow:
        event_id = await uow.record(event)
    async with log_env.app.connect() as connection:
        row = await read_event(connection, event_id)
    assert row.decode() == event
    assert type(row.decode()) is Noted


def test_fields_have_the_types_of_the_class() -> None:
    decoded = stored(an_overdue_approval()).decode()
    assert isinstance(decoded, ApprovalOverdue)
    assert decoded.due_at.tzinfo is not None
    assert decoded.candidates == (UUID(int=6),)
    hints = get_type_hints(OrderGenerated)
    assert hints["lines"] == tuple[OrderLine, ...]
    assert hints["total"] is Decimal


def test_an_older_row_without_a_newer_field_gets_its_default() -> None:
    event = an_overdue_approval()
    older = {name: value for name, value in event.data().items() if name != "kind"}
    decoded = stored(event, older).decode()
    assert isinstance(decoded, ApprovalOverdue)
    assert decoded.kind == "waiting"
    removed = AppRemoved(
        subject_id=UUID(int=1), subject_version=1, platform="slack", team_id="T1", team_name="x"
    )
    assert stored(removed, {"platform": "slack", "team_id": "T1"}).decode() == AppRemoved(
        subject_id=UUID(int=1), subject_version=1, platform="slack", team_id="T1"
    )


def test_a_field_that_was_removed_is_ignored() -> None:
    event = an_overdue_approval()
    assert stored(event, {**event.data(), "former": 1}).decode() == event


def test_an_unknown_type_is_a_clear_error() -> None:
    event = noted("a note")
    row = StoredEvent(**{**vars(stored(event)), "type": "note.burnt"})
    with pytest.raises(UnknownEventType, match=r"note\.burnt"):
        row.decode()


def test_data_that_does_not_fit_names_the_fields_and_not_their_values() -> None:
    event = an_overdue_approval()
    with pytest.raises(UndecodableEvent) as caught:
        stored(event, {**event.data(), "due_at": "a secret", "title": 7}).decode()
    assert "due_at, title" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_two_classes_cannot_have_one_type() -> None:
    with pytest.raises(TypeError, match=r"delegation\.made"):
        type("Again", (Event,), {"type": "delegation.made", "subject_kind": "delegation"})
    assert event_class("delegation.made") is DelegationMade


def test_a_base_class_stands_for_all_classes_below_it() -> None:
    below = set(concrete_classes(ApprovalEvent))
    assert ApprovalOverdue in below
    assert ApprovalEvent not in below
    assert list(concrete_classes(ApprovalOverdue)) == [ApprovalOverdue]
