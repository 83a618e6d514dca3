"""For how many a price is: ``45 per 100``, ``je 10 Stück``, ``a dozen``, ``10 for 4500``.

One rule: a price that is for anything else than one is no unit price; it is asked what one costs.

A price in a currency per ten, dozen, hundred or thousand is worked out for one where several of these were asked for:
``$18 per 100`` for 500 screws is 0.18.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from api.language.numbers import MAX_FRACTION_DIGITS
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_facts import FactReader
from api.language.quote_naming import is_item_word
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import LANGUAGES, vocabulary

COUNT_OF = {"pair": 2, "dozen": 12}
ROUND_COUNTS = frozenset({Decimal(10), Decimal(12), Decimal(100), Decimal(1000)})
"""Prices are given per so many pieces; any other number is a pack, or what the vendor wants to sell."""
NAMED_COUNTS = {"dozens": Decimal(12), "hundreds": Decimal(100), "thousands": Decimal(1000)}
MIN_GLUED = 4
_SIZE = re.compile(r"[^\W\d_]{1,2}\d+([x×]\d+)?", re.IGNORECASE)
_MEASURED = re.compile(r"\d+([.,]\d+)?(ml|мл|ul|µl|mm|мм|cm|см)", re.IGNORECASE)
_SINGLE = frozenset({"pcs", "ml", "mm", "cm"})
"""Units that say nothing of how many an item is."""
Bases = dict[int, Decimal | None]
"""The atoms that say for how many the price is, and how many that are, if that is known."""


def _is_pack(tokens: Sequence[Token], index: int) -> bool:
    """A number or a word for several pieces, in any language; ``M8`` and ``10 ml`` say what one piece is."""
    raw = tokens[index].raw.strip(".,:;()")
    if any(char.isdigit() for char in raw):
        after = tokens[index + 1].word if index + 1 < len(tokens) else ""
        return not (_SIZE.fullmatch(raw) or _MEASURED.fullmatch(f"{raw}{after}"))
    for language in LANGUAGES:
        vocab = vocabulary(language)
        unit = vocab.units.at(tokens, index)
        if vocab.words["packs"].at(tokens, index) or (unit is not None and unit[0] not in _SINGLE):
            return True
    return False


@dataclass
class BasisReader:
    """Finds the bases among the atoms that no label took."""

    reader: AtomReader
    facts: FactReader
    asked: Decimal | None
    items: Sequence[str] = ()
    bases: Bases = field(default_factory=dict)
    pieces: Decimal | None = None
    """For how many pieces the only basis is, when it names nothing but a round number of them."""

    @property
    def atoms(self) -> list[Atom]:
        return self.facts.atoms

    def read(self) -> Bases:
        seen = False
        for index, atom in enumerate(self.atoms):
            if self._is_each_item(index):
                self.facts.used.add(index)
            elif index not in self.bases and (
                self._is_priced_after(index)
                or ((seen or self._begins_with_basis(index)) and self._says_per(index))
            ):
                self._take_basis(index)
            seen = seen or (atom.kind is AtomKind.number and index not in self.facts.used)
        self._take_pack_size()
        self.pieces = self._pieces()
        return self.bases

    def _take_pack_size(self) -> None:
        """``in boxes of 100, $9 a box``, ``za opak. 100 szt.``: how many of them the basis is."""
        if len(self.bases) != 1 or None not in self.bases.values():
            return
        basis = next(iter(self.bases))
        code = self._unit_of(basis) or self._unit_of(basis + 1)
        for at in range(1, len(self.atoms)):
            told = [each for each in range(at) if self.atoms[each].kind is not AtomKind.silent]
            if code is not None and self._counts(self.atoms[at]) and told and self._unit_of(told[-1]) == code:
                value = self.atoms[at].value
                self.bases = dict.fromkeys((basis, at), value if isinstance(value, Decimal) else None)
                return

    def _unit_of(self, index: int) -> str | None:
        """The container that an atom names."""
        if index >= len(self.atoms) or self.atoms[index].kind is AtomKind.number:
            return None
        units, tokens = self.reader.vocab.units, self.reader.tokens
        words = range(self.atoms[index].start, self.atoms[index].after)
        named = (units.at(tokens, at) for at in words)
        return next((unit[0] for unit in named if unit is not None and unit[0] != "pcs"), None)

    def _count_named(self, atom: Atom) -> Decimal | None:
        """``the hundred``, ``le mille``, ``düzinesi``: a number that is a word of the basis."""
        words, tokens = self.reader.vocab.words, self.reader.tokens
        named = (
            count
            for name, count in NAMED_COUNTS.items()
            for at in range(atom.start, atom.after)
            if words[name].at(tokens, at)
        )
        return next(named, None)

    def _pieces(self) -> Decimal | None:
        """The count of ``per 100``, ``je 100 Stück``, ``a dozen``; none of ``per box of 100``, ``10 for 410``."""
        counts, tokens, units = set(self.bases.values()), self.reader.tokens, self.reader.vocab.units
        count = counts.pop() if len(counts) == 1 else None
        atoms = [self.atoms[at] for at in self.bases]
        measured = any(atom.size or atom.currency is not None for atom in atoms)
        said = any("per" in atom.labels or tokens[atom.start].raw == "/" for atom in atoms)
        named = (units.at(tokens, at) for atom in atoms for at in range(atom.start, atom.after))
        packed = any(unit is not None and unit[0] not in ("pcs", "dozen") for unit in named)
        return count if said and count in ROUND_COUNTS and not (measured or packed) else None

    def price_of_one(self, price: Decimal) -> Decimal | None:
        """What one costs, to the digit, where more than one basis of pieces was asked for, and only whole ones."""
        count, asked = self.pieces, self.asked
        if count is None or asked is None or asked <= count or asked % count or self._names_pack():
            return None
        one = price / count
        return one if one and one == round(one, MAX_FRACTION_DIGITS) else None

    def _names_pack(self) -> bool:
        """``boxes of 100 screws``, ``cable reel``, ``cards, per 100``: what was asked for may itself be many."""
        return any(
            _is_pack(tokens, at)
            for item in self.items
            if (tokens := tokenize(item))
            for at in range(len(tokens))
        )

    def _begins_with_basis(self, index: int) -> bool:
        """``düzinesi 45``: the label itself says for how many, and the number follows."""
        atom = self.atoms[index]
        after = next((each for each in self.atoms[index + 1 :] if not self._is_colon(each)), None)
        words = self.reader.tokens[atom.start : atom.after]
        units = self.reader.vocab.units
        named = any(units.at(self.reader.tokens, at) for at in range(atom.start, atom.after))
        says = (
            named
            or any(each.word.isdigit() for each in words)
            or (len(words) == 1 and len(words[0].word) > 4)
        )
        priced = after is not None and after.kind is AtomKind.number
        return atom.kind is AtomKind.label and atom.labels[0] == "per" and says and priced

    def _is_own_unit(self, atom: Atom) -> bool:
        """Whether the price is for one of what was asked for: its text has this unit, ``Gloves (box)``."""
        words, units = self.reader.tokens[atom.start : atom.after + 1], self.reader.vocab.units
        named = [each.word for at, each in enumerate(words) if units.at(words, at) and len(each.word) > 1]
        own = {each.word for item in self.items for each in tokenize(item)}
        first = {tokenize(item)[0].word for item in self.items if tokenize(item)}
        begins = any(is_item_word(each.word, list(first)) for each in words)
        glued = any(len(each.word) > MIN_GLUED and each.word.startswith("لل") for each in words[:1])
        if glued and is_item_word(words[0].word, list(own)):
            return len(self.items) == 1  # ``للعلبة``, where the item names a ``علبة``
        codes = {found[0] for at, _ in enumerate(words) if (found := units.at(words, at)) is not None}
        owned = {
            found[0] for word in own if len(word) > 2 and (found := units.at(tokenize(word), 0)) is not None
        }
        same = bool((codes & owned) - {"pcs"})
        return len(self.items) == 1 and (
            begins or same or any(is_item_word(word, list(own)) for word in named)
        )

    def _is_each_item(self, index: int) -> bool:
        """``cada mesa 140 €``, ``lamba başına 45 TL``: the item itself, and what one costs."""
        before = self.atoms[index - 1] if index else None
        if "per" in self.atoms[index].labels and before is not None and self.reader.locale.language == "tr":
            named = before.kind is AtomKind.word and is_item_word(
                self.reader.tokens[before.start].word, self.items
            )
            return named and not self._names_more(self.atoms[index])
        following = self.atoms[index + 1 : index + 3]
        priced = before is not None and before.kind is AtomKind.number and before.currency is not None
        if (
            priced
            and "start" in self.atoms[index].labels
            and following
            and following[0].kind is AtomKind.word
        ):
            return is_item_word(
                self.reader.tokens[following[0].start].word, self.items
            )  # ``16,50 zł od kubka``
        kinds = [each.kind for each in following]
        if "per" not in self.atoms[index].labels or kinds != [AtomKind.word, AtomKind.number]:
            return False
        named = is_item_word(self.reader.tokens[following[0].start].word, self.items)
        return named and following[1].currency is not None

    def _names_more(self, atom: Atom) -> bool:
        """``100 adedi``, ``kutu başına``: a number or a unit is a word of the basis."""
        tokens, units = self.reader.tokens, self.reader.vocab.units
        words = range(atom.start, atom.after)
        return self._count_named(atom) is not None or any(
            tokens[at].raw[0].isdigit() or units.at(tokens, at) for at in words
        )

    def _is_own_count(self, atom: Atom, count: Atom) -> bool:
        """``per box of 100``, where boxes of 100 were asked for."""
        own = {each.word for item in self.items for each in tokenize(item)}
        return self._is_own_unit(atom) and self.reader.tokens[count.start].word in own

    def _is_colon(self, atom: Atom) -> bool:
        return atom.kind is AtomKind.sign and self.reader.tokens[atom.start].raw == ":"

    def _is_priced_after(self, index: int) -> bool:
        """``price per 100 pcs: 24.80``, ``price/100: 24.80``: how many, and then what they cost."""
        atom, count = self.atoms[index], self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        signed = atom.kind is AtomKind.sign and self.reader.tokens[atom.start].raw == "/"
        per = atom.kind is AtomKind.label and "per" in atom.labels
        purpose = self.reader.vocab.clauses.at(self.reader.tokens, atom.start) if not index else None
        if count is None or index in self.facts.used:
            return False
        measured = not index and count.size  # ``for 100 m 450``, ``за 100 метров 4500``
        if (per or signed) and not (self._counts(count) or measured):
            return False
        if not (per or signed) and not (measured and purpose is not None and purpose[0] == "purpose"):
            return False
        if any(each.kind is AtomKind.number for each in self.atoms[:index]):
            return False
        return any(
            each.kind is AtomKind.number
            and not each.size
            and (each.unit is None or each.currency is not None)
            for each in self.atoms[index + 2 :]
        )

    def _counts(self, atom: Atom) -> bool:
        whole = isinstance(atom.value, Decimal) and atom.value == int(atom.value)
        return atom.kind is AtomKind.number and atom.currency is None and not atom.size and whole

    def _says_per(self, index: int) -> bool:
        atom = self.atoms[index]
        if index in self.facts.used or atom.kind not in (AtomKind.label, AtomKind.silent, AtomKind.sign):
            return False
        numbered = index + 1 < len(self.atoms) and self.atoms[index + 1].kind is AtomKind.number
        if not index:
            return self._begins_with_basis(index)
        before = self.atoms[index - 1]
        beside = numbered and before.kind is AtomKind.number and (before.unit is None or before.each)
        if beside and before.each and before.value == self.asked:
            return False  # ``10 Stück je 405``: how many, and what one costs
        if atom.kind is AtomKind.sign:
            return beside and self.reader.tokens[atom.start].raw == "/"
        if atom.kind is AtomKind.label and "per" in atom.labels:
            return not numbered or beside or self._begins_with_basis(index)
        purpose = self.reader.vocab.clauses.at(self.reader.tokens, atom.start)
        return (
            beside and purpose is not None and purpose[0] == "purpose" and before.value != self.asked
        )  # ``10 for 410``

    def _is_apart(self, index: int) -> bool:
        """Whether no number stands before it in its clause: ``$115 each (at the rate of the bank)``."""
        clause = self.facts.clause(index)
        return not any(self.atoms[at].kind is AtomKind.number for at in clause if at < index)

    def _take_basis(self, index: int) -> None:
        atom = self.atoms[index]
        following = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        if (
            following is not None
            and following.kind is AtomKind.number
            and self._is_own_count(atom, following)
        ):
            self.facts.used.update({index, index + 1})
            return
        counted = index > 0 and self.atoms[index - 1].kind is AtomKind.number  # ``$24 per box of 12``
        own = self._begins_with_basis(index) and not counted
        if (
            following is not None
            and following.kind is AtomKind.number
            and following.currency is None
            and not own
        ):
            value = following.value if isinstance(following.value, Decimal) else None
            if value == 1:
                self.facts.used.update({index, index + 1})
            else:
                self.bases |= {index: value, index + 1: value}
            return
        words = self.reader.tokens[atom.start : atom.after]
        count = next((Decimal(each.word) for each in words if each.word.isdigit()), self._count_named(atom))
        units = self.reader.vocab.units
        named = [
            found for at in range(atom.start, atom.after + 1) if (found := units.at(self.reader.tokens, at))
        ]
        unit = next((code for code, _ in named if code != "pcs"), None)
        if count is None and self._is_own_unit(atom):
            beyond = following is not None and self.reader.vocab.units.at(self.reader.tokens, following.start)
            self.facts.used.update(
                {index, index + 1} if beyond else {index}
            )  # ``25 the box``, where boxes were asked for
            return
        if count is None and unit is not None:
            count = Decimal(COUNT_OF[unit]) if unit in COUNT_OF else None
        text = "".join(each.word for each in words)
        own = following is not None and is_item_word(self.reader.tokens[following.start].word, self.items)
        if own and unit is None and count is None and not named:
            self.facts.used.add(index)  # ``1,149 per laptop``
            return
        strange = (
            following is not None and following.kind is AtomKind.word and not self._is_apart(index)
        )  # ``per sq ft``
        if unit is not None or count is not None or (not named and (strange or len(text) > 4)):
            self.bases[index] = count
