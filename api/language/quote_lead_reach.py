"""Whose a lead time is where a quote has several lines: the line's beside which it stands, or all of them.

One rule: what ends all prices is said of all; where the last line may mean only itself, it is asked.
"""

import re
from enum import StrEnum

from api.language.quote_builder import QuoteBuilder
from api.language.quote_leads import Lead
from api.language.quote_parts import QuotePart
from api.language.tokenizer import segments

MIN_SEVERAL = 2

_SENTENCE = re.compile(r"(?<=[\w€$£₴₽])[.!]\s+(?=[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁЄІЇҐء-ي])")
"""Where another sentence begins; ``310 руб. | 2 недели`` is one."""

_DIGIT = re.compile(r"\d")


class Reach(StrEnum):
    """Whose a lead time is."""

    line = "line"
    all = "all"
    asked = "asked"


def reach_of(lead: Lead, part: QuotePart, builder: QuoteBuilder, *, said: str) -> Reach:
    """Whose lead time it is, where a quote has several lines."""
    answers = builder.answers.values()
    before, found, _ = part.text.partition(lead.text)
    if not found or builder.lines < 2 or part.line is None:
        return Reach.line
    others = {each.line for each in answers if each.line != part.line}
    last = part.line == builder.lines or len(others) == builder.lines - 1
    *priced, own = _SENTENCE.split(before + found[0])
    told = _DIGIT.search(" ".join(priced)) or (priced and part.line not in builder.answers)
    if last and told and not _DIGIT.search(own[:-1]):
        return Reach.all  # ``desks $340. Lead time 10 days.``
    if any(each.lead_time_days is not None for each in answers) or not last:
        return Reach.line
    apart = lead.named or (lead.labelled and before.rstrip(" ").endswith(","))
    if not apart or not part.numbered or len(others) < builder.lines - 1:
        return Reach.line
    return Reach.all if _is_one_sentence(said, lead) or lead.after_terms else Reach.asked


def _is_one_sentence(said: str, lead: Lead) -> bool:
    """Whether all prices before a lead time stand in its own sentence."""
    priced = [each for each in _SENTENCE.split(said.partition(lead.text)[0]) if _DIGIT.search(each)]
    return len(segments(said)) == 1 and len(priced) < MIN_SEVERAL
