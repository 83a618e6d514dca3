"""Limits that several layers check: each stands here once, and ``api.contract.values`` hands it on to bots."""

MIN_REASON_LENGTH, MAX_REASON_LENGTH = 3, 500
"""Characters of a reason, an answer or a question."""
