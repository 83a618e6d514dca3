"""Who pays for a request: ``charge to IT``, ``bitte auf LAB buchen``, ``Personalabteilung zahlt (HR)``.

One rule: a clause says that when a known cost centre stands in it, in capitals, and every other word of it speaks of
paying (``paying`` in the words) or joins words; with any other word it may name an item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from api.language.places import is_place
from api.language.request_asides import AsideClauses
from api.language.request_cursor import APART
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary, word_lists
from api.language.word_forms import WordForms

MAX_PAYING = 9
"""So many words may say who pays."""


@cache
def _paying(language: str) -> WordForms:
    return WordForms([*word_lists("en")["paying"], *word_lists(language)["paying"]])


@dataclass
class PayerClauses(AsideClauses):
    """Reads at a position of the current segment which cost centre pays."""

    def _paid(self, index: int) -> int | None:
        """``bitte auf LAB buchen``: a clause that says nothing but who pays."""
        before = self.tokens[index - 1].raw if index else ""
        fresh = not (self.segment.words or self.segment.has_quantity)
        if not (fresh or before in APART or before.endswith((".", "!", "?", ":"))):
            return None  # ``account books for HR``
        end = self._paying_end(index)
        centres = [at for at in range(index, end) if self._is_centre(at)]
        if len(centres) != 1 or end - index < 2:
            return None
        if (
            end < len(self.tokens)
            and self.tokens[end].raw not in APART
            and index > 0
            and not self._joins_clause(end)
        ):
            return None
        forms = _paying(language_of(self.locale))
        if not any(forms.at(self.tokens, at) for at in range(index, end) if self._is_telling(at)):
            return None
        text = self._centre_text(centres[0])
        self.builder.set_value("cost_centre", text, text)
        self._close()
        return end

    def _joins_clause(self, index: int) -> bool:
        """``sur WH et pour le 11 décembre``."""
        words = vocabulary(language_of(self.locale))
        joined = words.words["sep"].at(self.tokens, index)
        return joined is not None and words.clauses.at(self.tokens, joined[1]) is not None

    def keep_centre_of(self, heading: Sequence[Token]) -> None:
        """``LAB ihtiyaç listesi:``: the one cost centre that a heading names."""
        codes = (token.raw.strip("().,:;!?") for token in heading)
        found = {code for code in codes if code.isupper() and code.casefold() in self.cost_centres}
        if len(found) == 1 and "cost_centre" not in self.builder.values:
            code = found.pop()
            self.builder.set_value("cost_centre", code, code)

    def _is_telling(self, index: int) -> bool:
        """A word that speaks of paying, and does not only join others."""
        word = self.tokens[index].word
        return (
            len(word) > 2
            and vocabulary(language_of(self.locale)).words["prepositions"].at(self.tokens, index) is None
        )

    def _paying_end(self, index: int) -> int:
        """Where the words of paying that begin here end, the cost centre among them."""
        vocab = vocabulary(language_of(self.locale))
        forms = _paying(language_of(self.locale))
        tables = (
            vocab.words["prepositions"],
            vocab.words["definite"],
            vocab.courtesies,
            vocab.words["charged_to"],
        )
        at = index
        while at < min(index + MAX_PAYING, len(self.tokens)) and self.tokens[at].raw != ",":
            found = [each[1] for table in tables if (each := table.at(self.tokens, at)) is not None]
            paid = forms.at(self.tokens, at)
            known = (
                self._is_centre(at)
                or self.tokens[at].raw == ":"
                or is_place(self.tokens[at].word, self.locale)
            )
            if not (found or known or paid):
                break
            at = max([*found, paid or 0, at + 1])
            if self.tokens[at - 1].raw.endswith(".") and len(self.tokens[at - 1].word) > 2:
                break
        return at

    def _charged(self, index: int) -> int | None:
        """``charge to IT``, ``IT will pay``, ``LAB cost centre``: a known cost centre, and what says so."""
        words = vocabulary(language_of(self.locale)).words
        charged, at = words["charged_to"].at(self.tokens, index), index
        if charged is not None:
            at = charged[1]
            while at < len(self.tokens) and (
                self.tokens[at].raw == ":" or words["definite"].at(self.tokens, at) is not None
            ):
                at += 1
        if not self._is_centre(at):
            return None
        behind = words["pays"].at(self.tokens, at + 1)
        if charged is None and behind is None:
            return None
        if index and self._leads_place(index - 1):
            self._without(index - 1, index)
        self.builder.set_value("cost_centre", self._centre_text(at), self._centre_text(at))
        self._close()
        return behind[1] if behind is not None else at + 1

    def _is_centre(self, index: int) -> bool:
        text = self._centre_text(index)
        return text.isupper() and text.casefold() in self.cost_centres

    def _centre_text(self, index: int) -> str:
        return self.tokens[index].raw.strip("().,:;!?") if index < len(self.tokens) else ""

    def _leads_place(self, index: int) -> bool:
        return (
            index >= 0
            and vocabulary(language_of(self.locale)).words["to_place"].at(self.tokens, index) is not None
        )
