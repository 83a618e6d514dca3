"""Groups: read model to wire."""

from typing import cast

from api.contract import groups as wire
from api.contract.people import Platform
from api.present.numbers import plain
from core.groups.model import Group, Groups, Place
from core.requests.model import RequestDetails


def group(of: Group) -> wire.GroupOut:
    return wire.GroupOut(
        id=of.id,
        platform=cast("Platform", of.platform),
        chat_id=of.chat_id,
        title=of.title,
        kind=of.kind,
        place=place(of.place),
        bound_by=of.bound_by,
        bound_at=of.bound_at,
        reachable=of.reachable,
    )


def groups(of: Groups) -> wire.GroupsOut:
    return wire.GroupsOut(
        items=tuple(group(each) for each in of.groups), places=tuple(place(each) for each in of.places)
    )


def place(of: Place) -> wire.PlaceOut:
    return wire.PlaceOut(kind=of.kind, code=of.code, name=of.name)


def topic(of: RequestDetails) -> wire.TopicOut:
    """What is left of a request when it is shown to a group."""
    request = of.request
    return wire.TopicOut(
        request_id=request.id,
        number=request.number,
        state=request.state,
        version=request.version,
        asked_by=of.requested_by_name,
        cost_centre_name=of.cost_centre_name,
        needed_by=request.needed_by,
        lines=tuple(
            wire.TopicLineOut(description=line.description, quantity=plain(line.quantity), unit=line.unit)
            for line in request.lines
        ),
    )
