"""Converts groups from read model to wire."""

from typing import cast

from api.contract import groups as wire
from api.contract.people import Platform
from api.present.decimals import plain
from core.groups.model import Group, GroupBindings, Place
from core.requests.model import RequestDetails


def group(source: Group) -> wire.GroupOut:
    return wire.GroupOut(
        id=source.id,
        platform=cast("Platform", source.platform),
        chat_id=source.chat_id,
        title=source.title,
        kind=source.kind,
        place=place(source.place),
        bound_by=source.bound_by,
        bound_at=source.bound_at,
        reachable=source.reachable,
    )


def groups(source: GroupBindings) -> wire.GroupsOut:
    return wire.GroupsOut(
        items=tuple(group(each) for each in source.groups),
        places=tuple(place(each) for each in source.places),
    )


def place(source: Place) -> wire.PlaceOut:
    return wire.PlaceOut(kind=source.kind, code=source.code, name=source.name)


def topic(source: RequestDetails) -> wire.TopicOut:
    """What a group may see of a request."""
    request = source.request
    return wire.TopicOut(
        request_id=request.id,
        number=request.number,
        state=request.state,
        version=request.version,
        asked_by=source.requested_by_name,
        cost_centre_name=source.cost_centre_name,
        needed_by=request.due,
        lines=tuple(
            wire.TopicLineOut(description=line.description, quantity=plain(line.quantity), unit=line.unit)
            for line in request.lines
        ),
    )
