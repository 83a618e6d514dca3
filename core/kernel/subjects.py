"""The kinds of subject that an event can have; the log, the audit filters and refusals use these names."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """The kind of object that ``subject_id`` identifies."""

    request = "request"
    rfq = "rfq"
    quote = "quote"
    split_award = "split_award"
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
    finding = "finding"


AWARDS = frozenset({SubjectKind.quote.value, SubjectKind.split_award.value})
"""What the approval of a purchase is about; any other is about an order that is changed."""
