"""Verbs with which people ask for something, in any person, tense and politeness: ``mándenme``, ``dá pra pedir``.

    wish_verbs      they ask or need      alone before a count, or behind ``wish_glue``: ``просим``, ``I really need``
    order_verbs     they order or give    alone before a count, or behind ``wish_modals``: ``could you send us``
    wish_objects    what stands behind    ``order me``, ``schick uns bitte``

One rule: the verb alone may be a noun (``commande numérique``, ``mando a distancia``), so it asks for something only
where a count follows it or other words of a wish stand with it.

``compr-`` stands for the verb with any of the language's ``wish_endings``, and with the pronouns that are written as
one word with it (``wish_enclitics``).
"""

import re
from collections.abc import Mapping, Sequence

from api.language.tokenizer import Phrases, Token
from api.language.word_forms import WordForms

MAX_CHAIN = 12
"""So many parts a wish may have: ``could somebody please be so kind as to order``."""
REACH = 32
"""So many words may belong to a verb of wishing."""
MAX_KEPT = 4096
_ANY_ENDING = "*"
_ELIDED = {"fr": r"(?:[dmtlsnj]|qu)['’]", "it": r"[ltmcds]['’]"}
"""What is written as one word before a verb that begins with a vowel."""
_ARABIC_BEFORE = r"و?(?:س?[انتي])?"
_ARABIC_MODALS_BEFORE = "و?"

Words = Mapping[str, Mapping[str, str]]


class Wishes(Phrases[str]):
    """The phrases with which a wish begins, and every form of the verbs that ask."""

    def __init__(
        self,
        table: Mapping[str, str],
        language: str,
        words: Words,
        numbers: tuple[Phrases[str], Phrases[str]],
    ) -> None:
        super().__init__(table)
        self._counts, self._units = numbers
        endings = "|".join(sorted(words.get("wish_endings", {}), key=len, reverse=True))
        ending = r"\w*" if endings == _ANY_ENDING else f"(?:{endings})?"
        joined = "|".join(sorted(words.get("wish_enclitics", {}), key=len, reverse=True))
        self._joined = re.compile(rf"\w{{2,}}(?:{joined})") if joined else re.compile(r"(?!)")
        enclitics = f"(?:{joined}){{0,2}}" if joined else ""
        arabic = language == "ar"
        before = _ARABIC_BEFORE if arabic else f"(?:{_ELIDED[language]})?" if language in _ELIDED else ""
        phrases = {kind: tuple(words.get(kind, ())) for kind in words}
        self._asking = WordForms(phrases.get("wish_verbs", ()), ending + enclitics, before)
        self._ordering = WordForms(phrases.get("order_verbs", ()), ending + enclitics, before)
        self._modals = WordForms(
            phrases.get("wish_modals", ()), ending, _ARABIC_MODALS_BEFORE if arabic else ""
        )
        self._glue = WordForms(phrases.get("wish_glue", ()), ending, "")
        self._objects = WordForms(phrases.get("wish_objects", ()), ending, "")
        self._not_before = WordForms(phrases.get("not_wished", ()))
        self._not_behind = WordForms(phrases.get("not_behind", ()))
        self.denied_within = self._denied_within(phrases)
        self._ends: dict[tuple[int | str, ...], int | None] = {}

    def at(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """A phrase, or a verb with what belongs to it; the longer of them wins."""
        found = super().at(tokens, index)
        end = self._known_end(tokens, index) if 0 <= index < len(tokens) else None
        if end is None or (found is not None and found[1] >= end):
            return found
        return "openings", end

    def _known_end(self, tokens: Sequence[Token], index: int) -> int | None:
        """Where the verb ends; the readers come to the same words from several sides, so what was found is kept."""
        begun = max(index - 1, 0)
        words: tuple[int | str, ...] = (index - begun, *(each.raw for each in tokens[begun : index + REACH]))
        if words not in self._ends:
            if len(self._ends) >= MAX_KEPT:
                self._ends.clear()
            end = self._verb_end(tokens, index)
            self._ends[words] = None if end is None else end - index
        length = self._ends[words]
        return None if length is None else index + length

    def verb_at(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """The verb alone, whatever stands beside it."""
        ends = (self._verb(each, tokens, index) for each in (self._asking, self._ordering))
        end = max((each for each in ends if each is not None), default=None)
        return ("openings", self._past_objects(tokens, end)) if end is not None else None

    def _verb_end(self, tokens: Sequence[Token], index: int) -> int | None:
        """``could somebody please order me``: words of a wish in a row, one of which is its verb."""
        at, end = index, None
        if index == 0 and self.form_at(tokens, 0) == 1 and self._only_counted(tokens, index + 1):
            return None
        led = asked = False
        for _ in range(MAX_CHAIN):
            asking = self._verb(self._asking, tokens, at)
            ordering = self._verb(self._ordering, tokens, at)
            verb = max((each for each in (asking, ordering) if each is not None), default=None)
            modal, glue = self._modals.at(tokens, at), self._glue.at(tokens, at)
            if verb is not None and (ordering is None or asking is not None or led or asked):
                named = at > index or verb > at + 1 or self._joined.fullmatch(tokens[at].word) is not None
                end, asked = (self._past_objects(tokens, verb), True) if named else (end, asked)
            if verb is not None and end is None and self._counted(tokens, self._past_objects(tokens, verb)):
                return self._past_objects(tokens, verb)
            led = led or modal is not None
            at = max((each for each in (verb, modal, glue) if each is not None), default=at)
            if end is not None and end > at:
                at = end
            if at >= len(tokens) or not any(each is not None for each in (verb, modal, glue)):
                break
        return end

    @staticmethod
    def _denied_within(phrases: Words | Mapping[str, tuple[str, ...]]) -> re.Pattern[str] | None:
        """``gerekmiyor``: verbs with their "not" in them."""
        stems = "|".join(map(re.escape, phrases.get("not_stems", ())))
        endings = "|".join(
            re.escape(each.removesuffix("-")) + (r"\w*" if each.endswith("-") else "")
            for each in phrases.get("not_endings", ())
        )
        return re.compile(f"(?:{stems})(?:{endings})") if stems and endings else None

    def denies(self, tokens: Sequence[Token], at: int, *, behind: bool = False) -> bool:
        """Whether a "not" stands here; ``behind``: one that denies the verb before it."""
        return (self._not_behind if behind else self._not_before).at(tokens, at) is not None

    def form_at(self, tokens: Sequence[Token], at: int) -> int | None:
        """Behind a verb that stands here, also if it is denied."""
        ends = (forms.at(tokens, at) for forms in (self._asking, self._ordering))
        return max((each for each in ends if each is not None), default=None)

    def _verb(self, forms: WordForms, tokens: Sequence[Token], at: int) -> int | None:
        """Behind the verb that stands here; behind a "not" none does, and none with a "not" in it."""
        if at and at - 1 < len(tokens) and self._not_before.at(tokens, at - 1) == at:
            return None
        found = forms.at(tokens, at)
        within = self.denied_within
        denied = found is not None and within is not None and within.fullmatch(tokens[found - 1].word)
        return None if denied else found

    def _past_objects(self, tokens: Sequence[Token], at: int) -> int:
        while (after := self._objects.at(tokens, at)) is not None:
            at = after
        return at

    def _only_counted(self, tokens: Sequence[Token], at: int) -> bool:
        """``pedales 5``, ``просо 5 кг``: nothing but how many stands behind the word, so it is the item."""
        if not self._counted(tokens, at):
            return False
        counted = self._counts.at(tokens, at)
        after = counted[1] if counted is not None else at + 1
        unit = self._units.at(tokens, after)
        return (unit[1] if unit is not None else after) >= len(tokens)

    def _counted(self, tokens: Sequence[Token], at: int) -> bool:
        return at < len(tokens) and (tokens[at].raw[0].isdigit() or self._counts.at(tokens, at) is not None)
