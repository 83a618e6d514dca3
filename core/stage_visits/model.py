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
