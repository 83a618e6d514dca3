"""Where a request ends and its writer takes leave: ``grazie infinite, Fede``, ``dzięki z góry, Ola``, ``LG Steffi``.

One rule: behind thanks nothing is wanted, unless it is counted; thanks behind a count or an "of" are the item's.
"""

from dataclasses import dataclass, replace

from api.language.amounts import quantity_at
from api.language.farewells import takes_leave, thanks_at
from api.language.request_cursor import APART
from api.language.request_prices import PriceClauses
from api.language.tokenizer import is_emoji
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MAX_FAREWELL = 14
"""A longer text behind thanks says something else too."""

_MARKS = "'’‘\"“”„«»"
"""They stand around what something says: ``'Thank You' stickers``."""


@dataclass
class FarewellClauses(PriceClauses):
    """Reads at a position of the current segment whether its writer takes leave there."""

    @property
    def _vocab(self) -> Vocabulary:
        return vocabulary(language_of(self.locale))

    def _signs(self) -> bool:
        """``Un abrazo, Luis``: the end of a letter, and no item."""
        return takes_leave(self.tokens, self.locale)

    def _is_thanks(self, index: int) -> bool:
        vocab = self._vocab
        return bool(vocab.courtesies.at(self.tokens, index) or vocab.words["sign_off"].at(self.tokens, index))

    def _farewell(self, index: int) -> int | None:
        """``grazie infinite, Fede``: thanks or a greeting, and all that follows is quoted back."""
        if not index or not (self.segment.words or self.segment.has_quantity):
            return None
        named = self._names_thanks(index)
        if named is not None:
            return named
        words = self._vocab.words
        begun = self._begins_clause(index)
        thanks = thanks_at(self.tokens, index, self.locale)
        signed = words["sign_off"].at(self.tokens, index)
        ended = signed is not None and begun and self._names_writer(signed[1])
        thanked = thanks is not None and (begun or (self.segment.words and self._names_writer(thanks)))
        if not (thanked or ended):
            return None
        if len(self.tokens) - index > MAX_FAREWELL or self._counts_from(index):
            return None
        self.builder.add_unread(self.tokens, index, len(self.tokens))
        self._close()
        return len(self.tokens)

    def _names_thanks(self, index: int) -> int | None:
        """``5 thank you cards``, ``10 tarjetas de gracias``: thanks that the item is named after.

        Behind other words of the item they may as well be thanks: that is asked.
        """
        if self.segment.closed or not self.segment.has_quantity or self._begins_clause(index):
            return None
        near = self.tokens[index : index + MAX_FAREWELL]
        bare = [replace(each, word=each.word.strip(_MARKS)) for each in near]
        signed = self._vocab.words["sign_off"].at(bare, 0)
        after = max(thanks_at(bare, 0, self.locale) or 0, signed[1] if signed is not None else 0)
        if not after:
            return None
        soon = self._vocab.urgencies.at(bare, after)  # ``2 See you soon signs``
        after = index + (soon[1] if soon is not None and soon[1] < len(near) else after)
        held = index > 1 and self._vocab.of.at(self.tokens, index - 1) is not None
        led = index > 1 and self._vocab.words["prepositions"].at(self.tokens, index - 1) is not None
        if not (held or led or self._precedes_noun(index, after)):
            return None
        self.segment.led_on = self.segment.led_on or (bool(self.segment.words) and not held)
        self.segment.words += self.tokens[index:after]
        return after

    def _precedes_noun(self, index: int, after: int) -> bool:
        """``thank you cards``, but not ``thank you very much`` and ``thanks in advance``."""
        courtesy = self._vocab.courtesies.at(self.tokens, index)
        longer = courtesy is not None and courtesy[1] > after
        if longer or self._is_end(after) or not self.tokens[after].raw[0].islower():
            return False
        words = self._vocab.words
        tables = (words["prepositions"], words["intensifiers"], words["broken_by"], words["sign_off"])
        return all(each.at(self.tokens, after) is None for each in tables)

    def _begins_quantity(self, index: int) -> bool:
        """``5 laptops``: a number and what it counts."""
        index += index < len(self.tokens) and self.tokens[index].raw == ","
        found = quantity_at(self.tokens, index, self.locale)
        return found is not None and not self._is_end(found.after)

    def _begins_clause(self, index: int) -> bool:
        if not index:
            return True
        before = self.tokens[index - 1].raw
        return before in APART or before[-1] in ".!?)" or is_emoji(before)

    def _names_writer(self, index: int) -> bool:
        """Nothing, a comma or a name."""
        return (
            index >= len(self.tokens)
            or self.tokens[index].raw in APART
            or self.tokens[index].raw[0].isupper()
        )

    def _counts_from(self, index: int) -> bool:
        return any(
            self.tokens[at].raw[0].isdigit() or self._begins_quantity(at)
            for at in range(index, len(self.tokens))
        )
