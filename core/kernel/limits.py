"""Limits that several layers check.

One rule: each is defined here once, and ``api.contract.values`` passes it on to bots.
"""

MIN_REASON_LENGTH, MAX_REASON_LENGTH = 3, 500
"""The length of a reason, an answer or a question, in characters."""

MAX_LINES = 200
"""How many lines a request has, and with it an RFQ, a quote and an order."""

MAX_FILE_BYTES = 10_000_000
MAX_FILE_SIZE = f"{MAX_FILE_BYTES // 1_000_000} MB"
"""The size of a file, in bytes and as a person reads it."""
