"""Terms that a clause of a quote states in any words: how long a price is kept, when to order, who pays the delivery.

One rule: a clause states a term by its words together, so each of them may stand in any form and order.

    the carrier is paid by us, nós enviamos sem custos     something of a delivery, and a word for "free"
    if you confirm before 10/12, order by Friday to keep that price      something of ordering, and its last day
    prices hold 30 days, unser Preis ist 30 Tage fest      something of keeping, and a span
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from api.language.dates import date_at
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_fact import names_delivery
from api.language.quote_side_sums import SideSums
from api.language.quote_talk import ARRIVING, KEEPING, ORDERING
from api.language.readings import Ambiguous

DELIVERIES = frozenset({"delivery", "shipping", "lead", ARRIVING})
PAID = frozenset({"delivery", "shipping", "free_shipping"})
"""Labels of what somebody pays."""
SAYS_WHY = frozenset({"condition", KEEPING, "valid"})
"""One of these beside the last day to order makes it the day until which a price is kept."""
OTHERS = frozenset({"payment", "warranty", "returns"})
"""Labels that take the days of their clause for themselves."""
NOT_TO_ORDER = OTHERS | DELIVERIES - {"lead"}
SPOKEN = frozenset(
    {"price", KEEPING, ORDERING, "valid", "delivery", "lead", "start", "fact", "per", "now", "was"}
)
"""Labels that stand between the words of a term, where they name nothing else."""


WORDS = (AtomKind.word, AtomKind.silent, AtomKind.label)


class TermTaker(Protocol):
    """What takes labels with their values, see ``FactReader``."""

    reader: AtomReader
    atoms: list[Atom]
    used: set[int]

    @property
    def sums(self) -> SideSums:
        """The sums beside the price."""

    def bind(self, label: str, first: int, last: int, **value: object) -> bool:
        """Keep a fact with its value; always true."""

    def clause(self, at: int) -> range:
        """The atoms of the clause that an atom is in."""

    def atom_before(self, token: int, first: int) -> int:
        """The last atom that begins before a word."""


@dataclass
class TermReader:
    """Finds the terms of one part, before each label looks for its own value."""

    facts: TermTaker

    @property
    def atoms(self) -> Sequence[Atom]:
        return self.facts.atoms

    def read(self) -> None:
        for position, atom in enumerate(self.atoms):
            if position in self.facts.used or atom.kind is not AtomKind.label:
                continue
            if ORDERING in atom.labels:
                self._last_day_to_order(position)
            elif KEEPING in atom.labels and "valid" not in atom.labels:
                self._kept_for(position)
            elif (PAID | {"lead"}) & set(atom.labels) and self._paid_by_buyer(position):
                continue
            elif DELIVERIES & set(atom.labels):
                self._paid_by_us(position)
            elif len(atom.labels) == 1 and atom.labels[0] in OTHERS:
                self._whole_clause(position)

    # The last day to order ----------------------------------------------------------------------------------

    def _last_day_to_order(self, position: int) -> None:
        """``si confirman antes del 10/12``, ``order by Wednesday to keep that price``; a span is kept as said."""
        if any(self._is_no_order(self.atoms[at]) for at in self.facts.clause(position)):
            return
        first = self._reached(position, -1)
        end = self._ahead(position)
        if end is None:
            self._last_day_before(position, first)
            return
        span = self.atoms[end].span if self.atoms[end].kind is AtomKind.span else None
        found = None if span is not None else self._date(end)
        if span is None and found is None:
            return
        last = end if found is None else self.facts.atom_before(found[1], end)
        last = self._reached(last, 1)
        told = {label for atom in self.atoms[first : last + 1] for label in atom.labels}
        if found is not None and SAYS_WHY & told:
            self.facts.bind("valid", first, last, date=found[0])
        elif span is not None or "condition" not in told:
            self.facts.bind("span", first, last)

    def _is_no_order(self, atom: Atom) -> bool:
        """``5 days after your order with you``: beside a delivery, days are no last day to order."""
        lead = "lead" in atom.labels and not self.facts.reader.is_weak(atom)
        return lead or bool(NOT_TO_ORDER & set(atom.labels))

    def _last_day_before(self, position: int, first: int) -> None:
        """``sofern Sie bis 10. Dezember bestellen``: the verb behind the day."""
        day = first - 1
        found = self._date(day) if day in self.facts.clause(position) and day not in self.facts.used else None
        if found is None or found[1] != self.atoms[first].start:
            return
        begun = self._reached(day, -1)
        told = {label for atom in self.atoms[begun : position + 1] for label in atom.labels}
        if SAYS_WHY & told:
            self.facts.bind("valid", begun, position, date=found[0])

    def _date(self, index: int) -> tuple[date | Ambiguous, int] | None:
        reader = self.facts.reader
        found = date_at(reader.tokens, self.atoms[index].start, reader.locale, reader.today)
        return (found[0], found[1]) if found is not None and isinstance(found[0], date | Ambiguous) else None

    def _ahead(self, position: int) -> int | None:
        """The first atom behind a label that is neither said nor a label of such a term."""
        for at in range(position + 1, self.facts.clause(position).stop):
            if self.atoms[at].kind in (AtomKind.date, AtomKind.span) or self._date(at) is not None:
                return at
            if not self._is_said(at):
                return None
        return None

    def _reached(self, position: int, step: int) -> int:
        """How far the words of a term go on before a position, or behind it."""
        clause = self.facts.clause(position)
        at = position
        while at + step in clause and self._is_said(at + step, also="condition"):
            at += step
        return at

    def _is_said(self, at: int, also: str = "") -> bool:
        atom = self.atoms[at]
        if at in self.facts.used:
            return False
        labelled = atom.kind is AtomKind.label and bool((SPOKEN | {also}) & set(atom.labels))
        return labelled or (atom.kind is AtomKind.silent and atom.currency is None)

    # How long a price is kept -------------------------------------------------------------------------------

    def _kept_for(self, position: int) -> None:
        """``prices hold 30 days``: the only span of a clause that speaks of keeping; asked where no price is named."""
        clause = self.facts.clause(position)
        spans = [at for at in clause if self.atoms[at].kind is AtomKind.span and at not in self.facts.used]
        others = [at for at in clause if OTHERS & set(self.atoms[at].labels)]
        between = range(min([position, *spans]) + 1, max([position, *spans]))
        priced = self._names_price(clause, position)
        if self._is_denied(clause) or (not priced and self._is_lead(clause)):
            return
        if len(spans) != 1 or others or not all(self._is_said(at) for at in between if at != position):
            return
        span = self.atoms[spans[0]].span
        if span is not None:
            first, last = sorted((position, spans[0]))
            self.facts.bind("valid", first, last, span=span, doubted=not priced)

    def _is_denied(self, clause: range) -> bool:
        """``price cannot be held 30 days``."""
        return any("negative" in self.atoms[at].labels and at not in self.facts.used for at in clause)

    def _is_lead(self, clause: range) -> bool:
        """``lead time stays 10 days``: a delivery's own label, before the word for keeping."""
        return any(names_delivery(self.facts.reader, self.atoms[at]) for at in clause)

    def _names_price(self, clause: range, position: int) -> bool:
        """``hold the price``, ``the offer stands``: a price in the clause, or an offer that opens it."""
        atom, tokens, vocab = self.atoms[position], self.facts.reader.tokens, self.facts.reader.vocab
        inner = (vocab.quote.at(tokens, at) for at in range(atom.start, atom.after))
        named = [tuple(found[0].split("/")) for found in inner if found is not None]
        priced = any("price" in labels for labels in (*named, *(self.atoms[at].labels for at in clause)))
        first = next((at for at in clause if self.atoms[at].kind is not AtomKind.sign), position)
        return priced or vocab.words["offer_names"].at(tokens, self.atoms[first].start) is not None

    def _whole_clause(self, position: int) -> None:
        """``Garantie constructeur 3 ans``: a clause of terms without a field, and with no sum, is kept as it is."""
        clause = self.facts.clause(position)
        kinds = [self.atoms[at].kind for at in clause]
        labels = {label for at in clause for label in self.atoms[at].labels}
        timed = AtomKind.span in kinds or AtomKind.percent in kinds
        other = (DELIVERIES | {"valid", "less", "condition", KEEPING}) & labels
        if timed and AtomKind.number not in kinds and not other and not set(clause) & self.facts.used:
            self.facts.bind(self.atoms[position].labels[0], clause.start, clause.stop - 1)

    # Who pays the delivery ----------------------------------------------------------------------------------

    def _paid_by_us(self, position: int) -> None:
        """``shipment free``, ``il corriere lo paghiamo noi``; behind a delivery time, ``free of charge`` alone."""
        clause = self.facts.clause(position)
        for at, after in self._free_in(clause):
            between = range(min(position, at) + 1, max(position, at))
            if any(self.atoms[each].kind is AtomKind.span for each in between) and at > position:
                self.facts.sums.keep_free(at, self.facts.atom_before(after, at))
                return  # ``delivered in 4 days at no charge``
            first, last = min(position, at), max(position, self.facts.atom_before(after, at))
            if all(self._is_said(each) for each in between):
                self.facts.sums.keep_free(first, last)
                return
            if all(self._is_said(each) or self.atoms[each].kind is AtomKind.word for each in between):
                self.facts.bind("shipping", first, last, number=Decimal(0), doubted=True)
                return  # ``delivery within Lagos free``
        following = self.facts.clause(clause.stop + 1) if clause.stop + 1 < len(self.atoms) else range(0)
        for at, after in self._free_in(following):
            last = self.facts.atom_before(after, at)
            if all(
                self._is_said(each)
                for each in (*range(following.start, at), *range(last + 1, following.stop))
            ):
                self.facts.sums.keep_free(at, last)
                return

    def _paid_by_buyer(self, position: int) -> bool:
        """``Versand geht auf Sie``, ``freight paid by customer``: kept as said; asked where it is also free."""
        clause, tokens = self.facts.clause(position), self.facts.reader.tokens
        payer, label = self.facts.reader.vocab.words["buyer_pays"], self.atoms[position]
        for at in clause:
            for token in range(self.atoms[at].start, self.atoms[at].after):
                found = payer.at(tokens, token) if at not in self.facts.used else None
                if found is None or (at < position and found[1] > label.start):
                    continue
                if PAID.isdisjoint(label.labels) and at != position:
                    continue  # ``доставка за ваш счёт``: the label has the phrase's first word
                first, last = min(position, at), max(position, self.facts.atom_before(found[1], at))
                told = range(first, last + 1)
                if all(self.atoms[each].kind in (*WORDS, AtomKind.each) for each in told):
                    asked = self._is_denied(told) or any(True for _ in self._free_in(told))
                    return self.facts.bind("unclear" if asked else "fact", first, last)
        return False

    def _free_in(self, clause: range) -> Iterator[tuple[int, int]]:
        """Where words for "free" stand in a clause, and the position of the word after them."""
        free, tokens = self.facts.reader.vocab.words["free"], self.facts.reader.tokens
        for at in clause:
            found = free.at(tokens, self.atoms[at].start)
            if found is None or at in self.facts.used or self.atoms[at].kind not in WORDS:
                continue
            if "negative" not in self.atoms[at].labels or found[1] > self.atoms[at].after:
                yield at, found[1]  # ``no cost``, but not ``keine Lieferung``
