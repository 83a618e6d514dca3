"""What an administrator's bounds on vendors' scores can lead to."""

from enum import StrEnum


class StandingKind(StrEnum):
    """Below its bound: a line beside the vendor, no RFQs, or no orders."""

    warn = "warn"
    rfq = "rfq"
    order = "order"


class StandingStep(StrEnum):
    """What the clock has to do."""

    begin = "begin"
    end = "end"
