"""How much of the words of an RFQ's line a row of a file has.

One rule: each text is cut into words once, and a row is compared with the lines that share a word with it, so that a
thousand rows for two hundred lines take no longer than it takes to read them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from api.language.tokenizer import clean, fold

NUMBER_WEIGHT = 0.5
"""Of a number beside that of a word."""
_PARTS = re.compile(r"[^\W_]+")


def words_of(text: str) -> dict[str, None]:
    """The words of a text, each once, in their order."""
    return dict.fromkeys(fold(each) for each in _PARTS.findall(clean(text)))


class Likeness:
    """Of each row with each line, 0 to 1; words that many lines share count less, and numbers alone name nothing."""

    def __init__(self, items: Sequence[str], descriptions: Sequence[str]) -> None:
        wanted = [words_of(each) for each in descriptions]
        sharing = Counter(word for words in wanted for word in words)
        weights = {
            word: (NUMBER_WEIGHT if word.isdecimal() else 1.0) / lines for word, lines in sharing.items()
        }
        whole = [sum(weights[word] for word in words) for words in wanted]
        having: dict[str, list[int]] = {}
        for place, words in enumerate(wanted):
            for word in words:
                having.setdefault(word, []).append(place)
        self._rows = [_scores(words_of(item), weights, whole, having) for item in items]
        self._two_best: dict[int, list[tuple[float, int]]] = {}
        for n, scores in enumerate(self._rows):
            for place, score in scores.items():
                best = [*self._two_best.get(place, ()), (score, n)]
                self._two_best[place] = sorted(best, reverse=True)[:2]

    def best(self, row: int) -> tuple[float, list[int]]:
        """The highest likeness of this row, and the lines that it has it with."""
        scores = self._rows[row]
        best = max(scores.values(), default=0.0)
        return best, sorted(place for place, score in scores.items() if score == best)

    def rival(self, row: int, line: int) -> float:
        """The highest likeness of another row with this line."""
        return next((score for score, n in self._two_best.get(line, ()) if n != row), 0.0)


def _scores(
    said: dict[str, None], weights: dict[str, float], whole: Sequence[float], having: dict[str, list[int]]
) -> dict[int, float]:
    """The lines that share a word with the row that is no number, and how much of each the row has."""
    shared: dict[int, float] = defaultdict(float)
    telling: set[int] = set()
    for word in said:
        for place in having.get(word, ()):
            shared[place] += weights[word]
            if not word.isdecimal():
                telling.add(place)
    return {place: round(shared[place] / whole[place], 4) for place in telling}
