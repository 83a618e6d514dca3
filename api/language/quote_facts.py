"""Gives each label of a quote its value: ``lead time 10 days``, ``12 months warranty``, ``freight 85``.

One rule: a label takes what follows it in its clause, else what stands before it; nothing is taken twice.

A span that is paid, guaranteed or returned in is thereby no lead time. What has no field of its own (minimum
orders, payment, warranty, delivery dates) is kept in the words of the vendor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from api.language.dates import date_at
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_fact import COST_LINKS, COUNTED, LEADING, SPANS, Fact
from api.language.quote_side_sums import SideSums
from api.language.quote_talk import ARRIVING, INQUIRY, KEEPING, ORDERING
from api.language.quote_terms import TermReader
from api.language.readings import NotUnderstood
from api.language.spans import FoundSpan, wide_span_at

MAX_PLACE_WORDS = 2
MAX_LINKS = 4
MAX_PLAIN_DAYS = 365


@dataclass
class FactReader:
    """Finds the facts among the atoms of one part; ``used`` are the atoms that are accounted for."""

    reader: AtomReader
    atoms: list[Atom]
    facts: list[Fact] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    priced: set[int] = field(default_factory=set)
    """Numbers that a word names as the price: ``at 450``, ``unit price: 450``."""

    @property
    def sums(self) -> SideSums:
        return SideSums(self)

    def read(self) -> None:
        TermReader(self).read()
        for position, atom in enumerate(self.atoms):
            if atom.kind is AtomKind.label and position not in self.used:
                self._right(position, atom)
        for position, atom in enumerate(self.atoms):
            if atom.kind is AtomKind.label and position not in self.used:
                self._left(position, atom)

        for fact in [each for each in self.facts if each.span is not None]:
            behind = self._after(fact.last)
            if behind is not None and "total" in behind.labels:
                self.used.add(fact.last + 1)  # ``10 giorni per entrambi``
        for fact in [each for each in self.facts if each.label == "payment" and each.first]:
            before = fact.first - 1  # ``2% Skonto bei 10 Tagen``
            if self.atoms[before].kind is AtomKind.percent and before not in self.used:
                self.keep(Fact(label="payment", first=before, last=before))

    def _right(self, position: int, atom: Atom) -> None:
        target = self._following(position, atom)
        if self._is_behind_its_span(position, atom):
            return
        if self.sums.take_void(atom, position, target) or self.sums.take_added_tax(atom, position):
            return
        for label in atom.labels:
            if label == "free_shipping":
                self._free_or_timed(position, target)
                return
            if label == "vat_out" and self.sums.take_excluded_tax(position):
                return
            if label in ("vat_out", "fact"):
                self.keep(Fact(label=label, first=position, last=self._place_end(position)))
                return
            if label == "vat_in":
                return
            if target is not None and self._take(label, position, target):
                return

    def _is_behind_its_span(self, position: int, atom: Atom) -> bool:
        """``3-year warranty and 30-day returns``: an "and" behind a label begins another term."""
        spanned = position > 0 and self.atoms[position - 1].kind is AtomKind.span
        joined = self.reader.vocab.words["sep"].at(self.reader.tokens, atom.after) is not None
        return atom.labels[0] in SPANS and spanned and joined and position - 1 not in self.used

    def _free_or_timed(self, position: int, target: int | None) -> None:
        """``delivered free by 9 Dec`` says both; ``with delivery on 9 Dec`` says only when."""
        kinds = (AtomKind.date, AtomKind.span, AtomKind.word)
        timed = target is not None and self.atoms[target].kind in kinds
        if target is not None and timed and self._take_time("delivery", position, target):
            if self.sums.says_free(self.atoms[position]):
                self.sums.keep_free(position, position)
            return
        self.sums.keep_free(position, position)

    def _place_end(self, position: int) -> int:
        """``FOB Shenzhen``, ``DAP Hamburg``: the last atom of the place after an incoterm."""
        last = position
        if not self.reader.tokens[self.atoms[position].start].raw.isupper():
            return last
        while last + 1 < len(self.atoms) and last - position < MAX_PLACE_WORDS:
            following = self.atoms[last + 1]
            if (
                following.kind is not AtomKind.word
                or not self.reader.tokens[following.start].raw[0].isupper()
            ):
                break
            last += 1
        return last

    def _following(self, position: int, atom: Atom) -> int | None:
        """The first atom after a label that is no link: its value, when it has one."""
        following = position + 1
        steps = 0
        while following < len(self.atoms) and steps < MAX_LINKS:
            each = self.atoms[following]
            linked = (
                each.kind is AtomKind.silent
                or each.kind is AtomKind.equals
                or (each.kind is AtomKind.sign and not each.is_cut)
                or (each.kind is AtomKind.label and self._continues(atom, each))
            )
            if not linked:
                break
            following, steps = following + 1, steps + 1
        return following if following < len(self.atoms) and following not in self.used else None

    def _continues(self, atom: Atom, each: Atom) -> bool:
        """A second label that says the same: ``delivery until 20 Dec``, ``only … in stock``, ``about``."""
        same = bool(set(atom.labels) & set(each.labels))
        dated = atom.labels[0] in LEADING and "valid" in each.labels
        loose = each.labels[0] in ("approx",) and atom.labels[0] != "price"
        spoken = (
            atom.labels[0] in ("valid", "delivery", "lead", "shipping", *SPANS, ARRIVING)
            and (each.labels[0] == "lead" or (atom.labels[0] in SPANS and ORDERING in each.labels))
        ) or (atom.labels[0] in ("delivery", "lead") and bool({ARRIVING, KEEPING} & set(each.labels)))
        costs = "shipping" in atom.labels and each.labels[0] in COST_LINKS
        priced = atom.labels[0] == "was" and each.labels[0] == "price"  # ``كان السعر 30 دولار``
        return same or dated or loose or spoken or costs or priced

    def _take(self, label: str, position: int, target: int) -> bool:
        atom = self.atoms[target]
        if label == ARRIVING:
            return atom.kind is not AtomKind.number and self._take_time("delivery", position, target)
        if label == "was" and atom.kind is AtomKind.date:  # ``call me before 5 December``
            return self.bind("reference", position, target)
        if label == INQUIRY:  # ``your request of 27 November``
            return atom.kind is AtomKind.date and self.bind("reference", position, target)
        if label in ("valid", "lead", "delivery", "shipping", *SPANS) and self._take_time(
            label, position, target
        ):
            return True
        if label in ("delivery", "shipping") and atom.kind in (
            AtomKind.number,
            AtomKind.label,
            AtomKind.each,
            AtomKind.silent,
        ):
            if label == "delivery" and self._is_link(position):
                return False  # ``буде 1425 грн``
            return self.sums.take_cost(label, position, target)
        if label == "payment" and (atom.kind is AtomKind.percent or self._is_plain_days(atom)):
            return self.bind(label, position, target)
        if label == "currency" or (label == "lead" and atom.kind is AtomKind.word):
            return False
        if label == "reference" and atom.kind is AtomKind.word and self._is_code(target):
            return self.bind(label, position, target)  # ``quote ref Q-20881``
        if label == "moq" and atom.kind is AtomKind.number and atom.currency is not None:
            return self.bind(label, position, target)  # ``minimum order 150 EUR``
        if label in COUNTED and atom.kind is AtomKind.number and atom.currency is None:
            return self._take_count(label, position, target)
        if label in ("price", "was", "total") and atom.kind is AtomKind.number and not atom.size:
            return self._take_price(label, position, target)
        if label in ("less", "delivery", "shipping") and atom.kind is AtomKind.percent:
            return label != "less" and self.bind("percent", position, target)
        return False

    def _is_link(self, position: int) -> bool:
        """A label that is no more than a link: ``will be`` stands before a day, and before a price."""
        atom = self.atoms[position]
        linked = self.reader.vocab.words["link"].at(self.reader.tokens, atom.start)
        return linked is not None and linked[1] == atom.after

    def _take_time(self, label: str, position: int, target: int) -> bool:
        """A span or a date, also one that counts only after its label: ``через неделю``, ``until Friday``."""
        atom, tokens = self.atoms[target], self.reader.tokens
        if atom.kind is AtomKind.span:
            return self.bind(label, position, target, span=atom.span, hours=self._hours(atom))
        inside = self.reader.vocab.words["date_in"].at(tokens, atom.start) if label in LEADING else None
        counted = wide_span_at(tokens, inside[1], self.reader.locale) if inside is not None else None
        if counted is not None:  # ``riceve fra quattro giorni``
            return self.bind(label, position, self.atom_before(counted.after, target), span=counted)
        dated = label not in SPANS and not (atom.kind is AtomKind.number and atom.currency is not None)
        found = date_at(tokens, atom.start, self.reader.locale, self.reader.today) if dated else None
        if found is not None and not isinstance(found[0], NotUnderstood):
            if (
                label != "valid"
                and atom.kind is AtomKind.number
                and found[1] == atom.after
                and not atom.currency
            ):
                # ``delivery 15.12``: a day or a cost
                return self.bind("unclear", position, target, date=found[0], number=atom.value)
            return self.bind(label, position, self.atom_before(found[1], target), date=found[0])
        span = wide_span_at(tokens, atom.start, self.reader.locale)
        if span is not None and atom.kind is not AtomKind.number:
            return self.bind(label, position, self.atom_before(span.after, target), span=span)
        following = self._after(target)
        strange = following is not None and following.kind is AtomKind.word  # ``2 haftacık``
        if (
            label == "lead"
            and self._is_plain_days(atom)
            and not strange
            and not self.reader.is_weak(self.atoms[position])
        ):
            count = int(atom.value) if isinstance(atom.value, Decimal) else 0
            whole = FoundSpan(count, count, "day", atom.after)
            return self.bind(label, position, target, span=whole)
        return False

    def _is_plain_days(self, atom: Atom) -> bool:
        """``Lieferzeit: 10``: a whole number without a currency or a unit."""
        if (
            atom.kind is not AtomKind.number
            or not isinstance(atom.value, Decimal)
            or atom.currency
            or atom.unit
        ):
            return False
        return atom.value == int(atom.value) and 0 < atom.value <= MAX_PLAIN_DAYS

    def _hours(self, atom: Atom) -> Decimal | None:
        return atom.value if atom.unit == "hour" and isinstance(atom.value, Decimal) else None

    def _after(self, index: int) -> Atom | None:
        return self.atoms[index + 1] if index + 1 < len(self.atoms) else None

    def atom_before(self, token: int, first: int) -> int:
        """The last atom that begins before a word."""
        return max(index for index in range(first, len(self.atoms)) if self.atoms[index].start < token)

    def _take_count(self, label: str, position: int, target: int) -> bool:
        atom = self.atoms[target]
        if label == "stock":
            after = self._after(target)
            stocked = after is not None and after.kind is AtomKind.label and "stock" in after.labels
            if not (stocked or atom.unit is not None):
                return False
        if label == "reference" and self._is_strong(target):
            return False
        return self.bind(label, position, target, number=atom.value)

    def _is_code(self, target: int) -> bool:
        """``Q-20881``, ``2026/1187``: a word with a digit."""
        return any(char.isdigit() for char in self.reader.tokens[self.atoms[target].start].raw)

    def _is_strong(self, target: int) -> bool:
        following = self._after(target)
        last = not any(each.kind is AtomKind.number for each in self.atoms[target + 1 :])
        before = any(each.kind is AtomKind.number for each in self.atoms[:target])
        return following is not None and following.kind is AtomKind.each and (last or before)

    def _take_price(self, label: str, position: int, target: int) -> bool:
        atom = self.atoms[target]
        if label == "price":
            if atom.unit is not None and not atom.each and atom.currency is None:
                return False
            self.priced.add(target)
            self.used.add(position)
            return True
        if label == "was":
            return self.bind(label, position, target, number=atom.value, currency=atom.currency)
        return False  # a total is proved, or it is none: see quote_price

    def has(self, label: str) -> bool:
        """Whether a label stands here that took no value."""
        return any(
            atom.kind is AtomKind.label and atom.labels[0] == label and index not in self.used
            for index, atom in enumerate(self.atoms)
        )

    def clause(self, at: int) -> range:
        """The atoms of the clause that an atom is in."""
        begun = max((each + 1 for each in range(at) if self.atoms[each].is_cut), default=0)
        ends = (each for each in range(at, len(self.atoms)) if self.atoms[each].is_cut)
        return range(begun, next(ends, len(self.atoms)))

    def denies(self, numbers: Sequence[int]) -> bool:
        """Whether a "not" stands in the clause of one of these numbers, or nothing else stands there."""
        clauses = (self.clause(at) for at in numbers)
        return any(
            self.atoms[each].labels[:1] == ("negative",) and each not in self.used
            for clause in clauses
            for each in clause
        )

    def takes(self, label: str) -> bool:
        """Whether a label took a value."""
        return any(fact.label == label for fact in self.facts)

    def follows_word(self, index: int) -> bool:
        """Whether a word or a size stands before a number."""
        before = self.atoms[index - 1] if index else None
        return before is not None and (before.kind is AtomKind.word or before.size)

    def is_each_after(self, index: int) -> bool:
        """Whether "each" follows a number."""
        following = index + 1
        while following < len(self.atoms) and (
            self.atoms[following].kind is AtomKind.sign and not self.atoms[following].is_cut
        ):
            following += 1
        return following < len(self.atoms) and self.atoms[following].kind is AtomKind.each

    def _left(self, position: int, atom: Atom) -> None:
        if self.sums.take_denied_before(position, atom):
            return
        if self.sums.is_delivered(position, atom):
            self.sums.keep_free(position, position)
            return
        if {"delivery", ARRIVING} & set(atom.labels) and self._take_day_before(position):
            return
        before = position - 1
        while before >= 0 and self.atoms[before].kind is AtomKind.silent and before not in self.used:
            before -= 1
        if before < 0 or before in self.used:
            return
        value = self.atoms[before]
        if value.currency is not None and self._ends_sentence(value, self.atoms[before + 1]):
            return  # ``Clock: $19.95. Dispatch same day``
        for label in ("delivery" if each == ARRIVING else each for each in atom.labels):
            if value.kind is AtomKind.span and label in ("lead", "delivery", "valid", *SPANS):
                self.bind(label, before, position, span=value.span, hours=self._hours(value))
                return
            if value.kind is AtomKind.date and label in ("valid", "delivery", "lead"):
                told = "delivery" if label == "valid" and self._is_delivered_by(position) else label
                self.bind(told, before, position, date=value.date)
                return
            if value.kind is AtomKind.percent and label in ("payment", "shipping"):
                self.bind("payment" if label == "payment" else "percent", before, position)
                return
            if label in ("shipping", "delivery") and self.sums.is_extra(value, atom):
                self.keep(Fact(label="fact", first=before + 1, last=position))
                return
            if label == "was" and self.sums.is_former(before, position):
                self.bind("was", before, position, number=value.value, currency=value.currency)
                return
            if value.kind is AtomKind.number and label == "was_before" and not value.size:
                self.bind("was", before, position, number=value.value, currency=value.currency)
                return
            if value.kind is AtomKind.number and label == "shipping" and self._counts(label, value):
                self.sums.keep_cost(before, position, before)
                return
            if label == "delivery" and self.sums.is_cost(before):
                self.sums.keep_cost(before, position, before)
                return
            if value.kind is AtomKind.number and self._counts(label, value):
                self.bind(label, before, position, number=value.value, currency=value.currency)
                return

    def _is_delivered_by(self, position: int) -> bool:
        """``20 Aralık'a kadar teslim``: an "until" behind its day belongs to what follows it."""
        following = self.atoms[position + 1 : position + 2]
        return any(set(LEADING) & set(atom.labels) for atom in following)

    def _ends_sentence(self, atom: Atom, after: Atom) -> bool:
        """A point behind an amount, and a capital behind it."""
        tokens = self.reader.tokens
        ended = tokens[atom.after - 1].raw.endswith(".") and any(
            char.isdigit() for char in tokens[atom.after - 1].raw
        )
        return ended and tokens[after.start].raw[0].isupper()

    def _take_day_before(self, position: int) -> bool:
        """``Thursday with you``: a weekday right before the label."""
        for first in range(max(0, position - 2), position):
            if first in self.used or self.atoms[first].kind is not AtomKind.word:
                continue
            found = date_at(
                self.reader.tokens, self.atoms[first].start, self.reader.locale, self.reader.today
            )
            if found is not None and found[1] == self.atoms[position].start and isinstance(found[0], date):
                return self.bind("delivery", first, position, date=found[0])
        return False

    def _counts(self, label: str, value: Atom) -> bool:
        """``5 available``, ``20 pcs minimum order``, ``40 shipping``."""
        if label == "shipping":
            return not value.size and value.unit is None
        whole = isinstance(value.value, Decimal) and value.value == int(value.value)
        return label in ("stock", "moq") and value.currency is None and whole

    def bind(self, label: str, first: int, last: int, **value: object) -> bool:
        self.keep(Fact(label=label, first=first, last=last, **value))  # type: ignore[arg-type]
        return True

    def keep(self, fact: Fact) -> None:
        self.facts.append(fact)
        self.used.update(range(fact.first, fact.last + 1))
