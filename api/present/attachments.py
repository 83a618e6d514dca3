"""Converts the files of a request from read model to wire."""

from collections.abc import Sequence

from api.contract import attachments as wire
from core.attachments.model import RequestFile


def files(source: Sequence[RequestFile]) -> wire.RequestFilesOut:
    return wire.RequestFilesOut(items=tuple(_file(each) for each in source))


def _file(source: RequestFile) -> wire.RequestFileOut:
    item = source.document
    return wire.RequestFileOut(
        id=item.id,
        name=item.name,
        media_type=item.media_type,
        size=item.size,
        sha256=item.sha256,
        inside=source.inside,
    )
