"""The features that work something out from history, and how a run of one ends."""

from enum import StrEnum


class Feature(StrEnum):
    """What an administrator can switch off by itself."""

    vendor_score = "vendor_score"
    demand = "demand"
    findings = "findings"
    who_to_ask = "who_to_ask"


LEAST_RANKED = 20
"""A vendor with fewer delivered lines is shown, and neither ranked nor judged by a bound."""


class RunStatus(StrEnum):
    running = "running"
    finished = "finished"
    failed = "failed"


class HintPlace(StrEnum):
    """Where somebody saw a hint."""

    comparison = "comparison"
    approval = "approval"
    vendor = "vendor"
    request = "request"
    sourcing = "sourcing"
    demand = "demand"
    findings = "findings"
    portal = "portal"
    chat = "chat"
