"""What was chosen to be ordered: the lines of one quote, or each vendor's share of a split award.

Of a line whose alternative is ordered, its price and its words are those of the alternative.

One rule: whoever selects from it reads by ``rows_of``, which gives the parameters.
"""

from sqlalchemy import FromClause, and_, bindparam, case, select, union_all

from core.checks.model import ChosenOffer
from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Result
from core.offers.tables import quote_lines
from core.quotes.tables import vendor_quotes
from core.rfqs.tables import rfq_lines
from core.split_awards.tables import split_award_lines
from core.uow import Uow

SUBJECT = bindparam("subject", type_=Id)
REQUEST = bindparam("request", type_=Id)
AT = bindparam("at", type_=Moment)
"""Nothing later counts."""
_Q = vendor_quotes.c


def _chosen() -> FromClause:
    """The lines of what was chosen: those of one quote, or each vendor's of a split award."""
    asked, line = rfq_lines.c, quote_lines.c
    share = split_award_lines.c
    columns = (
        line.id.label("id"),
        asked.quantity,
        asked.unit,
        _Q.vendor_id,
        _Q.currency,
        _Q.id.label("quote_id"),
    )
    joined = quote_lines.join(vendor_quotes, _Q.id == line.quote_id).join(
        rfq_lines, asked.id == line.rfq_line_id
    )
    whole = select(*columns, line.unit_price, asked.description).select_from(joined).where(_Q.id == SUBJECT)
    shares = (
        select(
            *columns,
            case((share.alternative, line.alternative_price), else_=line.unit_price).label("unit_price"),
            case((share.alternative, line.alternative), else_=asked.description).label("description"),
        )
        .select_from(
            joined.join(
                split_award_lines, and_(share.quote_id == _Q.id, share.rfq_line_id == line.rfq_line_id)
            )
        )
        .where(share.split_award_id == SUBJECT)
    )
    return union_all(whole, shares).subquery("chosen")


CHOSEN = _chosen()
QUOTES = select(CHOSEN.c.quote_id)


async def rows_of(uow: Uow, statement: Prebuilt, choice: ChosenOffer) -> Result:
    """What a rule's statement reads about this choice."""
    values = {"subject": choice.subject_id, "request": choice.request_id, "at": choice.at}
    return await uow.connection.execute(statement, values)
