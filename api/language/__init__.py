"""The grammars for what people type: the request line, the quote line, and single fields.

    parse_request("3x laptop @1200 needed 1 Dec for IT", locale="en", today=..., currency="USD")
    parse_quote("1: 1180 10d; 2: 45 3d; 3: no", locale="en", today=..., lines=3)
    parse_amount, parse_quantity, parse_date                            one field of a form
    read_verdict("no, too dear", "en")                                  a yes or a no

One rule: these are pure functions that accept any text, guess nothing and change nothing.
"""

from api.language.language_tags import reading_locale
from api.language.names import has_name, possible_names, stem
from api.language.quote_line import parse_quote
from api.language.readings import (
    Ambiguous,
    Amount,
    LineReading,
    NotUnderstood,
    ParseIssue,
    Quantity,
    QuoteAnswer,
    QuoteLineReading,
    QuoteReading,
    RequestReading,
    TextRefusal,
)
from api.language.request_cuts import CUT, lines_of_cut
from api.language.request_line import names_errand, opens_request, parse_request
from api.language.single_values import parse_amount, parse_date, parse_quantity
from api.language.tokenizer import MAX_TEXT_LENGTH
from api.language.verdict import VerdictReading, read_verdict

__all__ = [
    "CUT",
    "MAX_TEXT_LENGTH",
    "Ambiguous",
    "Amount",
    "LineReading",
    "NotUnderstood",
    "ParseIssue",
    "Quantity",
    "QuoteAnswer",
    "QuoteLineReading",
    "QuoteReading",
    "RequestReading",
    "TextRefusal",
    "VerdictReading",
    "has_name",
    "lines_of_cut",
    "names_errand",
    "opens_request",
    "parse_amount",
    "parse_date",
    "parse_quantity",
    "parse_quote",
    "parse_request",
    "possible_names",
    "read_verdict",
    "reading_locale",
    "stem",
]
