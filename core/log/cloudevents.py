"""An event of the log as CloudEvents 1.0, structured JSON."""

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from core.log.stored import StoredEvent

SOURCE = "parley"


def attributes_of(event: StoredEvent, extensions: dict[str, str]) -> dict[str, object]:
    """The context attributes: id, source, type, subject, time, and our extensions."""
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": SOURCE,
        "type": event.type,
        "subject": f"{event.subject_kind}/{event.subject_id}",
        "time": event.occurred_at,
        "datacontenttype": "application/json",
        **extensions,
    }


def as_json_bytes(event: StoredEvent, data: dict[str, object], extensions: dict[str, str]) -> bytes:
    """The whole event; the library rejects one that is not valid CloudEvents 1.0."""
    return JSONFormat().write(CloudEvent(attributes=attributes_of(event, extensions), data=data))
