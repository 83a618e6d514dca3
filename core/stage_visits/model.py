"""The stages that a purchase goes through, as they are measured.

of the purchase   asking → quoting → choosing → approving      and buying: all of it, until an order is sent
of an order       issuing → acknowledging → receiving · agreeing (a change is proposed)
of an approval    deciding: one step of it
"""

from enum import StrEnum


class Stage(StrEnum):
    asking = "asking"
    """Submitted, and no vendor is asked."""
    quoting = "quoting"
    """An RFQ is open."""
    choosing = "choosing"
    """Quotes are open, and none is proposed."""
    approving = "approving"
    deciding = "deciding"
    """One step of an approval is open."""
    issuing = "issuing"
    """Approved, and not sent while it can be undone."""
    acknowledging = "acknowledging"
    agreeing = "agreeing"
    receiving = "receiving"
    buying = "buying"
    """From the submission to the first order that was sent."""


SEQUENCE = (
    Stage.asking,
    Stage.quoting,
    Stage.choosing,
    Stage.approving,
    Stage.issuing,
    Stage.acknowledging,
    Stage.agreeing,
    Stage.receiving,
)
"""Those that follow each other; the others lie across them."""


EXACT = 1_000
"""Whole lengths below this have a bucket each: very many visits are as long as the time to undo is."""


def bucket_of(value: str) -> str:
    """SQL for the bucket of a length: longer ones are in no lower bucket, and those of one differ by three percent.

    The middle of many is looked for in one bucket only; which it is follows from how many there are in each.
    """
    above = f"{EXACT} + floor(32 * ln({value} / {EXACT}))"
    return f"(CASE WHEN {value} < {EXACT} THEN floor(greatest({value}, 0)) ELSE {above} END)::smallint"
