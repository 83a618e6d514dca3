"""The lead time in a part of a quote: ``in 2-3 weeks``, ``10 working days``, ``within 48 hours``, ``by 11 Dec``.

One rule: only a span of calendar days is a lead time; a range, working days and a date are asked, with the days that
they come to.

A labelled one counts first; without one, the only span that nothing else explains.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_fact import Fact, words_of
from api.language.quote_facts import FactReader
from api.language.quote_lead_doubts import LeadDoubts
from api.language.quote_naming import is_item_word
from api.language.quote_talk import ARRIVING
from api.language.spans import DAYS_OF, FoundSpan, days_of

LEADS = ("lead", "delivery", "shipping")
WHOLE = ("shipping", "valid", "payment")
"""Labels of what holds for the whole quote."""
HOURS_OF_DAY = 24
WORKING_DAYS = 5
"""Of a week; the others are its weekend."""
WEEKEND = 2


@dataclass(frozen=True)
class Lead:
    """A lead time in days, or the days that it may be; the words that say so."""

    days: tuple[int, ...]
    text: str
    asked: bool = False
    """Nobody but the vendor can say that it is these days."""
    named: bool = False
    """Words say that it is one: ``lead time 3 weeks``, but not ``in 3 weeks``."""
    labelled: bool = False
    spoken: bool = False
    """A verb says it, ``we send it tomorrow``: what is sent may be the quote itself."""
    after_terms: bool = False
    """It stands behind what holds for the whole quote: what delivery costs, until when prices hold."""


@dataclass
class LeadReader:
    """Finds the lead time among the atoms that no label took."""

    reader: AtomReader
    facts: FactReader
    items: Sequence[str]
    named_before: bool
    """Another part of the quote called a lead time so: a span that nothing explains is none."""
    named: bool = False
    unread: str | None = None
    """A labelled span that is of something else."""

    @property
    def atoms(self) -> Sequence[Atom]:
        return self.facts.atoms

    @property
    def doubts(self) -> LeadDoubts:
        return LeadDoubts(self.reader, self.facts, self.items)

    def read(self) -> Lead | None:
        several = self._several()
        if several is not None:
            return several
        for fact in self.facts.facts:
            if fact.label in LEADS and fact.span is not None:
                text = words_of(self.reader, self.atoms, fact)
                if self._is_of_something_else(fact.first) or self.doubts.doubts(fact.first, fact.last):
                    self.unread = text
                    return None
                self.named = True
                named = not self.reader.is_weak(self.atoms[fact.first])
                spoken = any(each.labels == (ARRIVING,) for each in self.atoms[fact.first : fact.last + 1])
                terms = [each for each in self.facts.facts if each.label in WHOLE and each.first < fact.first]
                return replace(
                    _days(fact.span, text), labelled=True, named=named, spoken=spoken, after_terms=bool(terms)
                )
            if (days := self.hours_in_days(fact)) is not None:
                if self.doubts.doubts(fact.first, fact.last):
                    self.unread = words_of(self.reader, self.atoms, fact)
                    return None
                return Lead((days,), words_of(self.reader, self.atoms, fact))
        dated = [fact for fact in self.facts.facts if fact.label in LEADS and fact.date is not None]
        return self._until(dated) if dated else self._free()

    def _several(self) -> Lead | None:
        """``production 6 weeks, shipping another week``: asked whether one comes after the other."""
        told = [fact for fact in self.facts.facts if fact.label in LEADS and fact.span is not None]
        spans = [fact.span for fact in told if fact.span is not None]
        days = sorted({days_of(span.high, span.unit) for span in spans}, reverse=True)
        if len(days) != 2 or any(self._is_of_something_else(fact.first) for fact in told):
            return None
        text = "; ".join(words_of(self.reader, self.atoms, fact) for fact in told)
        self.named = True
        return Lead((sum(days), *days), text, asked=True)

    def _until(self, dated: Sequence[Fact]) -> Lead | None:
        """``delivery by 11 Dec``: as many days as there are until then."""
        day = dated[0].date
        if len(dated) > 1 or self._leaves(dated[0]) or not isinstance(day, date) or day <= self.reader.today:
            return None
        self.named = True
        return Lead(
            ((day - self.reader.today).days,), words_of(self.reader, self.atoms, dated[0]), asked=True
        )

    def hours_in_days(self, fact: Fact) -> int | None:
        """The days of ``delivered within 48 hours``; None where they make no whole days, or until something leaves."""
        if fact.label not in LEADS or fact.hours is None or fact.hours % HOURS_OF_DAY or self._leaves(fact):
            return None
        return int(fact.hours) // HOURS_OF_DAY

    def _leaves(self, fact: Fact) -> bool:
        """``ships 12 Dec``: when it leaves rather than when it is there."""
        dispatch = self.reader.vocab.words["dispatch"]
        atoms = self.atoms[fact.first : fact.last + 1]
        return any(
            dispatch.at(self.reader.tokens, at) for atom in atoms for at in range(atom.start, atom.after)
        )

    def _free(self) -> Lead | None:
        """The only span without a label."""
        free = [
            index
            for index, atom in enumerate(self.atoms)
            if atom.kind is AtomKind.span and index not in self.facts.used
        ]
        span = self._span(self.atoms[free[0]]) if len(free) == 1 else None
        if span is None or span.unit in ("month", "year") or self.named_before:
            return None
        if self._is_of_a_clause(free[0]) or self.doubts.doubts(free[0], free[0]):
            return None
        self.facts.used.add(free[0])
        first, last = self.atoms[free[0]].start, self.atoms[free[0]].after
        return _days(span, " ".join(token.raw for token in self.reader.tokens[first:last]).strip(",."))

    def _span(self, atom: Atom) -> FoundSpan | None:
        """The span; hours only as whole days: ``in stock, 48h``."""
        if atom.span is not None or not isinstance(atom.value, Decimal) or atom.value % HOURS_OF_DAY:
            return atom.span
        days = int(atom.value) // HOURS_OF_DAY
        return FoundSpan(days, days, "day", atom.after)

    def _is_of_something_else(self, first: int) -> bool:
        """``2% discount if paid within 10 days``: "within" follows what the days are for."""
        begun = max((at + 1 for at in range(first) if self.atoms[at].is_cut), default=0)
        before = self.atoms[begun:first]
        paid = any(
            each.kind is AtomKind.label and {"less", "condition"} & set(each.labels) for each in before
        )
        return paid and self.reader.is_weak(self.atoms[first])

    def _is_of_a_clause(self, index: int) -> bool:
        """``quote stands 14 days``, ``резерв 3 дня``, ``410 for 30 days``: days of something that nobody knows."""
        begun = max((at + 1 for at in range(index) if self.atoms[at].is_cut), default=0)
        cuts = (at for at in range(index, len(self.atoms)) if self.atoms[at].is_cut)
        end = next(cuts, len(self.atoms))
        clause = [self.atoms[at] for at in range(begun, end) if at not in self.facts.used]
        doubts = any({"less", "condition"} & set(each.labels) for each in clause)
        paid = any("payment" in self.atoms[at].labels for at in range(begun, end))
        clauses, tokens = self.reader.vocab.clauses, self.reader.tokens
        purpose = clauses.at(tokens, self.atoms[index - 1].start) if index else None
        during = purpose is not None and purpose[0] == "purpose"
        unknown = any(
            each.kind is AtomKind.word and not is_item_word(tokens[each.start].word, self.items)
            for each in clause
        )
        return doubts or paid or during or unknown


def _days(span: FoundSpan, text: str) -> Lead:
    """A span in calendar days; both ends of a range, working days as written and as they come to with weekends."""
    low, high = days_of(span.low, span.unit), days_of(span.high, span.unit)
    if span.working:
        weeks, rest = divmod(span.high, WORKING_DAYS)
        high = weeks * DAYS_OF["week"] + (rest + WEEKEND if rest else 0)
    return Lead(tuple(dict.fromkeys((low, high))), text, asked=low != high)
