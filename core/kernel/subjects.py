"""What an event can be about, one name per kind; the log, the audit filters and refusals use these names."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """The kind of the thing that ``subject_id`` names."""

    request = "request"
    rfq = "rfq"
    quote = "quote"
    approval = "approval"
    delegation = "delegation"
    order = "order"
    vendor = "vendor"
    document = "document"
    person = "person"
    policy = "policy"
    delivery = "delivery"
    log = "log"
    event = "event"
    group = "group"
    installation = "installation"
    organisation = "organisation"
    department = "department"
    cost_centre = "cost_centre"
    rates = "rates"
