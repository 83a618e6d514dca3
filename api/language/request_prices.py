"""The prices of a request line: what one costs, what it may cost at most, and what a price is for.

One rule: a price for something else than one of the line's units is converted when the unit allows it, else asked.

A limit (``max 500``) is no price and no word of the item: vendors read the item.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from api.language.amounts import FoundPrice, currency_named, price_at, quantity_at, unit_at
from api.language.dates import date_at
from api.language.numbers import NumberReading, plain
from api.language.readings import Ambiguous, NotUnderstood
from api.language.request_clauses import ClauseReader
from api.language.tokenizer import tokenize
from api.language.vocabulary import DOLLARS, language_of, vocabulary

COUNT_OF = {"dozen": 12, "pair": 2}


@dataclass
class PriceClauses(ClauseReader):
    """Reads prices at a position of the current segment."""

    unnamed: bool = False
    """A price was given before any currency was."""

    def _at_price(self, index: int) -> int | None:
        """``@1200``, ``@ 1.200 EUR each``, ``je 1200``; an unreadable price is quoted back."""
        tokens, raw = self.tokens, self.tokens[index].raw
        if raw == "@":
            return self._price(index, price_at(tokens, index + 1, self.locale, self.currency), strong=True)
        if raw.startswith("@") and (not raw[1].isalpha() or self._currency(raw[1:])):
            found = price_at(
                [*tokenize(raw[1:]), *tokens[index + 1 : index + 9]], 0, self.locale, self.currency
            )
            moved = replace(found, after=index + found.after) if found else None
            return self._price(index, moved, strong=True)
        word = vocabulary(language_of(self.locale)).price_at.at(tokens, index)
        if word is None or not self.segment.words or self.segment.has_price:
            return None
        found = price_at(tokens, word[1], self.locale, self.currency)
        if found is not None and found.currency is None and self._measures(found.after):
            return None  # ``20 rolls of 50 m``, ``zu je 12 Flaschen``
        if found is not None and self._is_strange(found):
            self.builder.add_unread(tokens, index, found.after + 1)
            self._close()
            return found.after + 1
        return self._price(index, found, strong=False)

    def _is_strange(self, found: FoundPrice) -> bool:
        """``à 120 balles``: an unknown word where a currency stands."""
        vocab = vocabulary(language_of(self.locale))
        if self._is_end(found.after) or self._per(found.after) is not None:
            return False
        known = vocab.each.at(self.tokens, found.after) or vocab.quote.at(self.tokens, found.after)
        return known is None and self.tokens[found.after].raw[0].isalpha()

    def _measures(self, index: int) -> bool:
        """Whether a unit stands here that is not "each": the number before it is no price."""
        vocab = vocabulary(language_of(self.locale))
        if vocab.each.at(self.tokens, index) is not None:
            return False
        unit = unit_at(self.tokens, index, self.locale)
        return unit is not None or vocab.dimensions.at(self.tokens, index) is not None

    def _currency(self, raw: str) -> bool:
        named = tokenize(raw)
        return bool(named) and currency_named(named, 0, self.locale, self.currency) is not None

    def _bare_money(self, index: int) -> int | None:
        """``1200 each`` is a price; ``500 USD`` may be for one or for all, so it is asked."""
        raw = self.tokens[index].raw
        number = index + 1 if self._currency(raw) and raw.isupper() else index
        following = self.tokens[number].raw if number < len(self.tokens) else ""
        if not self.segment.words or self.segment.has_price or not any(char.isdigit() for char in following):
            return None
        found = price_at(self.tokens, index, self.locale, self.currency)
        if found is None or isinstance(found.value, NotUnderstood):
            return None
        vocab = vocabulary(language_of(self.locale))
        if (
            vocab.each.at(self.tokens, found.after) is not None
            and unit_at(self.tokens, index + 1, self.locale) is None
        ):
            return self._price(index, found, strong=True)
        if not isinstance(found.value, Decimal) or found.currency is None or not self._is_money(index, found):
            return None
        of = vocab.of.at(self.tokens, found.after)
        limit = vocab.words["budget"].at(self.tokens, of[1] if of is not None else found.after)
        if limit is not None:  # ``18.000 euros de presupuesto``
            return self._quote_limit(index, limit[1])
        if self._per(found.after) is not None:
            return self._price(index, found, strong=True)
        if self.segment.quantity == 1:
            self._named(self._usual(found.currency), self._text(index, found.after))
        return self._ask_each(index, found.value, found.after)

    def _each_first(self, index: int) -> int | None:
        """``pro Stück 289 €``, ``кожен коштує 9500 грн``: "each" before the price."""
        vocab = vocabulary(language_of(self.locale))
        label, each = vocab.quote.at(self.tokens, index), vocab.each.at(self.tokens, index)
        if each is None and (label is None or "per" not in label[0].split("/")):
            return None
        if not self.segment.words or self.segment.has_price:
            return None
        start = each[1] if each is not None else label[1] if label is not None else index
        costs = vocab.words["costs"].at(self.tokens, start)
        start = costs[1] if costs is not None else start
        found = price_at(self.tokens, start, self.locale, self.currency)
        if found is None or found.currency is None or not isinstance(found.value, Decimal):
            return None
        return self._price(start, found, strong=True)

    def _ask_each(self, index: int, value: Decimal, after: int) -> int:
        """For one piece there is no doubt; for several the sum may be for one or for all."""
        text, quantity = self._text(index, after), self.segment.quantity
        self._close()
        if quantity is None or not value:
            self.builder.add_unread(self.tokens, index, after)
            return after
        self.segment.has_price = True
        if quantity == 1:
            self.segment.unit_price = value
            return after
        readings = (plain(value), plain(round(value / quantity, 6)))
        self.builder.add_question(Ambiguous(text=text, readings=readings, field="unit_price", line=self.line))
        return after

    def _is_money(self, index: int, found: FoundPrice) -> bool:
        """A code that few use may be a word of the item: ``5 TOP chairs``."""
        signs = "".join(token.raw for token in self.tokens[index : found.after])
        letters = "".join(char for char in signs if char.isalpha())
        return not letters.isupper() or letters in {
            "USD",
            "EUR",
            "GBP",
            "CHF",
            "PLN",
            "RUB",
            "UAH",
            "TRY",
            "MXN",
        }

    def _limit(self, index: int) -> int | None:
        """``max 500``, ``under $500 each``: quoted back, for it is neither the price nor a word of the item."""
        vocab = vocabulary(language_of(self.locale))
        purpose = vocab.clauses.at(self.tokens, index)
        start = purpose[1] if purpose is not None and purpose[0] == "purpose" else index
        begun = start
        while (found := vocab.words["budget"].at(self.tokens, start)) is not None:
            start = found[1]
        if start == begun or not (self.segment.words or self.segment.closed):
            return None
        while (loose := self._loose_at(start)) is not None:
            start = loose
        price = price_at(self.tokens, start, self.locale, self.currency)
        day = date_at(self.tokens, start, self.locale, self.today)
        if price is None and day is None and (self._counts_in_words(start) or self._shortened(start)):
            return self._quote_limit(index, self._part_end(start))
        dated = (
            day is not None
            and not isinstance(day[0], NotUnderstood)
            and (price is None or price.currency is None)
        )
        if price is None or dated or (price.currency is None and self._measures(price.after)):
            return None
        after = price.after
        if price.currency is None and not self._is_end(after):
            after += 1  # ``about 600 smackers``
        while (each := vocab.each.at(self.tokens, after)) is not None:
            after = each[1]
        self._ask_currency(price, (index, after))
        return self._quote_limit(index, after)

    def _ask_currency(self, price: FoundPrice, span: tuple[int, int]) -> None:
        """``max 4 euro per glass``: a limit for one, in another currency, may say which one holds."""
        begun, after = span
        following = after < len(self.tokens) and not self._is_end(after)
        other = isinstance(price.currency, str) and self.currency not in {None, price.currency}
        if other and following and "currency" not in self.builder.values:
            readings = (str(self.currency), str(price.currency))
            text = self._text(begun, after)
            self.builder.add_question(Ambiguous(text=text, readings=readings, field="currency"))

    def _loose_at(self, index: int) -> int | None:
        """The position after a word that may stand between a limit and its number: ``sotto i 150 euro``."""
        vocab = vocabulary(language_of(self.locale))
        tables = (vocab.price_at, vocab.of, vocab.words["definite"], vocab.words["fillers"])
        return next((found[1] for each in tables if (found := each.at(self.tokens, index)) is not None), None)

    def _shortened(self, index: int) -> bool:
        """``under 2k``: digits that are no number and measure nothing."""
        digits = index < len(self.tokens) and self.tokens[index].raw.strip("$€£")[:1].isdigit()
        return digits and quantity_at(self.tokens, index, self.locale) is None

    def _quote_limit(self, index: int, after: int) -> int:
        vocab = vocabulary(language_of(self.locale))
        while (
            index > 1
            and vocab.price_at.at(self.tokens, index - 1)
            and self._without(index - 1, index) < index
        ):
            index -= 1
        self.builder.add_unread(self.tokens, self._since_comma(index), after)
        self._close()
        return after

    def _counts_in_words(self, index: int) -> bool:
        """``under a hundred bucks``."""
        vocab = vocabulary(language_of(self.locale))
        counted = vocab.counts.at(self.tokens, index)
        start = counted[1] if counted is not None else index
        return vocab.multipliers.at(self.tokens, start) is not None

    def _part_end(self, index: int) -> int:
        return next(
            (at for at in range(index, len(self.tokens)) if self.tokens[at].raw == ","), len(self.tokens)
        )

    def _price(self, index: int, found: FoundPrice | None, *, strong: bool) -> int | None:
        if found is None:
            if not strong:
                return None
            after = min(index + (2 if self.tokens[index].raw == "@" else 1), len(self.tokens))
            self.builder.add_unread(self.tokens, index, after)
            self._close()
            return after
        total = vocabulary(language_of(self.locale)).quote.at(self.tokens, found.after)
        if total is not None and "total" in total[0].split("/"):
            self.builder.add_unread(self.tokens, index, total[1])
            self._close()
            return total[1]
        joined = vocabulary(language_of(self.locale)).of.at(self.tokens, found.after)
        named = joined[1] if joined is not None else found.after
        limit = vocabulary(language_of(self.locale)).words["budget"].at(self.tokens, named)
        if limit is not None and joined is not None:  # ``tenemos 500 € de presupuesto``
            begun = self._since_comma(index)
            self.builder.add_unread(self.tokens, begun, limit[1])
            self._close()
            return limit[1]
        if limit is not None and self._is_end(limit[1]):  # ``at 90 € max``
            self._ask_currency(found, (index, limit[1]))
            return self._quote_limit(index, limit[1])
        text = self._text(index, found.after)
        per = self._per(found.after)
        if per is not None:
            self._price_per(found, per, index)
        else:
            self._price_value(found.value, text, (index, found.after))
        self._named(self._usual(found.currency) if found.currency is not None else None, text)
        self._close()
        after = per[1] if per is not None else found.after
        each = vocabulary(language_of(self.locale)).each.at(self.tokens, after)
        return each[1] if each else after

    def _named(self, currency: str | Ambiguous | None, text: str) -> None:
        """A currency that is named with a later price says nothing about an earlier one: it is asked."""
        if currency is None:
            self.unnamed = self.unnamed or "currency" not in self.builder.values
            return
        late = self.unnamed and isinstance(currency, str) and self.currency not in {None, currency}
        if late and "currency" not in self.builder.values:
            readings = (str(self.currency), str(currency))
            self.builder.add_question(Ambiguous(text=text, readings=readings, field="currency"))
            return
        self.builder.add_reading("currency", currency, text)

    def _usual(self, currency: str | Ambiguous) -> str | Ambiguous:
        """An estimate binds nobody, so a name takes its commonest currency, which the review shows."""
        if isinstance(currency, Ambiguous) and currency.readings != DOLLARS[:3]:
            return currency.readings[0]
        return currency

    def _per(self, index: int) -> tuple[Decimal | None, int] | None:
        """What a price is for, ``per 100``, ``/kg``, ``je Karton``: how many of the line's unit, if that is known."""
        vocab, raw = (
            vocabulary(language_of(self.locale)),
            self.tokens[index].raw if index < len(self.tokens) else "",
        )
        if raw.startswith("/") and len(raw) > 1:
            unit = unit_at(tokenize(raw[1:]), 0, self.locale)
            return (self._share(unit[0], None), index + 1) if unit is not None else None
        label = vocab.quote.at(self.tokens, index)
        each = vocab.each.at(self.tokens, index)
        if label is None or "per" not in label[0].split("/") or (each is not None and each[1] > label[1]):
            return None
        named = [found for at in range(index, label[1]) if (found := unit_at(self.tokens, at, self.locale))]
        number = price_at(self.tokens, label[1], self.locale, None)
        if named and named[-1][0] != "pcs":
            after = number.after if number is not None and number.currency is None else label[1]
            return (self._share(named[-1][0], None) if after == label[1] else None), self._after_contents(
                after
            )
        unit = unit_at(self.tokens, label[1], self.locale)
        if unit is not None:
            return self._share(unit[0], unit[1]), self._after_contents(unit[1])
        if number is not None and isinstance(number.value, Decimal) and number.currency is None:
            unit = unit_at(self.tokens, number.after, self.locale)
            count = number.value if unit is None or unit[0] == "pcs" else None
            return count, unit[1] if unit is not None else number.after
        return None

    def _share(self, unit: str, after: int | None) -> Decimal | None:
        """How many of the line's units one such unit is; None when that is not known: ``per box of 5``."""
        if after is not None and after != self._after_contents(after):
            return None
        if unit == (self.segment.unit or "pcs"):
            return Decimal(1)
        return Decimal(COUNT_OF[unit]) if unit in COUNT_OF and self.segment.unit is None else None

    def _after_contents(self, index: int) -> int:
        """``box of 5``: the position after what it holds."""
        of = vocabulary(language_of(self.locale)).of.at(self.tokens, index)
        held = of is not None and of[1] < len(self.tokens) and self.tokens[of[1]].raw[0].isdigit()
        return of[1] + 1 if of is not None and held else index

    def _price_per(self, found: FoundPrice, per: tuple[Decimal | None, int], index: int) -> None:
        count, after = per
        text = self._text(index, after)
        if count is not None and count > 0 and isinstance(found.value, Decimal):
            self._price_value(round(found.value / count, 6), text, (index, after))
            self.segment.read_from = text if count != 1 else None
            return
        self.segment.has_price = True
        self.builder.add_unread(self.tokens, index, after)

    def _price_value(self, value: NumberReading, text: str, span: tuple[int, int]) -> None:
        again = self.segment.has_price and value != self.segment.unit_price
        self.segment.has_price = True
        match value:
            case Decimal() if not again:
                self.segment.unit_price = value
            case Ambiguous():
                self.segment.unit_price = None
                self.builder.add_question(
                    value.model_copy(update={"field": "unit_price", "line": self.line, "text": text})
                )
            case _:
                self.builder.add_unread(self.tokens, *span)
