"""An RFQ with everything that one reader sees around it."""

from dataclasses import dataclass

from core.clarifications.model import NOTHING_ASKED, Discussion
from core.quotes.model import AttachedDocument, QuoteDetails
from core.rfqs.model import RfqDetails


@dataclass(frozen=True)
class RfqView:
    """``my_quote`` is the reader's own; None for staff and for a vendor without one."""

    details: RfqDetails
    my_quote: QuoteDetails | None = None
    documents: tuple[AttachedDocument, ...] = ()
    discussion: Discussion = NOTHING_ASKED
