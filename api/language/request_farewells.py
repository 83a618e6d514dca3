"""Where a request ends and its writer takes leave: ``grazie infinite, Fede``, ``dzięki z góry, Ola``, ``LG Steffi``.

One rule: behind thanks nothing is wanted, unless it is counted.
"""

from dataclasses import dataclass

from api.language.amounts import quantity_at
from api.language.farewells import takes_leave, thanks_at
from api.language.request_cursor import APART
from api.language.request_prices import PriceClauses
from api.language.tokenizer import is_emoji
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MAX_FAREWELL = 14
"""A longer text behind thanks says something else too."""


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
        words = vocabulary(language_of(self.locale))
        return bool(words.courtesies.at(self.tokens, index) or words.words["sign_off"].at(self.tokens, index))

    def _farewell(self, index: int) -> int | None:
        """``grazie infinite, Fede``: thanks or a greeting, and all that follows is quoted back."""
        if not index or not (self.segment.words or self.segment.has_quantity):
            return None
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

    def _begins_quantity(self, index: int) -> bool:
        """``5 laptops``: a number and what it counts."""
        index += index < len(self.tokens) and self.tokens[index].raw == ","
        found = quantity_at(self.tokens, index, self.locale)
        return found is not None and not self._is_end(found.after)

    def _begins_clause(self, index: int) -> bool:
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
