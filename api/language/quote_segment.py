"""One part of a quote: its answer, its price and its facts.

One rule: what no reader accounts for is quoted back, and a number among it is no value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.dates import DateReading
from api.language.numbers import plain
from api.language.price_found import PriceFound
from api.language.quote_account import Account
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_builder import QuoteBuilder
from api.language.quote_buyers import BuyerReader
from api.language.quote_fact import KEPT, Fact, words_of
from api.language.quote_facts import FactReader
from api.language.quote_lead_reach import Reach, reach_of
from api.language.quote_leads import LEADS, Lead, LeadReader
from api.language.quote_naming import is_item_word
from api.language.quote_parts import DASHES, QuotePart
from api.language.quote_price import PriceReader
from api.language.quote_refusals import RefusalReader
from api.language.quote_signs import columns, spread, with_cuts
from api.language.quote_tiers import without_tiers
from api.language.reading_builder import as_text
from api.language.readings import Ambiguous, QuoteAnswer, QuoteLineReading
from api.language.spans import MAX_DAYS_AHEAD, day_after, days_of
from api.language.tokenizer import Token, fold, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MAX_UNKNOWN_IN_GREETING = 3
MAX_SIGNATURE = 8
"""A part that opens with thanks and has more words is no signature."""
CODE_LENGTH = 3
"""Of a currency (ISO 4217); a name that several have stands for all of their codes."""
EACH = "/pc"
_PER_WORD = re.compile(r"(?<=\s)/([^\W\d_]{3,})")


@dataclass
class SegmentReader:
    """Reads the parts of a quote one by one into its builder."""

    locale: Locale
    today: date
    currency: str | None
    quantities: Sequence[Decimal]
    items: Sequence[str]
    previous: QuoteLineReading | None
    builder: QuoteBuilder
    source: str | None = None
    """What the price was chosen from, where it stands among others for other numbers."""
    counted_items: Sequence[str] = ()
    """The items with what the buyer counts them in."""
    valued: bool = False
    """A currency is named somewhere in the quote."""
    in_words: bool = False
    """Numbers were written in words."""
    said: str = ""
    """The whole quote: what ends its only sentence may be said of all lines of the RFQ."""

    @property
    def vocab(self) -> Vocabulary:
        return vocabulary(language_of(self.locale))

    def read(self, part: QuotePart) -> None:
        """Add what one part says to the builder."""
        self.builder.builder.new_segment()
        if part.outside:
            self.builder.builder.unread.append(part.text[:80])
            return
        asked = self._asked(part)
        tiered = without_tiers(part.text, asked, self.locale) if self.builder.lines > 1 else None
        if tiered is not None:
            self.source = tiered.source
        spoken = with_cuts(tiered.text if tiered is not None else part.text, self.locale, self.today)
        told = self._without_note(tokenize(self._each_item(spread(spoken), part)))
        tokens = self._without_signature(_without_dash(told))
        if tokens and not self._declines(tokens, part):
            answer, start = self._answer(tokens)
            if answer is QuoteAnswer.same and not self._is_all(tokens[start:]):
                answer, start = None, 0
            self._read_atoms(tokens[start:], part, answer)

    def _each_item(self, text: str, part: QuotePart) -> str:
        """``0.35 /bolt`` is for one, where bolts were asked for."""

        def each(match: re.Match[str]) -> str:
            return EACH if is_item_word(fold(match[1]), self._own_item(part)) else match.group()

        return _PER_WORD.sub(each, text)

    def _without_note(self, tokens: list[Token]) -> list[Token]:
        """Cuts ``note: ...`` off the end."""
        for index in range(len(tokens)):
            found = self.vocab.quote.at(tokens, index)
            if found is not None and found[0] == "note" and ":" in tokens[found[1] - 1].raw:
                first = tokens[found[1] - 1].raw.partition(":")[2]
                note = (
                    " ".join([first, *(each.raw for each in tokens[found[1] :])]).replace(" ,", ",").strip()
                )
                self.builder.notes += [note] if note else []
                return tokens[:index]
        return tokens

    def _without_signature(self, tokens: list[Token]) -> list[Token]:
        opened = int(len(tokens) > MAX_SIGNATURE)  # ``Vielen Dank für Ihre Anfrage. Leider müssen wir …``
        payer = self.vocab.words["buyer_pays"]
        for index in range(opened, len(tokens)):
            paid = (payer.at(tokens, at) for at in (index - 2, index - 1, index))
            if any(each is not None and each[1] > index for each in paid):
                continue  # ``Versand auf Ihre Kosten``
            if self.vocab.words["sign_off"].at(tokens, index) is not None:
                rest = tokens[index:]
                if not any(char.isdigit() for token in rest for char in token.raw):
                    return tokens[:index]
        return tokens

    # Answers in words ---------------------------------------------------------------------------------------

    def _answer(self, tokens: Sequence[Token]) -> tuple[QuoteAnswer | None, int]:
        """no, skip, same: only as the first words, and with nothing after them in the same clause."""
        begun = next((at for at, each in enumerate(tokens) if not is_item_word(each.word, self.items)), 0)
        found = self.vocab.answers.at(tokens, 0) or self._same_behind(tokens, begun)
        if found is None:
            return None, 0
        answer, after = QuoteAnswer(found[0]), found[1]
        while (thanks := self.vocab.courtesies.at(tokens, after)) is not None:
            after = thanks[1]
        ended = after >= len(tokens) or tokens[after].raw in {",", ".", "!", "-", "–", "—", "("}
        if not ended and answer is not QuoteAnswer.same:
            return None, 0
        return answer, after

    def _same_behind(self, tokens: Sequence[Token], begun: int) -> tuple[str, int] | None:
        """``keyboards same price``: as before, behind the words of the item."""
        found = self.vocab.answers.at(tokens, begun)
        return found if found is not None and found[0] == QuoteAnswer.same else None

    def _is_all(self, tokens: Sequence[Token]) -> bool:
        """Whether "same" says all: ``same, 10 days``, but not ``same as last time, 398``."""
        reader = self._reader(tokens)
        facts = FactReader(reader, reader.read())
        facts.read()
        left = [atom.kind for at, atom in enumerate(facts.atoms) if at not in facts.used]
        return AtomKind.word not in left and AtomKind.number not in left

    def _declines(self, tokens: Sequence[Token], part: QuotePart) -> bool:
        """Take a part that refuses its line; a refusal of no known line is quoted back."""
        refusal = RefusalReader(self._reader(tokens))
        if not refusal.refuses(numbered=part.numbered):
            return False
        if part.line is None or refusal.is_limited():
            self.builder.builder.add_unread(tokens, 0, len(tokens))
        else:
            self.builder.add_answer(QuoteLineReading(line=part.line, answer=QuoteAnswer.no_bid))
        return True

    # Numbers ------------------------------------------------------------------------------------------------

    def _reader(self, tokens: Sequence[Token]) -> AtomReader:
        return AtomReader(tokens, self.locale, self.today, self.currency, self.items, self.valued)

    def _read_atoms(self, tokens: Sequence[Token], part: QuotePart, answer: QuoteAnswer | None) -> None:
        reader = self._reader(tokens)
        atoms = reader.read()
        if answer is None and self._is_greeting(tokens, atoms):
            self.builder.greetings.append(part.text[:80])
            return
        facts = FactReader(reader, atoms)
        facts.read()
        asked = self._asked(part)
        prices = PriceReader(reader, facts, asked, part.numbered, self._own_item(part))
        priced = prices.read() if answer is None else None
        account = Account(facts, prices, self.counted_items or self.items, part.numbered)
        if (priced is None or priced.value is None) and len(columns(tokens)) > len(tokens):
            again = columns(tokens)
            if self._is_proved(again, asked, part):
                self._read_atoms(again, part, answer)
                return
        if priced is not None and (account.doubts(priced) or BuyerReader(facts).doubts(priced.position)):
            priced = prices.asked_about(priced)
        if priced is None:
            self._add_other_currencies(atoms, facts)
        for atom in atoms:
            if atom.kind is AtomKind.silent and atom.currency is not None:
                if not any(each.kind is AtomKind.number for each in atoms):
                    self.builder.name_all(atom.currency)  # ``prices in EUR``
                self.builder.add_currency(atom.currency, tokens[atom.start].raw)
        lead = self._lead(reader, facts)
        text = " ".join(token.raw for token in tokens).replace(" ,", ",")
        if answer is not None:
            self._add_word(answer, part, text)
        elif priced is not None:
            self._add_price(priced, part, text, lead)
        self._add_facts(reader, atoms, facts, account)
        self._add_lead(lead, part, alone=answer is None and priced is None)
        for atom in account.unread():
            self.builder.builder.add_unread(tokens, atom.start, atom.after)
            named = self.vocab.currencies.at(tokens, atom.start)
            if named is not None and len(named[0]) == CODE_LENGTH:
                self.builder.doubt_currency(named[0], tokens[atom.start].raw)

    def _asked(self, part: QuotePart) -> Decimal | None:
        """How many the RFQ asks for of a part's line."""
        return self.quantities[part.line - 1] if part.line and part.line <= len(self.quantities) else None

    def _own_item(self, part: QuotePart) -> Sequence[str]:
        """The item of the line that a part answers; all of them where that is not known."""
        items = self.counted_items or self.items
        known = part.line is not None and part.line <= len(items)
        return items[part.line - 1 : part.line] if known and part.line is not None else items

    def _add_other_currencies(self, atoms: Sequence[Atom], facts: FactReader) -> None:
        """``total 202.00 EUR`` under prices without a currency: whether they are in euros is asked."""
        for index, atom in enumerate(atoms):
            if atom.kind is AtomKind.number and atom.currency is not None and index not in facts.used:
                if facts.has("total") and self.builder.sums_to(atom.value, self.quantities):
                    self.builder.name_all(atom.currency)
                self.builder.add_currency(atom.currency, f"{atom.currency}")

    def _is_proved(self, tokens: Sequence[Token], asked: Decimal | None, part: QuotePart) -> bool:
        """Whether the numbers as columns of their own prove the price: ``10 450.00 4500.00``."""
        reader = self._reader(tokens)
        facts = FactReader(reader, reader.read())
        facts.read()
        found = PriceReader(reader, facts, asked, part.numbered, self.items).read()
        return found is not None and found.proved

    def _is_greeting(self, tokens: Sequence[Token], atoms: Sequence[Atom]) -> bool:
        """``Hello Ann,``: a courtesy and a name."""
        if any(char.isdigit() for token in tokens for char in token.raw):
            return False
        opens = self.vocab.courtesies.at(tokens, 0) or self.vocab.openings.at(tokens, 0)
        unknown = sum(atom.kind is AtomKind.word for atom in atoms)
        labelled = any(atom.kind is AtomKind.label for atom in atoms)
        return opens is not None and unknown <= MAX_UNKNOWN_IN_GREETING and not labelled

    def _add_word(self, answer: QuoteAnswer, part: QuotePart, text: str) -> None:
        if part.line is None:
            self.builder.ask_line(text)
            return
        repeats = self.previous or self._line_before(part.line) if answer is QuoteAnswer.same else None
        if repeats is not None and self.previous is None:
            self.builder.add_answer(repeats.model_copy(update={"line": part.line, "quantity": None}))
            return
        self.builder.add_answer(
            QuoteLineReading(
                line=part.line,
                answer=answer,
                unit_price=repeats.unit_price if repeats else None,
                lead_time_days=repeats.lead_time_days if repeats else None,
            )
        )

    def _line_before(self, line: int) -> QuoteLineReading | None:
        """The priced line above, which ``item 2 same`` repeats."""
        above = self.builder.answers.get(line - 1)
        return above if above is not None and above.unit_price is not None else None

    def _add_price(self, priced: PriceFound, part: QuotePart, text: str, lead: Lead | None) -> None:
        if part.line is None:
            self.builder.ask_line(text)
            return
        if priced.total and part.line in self.builder.answers:
            self.builder.builder.unread.append(text[:80])  # a total beside the price of one
            return
        if self.source is not None and priced.value is not None:
            priced = replace(priced, value=None, readings=(plain(priced.value),))  # picked among tiers
        self.builder.apiece = self.builder.apiece or priced.apiece
        if priced.value is None:
            question = Ambiguous(text=text, readings=priced.readings, field="unit_price", line=part.line)
            self.builder.builder.add_question(question)
            if priced.if_apiece is not None:
                self.builder.shared[part.line] = (priced.if_apiece, question)
        own = (
            lead is not None
            and not lead.asked
            and reach_of(lead, part, self.builder, said=self.said) is Reach.line
        )
        days = lead.days[0] if lead is not None and own else None
        self.builder.add_answer(
            QuoteLineReading(
                line=part.line,
                unit_price=priced.value,
                quantity=priced.quantity if priced.value is not None else None,
                lead_time_days=days,
                read_from=text[:80] if priced.proved or priced.converted or self.in_words else None,
            )
        )
        self.source = None
        self.builder.add_currency(priced.currency, text)

    # Facts --------------------------------------------------------------------------------------------------

    def _lead(self, reader: AtomReader, facts: FactReader) -> Lead | None:
        leads = LeadReader(reader, facts, self.items, self.builder.lead_named)
        found = leads.read()
        self.builder.lead_named = self.builder.lead_named or leads.named
        if leads.unread is not None:
            self.builder.builder.unread.append(leads.unread[:80])
        return found

    def _add_lead(self, lead: Lead | None, part: QuotePart, *, alone: bool) -> None:
        if lead is None:
            return
        reach = reach_of(lead, part, self.builder, said=self.said)
        own = part.line if part.numbered and reach is Reach.line else None
        if lead.days[0] > MAX_DAYS_AHEAD or not lead.days[0]:
            self.builder.builder.unread.append(lead.text[:80])
        elif lead.asked:
            self.builder.ask_lead(lead.days, lead.text, part.line if reach is Reach.line else None)
        elif alone and lead.spoken:
            self.builder.spoken_lead = (lead.days[0], lead.text, own)
        elif alone:
            self.builder.add_lead(lead.days[0], lead.text, own)
        elif self.builder.lines == 1 or reach is Reach.all:
            self.builder.add_lead(lead.days[0], lead.text, None)
        elif reach is Reach.asked:
            self.builder.ask_lead(lead.days, lead.text, None)

    def _add_facts(
        self, reader: AtomReader, atoms: Sequence[Atom], facts: FactReader, account: Account
    ) -> None:
        for fact in sorted(facts.facts, key=lambda each: each.first):
            text = words_of(reader, atoms, fact)
            doubtful = fact.doubted or (
                fact.label in ("valid", "shipping") and account.is_doubtful(fact.first, fact.last)
            )
            if fact.label == "valid" and RefusalReader(reader).declines_somewhere():
                self.builder.builder.unread.append(text[:80])  # ``agotado hasta el 15 de enero``
            elif fact.label == "valid":
                self._add_validity(fact, text, doubtful=doubtful)
            elif fact.label == "shipping" and fact.number is not None:
                self._add_shipping(fact, text, doubtful=doubtful)
            elif fact.label == "shipping_each":
                self._ask_shipping(fact, text)
            elif fact.label == "unclear" and isinstance(fact.date, date) and isinstance(fact.number, Decimal):
                readings = (as_text(fact.date), as_text(fact.number))
                self.builder.builder.add_question(Ambiguous(text=text, readings=readings, field="delivery"))
            elif fact.label in ("percent", "unclear") or (fact.label in LEADS and fact.hours is not None):
                self._add_hours(reader, facts, fact, text)
            elif (fact.label in LEADS and fact.date is not None) or fact.label in KEPT:
                self.builder.notes.append(text)

    def _add_hours(self, reader: AtomReader, facts: FactReader, fact: Fact, text: str) -> None:
        """Hours until something leaves, and percents of nothing known, are quoted back."""
        if LeadReader(reader, facts, self.items, False).hours_in_days(fact) is None:
            self.builder.builder.unread.append(text[:80])

    def _add_validity(self, fact: Fact, text: str, *, doubtful: bool) -> None:
        reading: DateReading | None = fact.date if isinstance(fact.date, date | Ambiguous) else None
        if (
            fact.span is not None
            and fact.span.exact
            and days_of(fact.span.low, fact.span.unit) <= MAX_DAYS_AHEAD
        ):
            reading = day_after(self.today, fact.span.low, fact.span.unit)
        if isinstance(reading, date | Ambiguous):
            self.builder.set_once("valid_until", _doubted(reading, text) if doubtful else reading, text)
        else:
            self.builder.builder.unread.append(text[:80])

    def _add_shipping(self, fact: Fact, text: str, *, doubtful: bool) -> None:
        if isinstance(fact.number, Decimal | Ambiguous):
            self.builder.set_once("shipping", _doubted(fact.number, text) if doubtful else fact.number, text)
            self.builder.add_currency(fact.currency, text) if fact.currency is not None else None
        else:
            self.builder.builder.unread.append(text[:80])

    def _ask_shipping(self, fact: Fact, text: str) -> None:
        """What delivery costs for one: asked whether it comes to as many times that sum."""
        count = fact.count if isinstance(fact.count, Decimal) else sum(self.quantities, Decimal(0))
        if not isinstance(fact.number, Decimal) or not count:
            self.builder.builder.unread.append(text[:80])
            return
        sums = dict.fromkeys((plain(fact.number * count), plain(fact.number)))
        self.builder.set_once("shipping", Ambiguous(text=text, readings=tuple(sums)), text)
        if fact.currency is not None:
            self.builder.add_currency(fact.currency, text)


def _without_dash(tokens: list[Token]) -> list[Token]:
    """``- n/a``: what stands behind a line's number and a dash; a dash alone is an answer itself."""
    return tokens[1:] if len(tokens) > 1 and tokens[0].raw in DASHES else tokens


def _doubted(value: Decimal | date | Ambiguous, text: str) -> Ambiguous:
    """A value beside which an unknown word stands: it is asked whether it is meant."""
    return value if isinstance(value, Ambiguous) else Ambiguous(text=text, readings=(as_text(value),))
