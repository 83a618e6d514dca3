"""Which line of the RFQ a text names: by its number, by an ordinal, or by the words of its item.

One rule: it is the only line that the text can mean, or none.

    line 2, item #2, 2. kalem, ligne n° 2      the number of a line, with a word for "line" before or behind it
    the second, the second one, второй         an ordinal: read as the number that it is
    chairs, the A4 paper, fotel b              the item's own words; short ones decide where the others do not
"""

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale

from api.language.numbers import plain
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

LINE_NAMES = (
    "line|item|position|pos|no|nr|zeile|línea|linea|posición|posicion|partida|строка|позиция|поз|البند|بند|ligne|article|poste"
    "|posizione|posição|posicao|ítem|posten|riga|voce|linha|satır|kalem|sıra|рядок|позиція|pozycja|poz|wiersz|lp|lot|lote|lotto|ürün|п|товар|артикул|producto"
)
WHOLE_NAMES = (
    "line|item|position|pos|zeile|línea|posición|partida|строка|позиция|поз|بند|ligne|lot|riga|linha|satır|kalem|рядок"
    "|ürün|poz|pozycja|позиція"
)
"""Those that name nothing else: ``no`` stands before other numbers too."""
LINE_NUMBER = re.compile(
    rf"(?:(?:{LINE_NAMES})\.?\s*)?(?:[#№]|nr\.?\s*)?(\d{{1,4}})\s*(?::|\)|\||\.(?=\s))\s*"
    rf"|(?:(?:{LINE_NAMES})\.?\s*|[#№]\s?)(\d{{1,4}})\s+(?=\S)",
    re.IGNORECASE,
)
"""``1:``, ``1)``, ``1. ``, ``1 |``, ``#1``, ``line 1:``, ``Pos. 1``, ``строка 1:``."""
_ARABIC_PREFIX = re.compile(r"^(?:و|ف|ب)?(?:ال|لل)(?=\w{3})")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_ARABIC_PLURAL = re.compile(r"(?:ات|ون|ين)$")
_ARABIC_WEAK = re.compile("[اأإآويىةءئؤ]")
"""What a broken plural changes; the other consonants stay."""
MIN_SKELETON = 3
_ARTICLE = re.compile(r"^(?:l|d|dell|all|nell|un)'(?=\w{3})")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
MIN_CYRILLIC = 4
"""Longer words lose two letters from case to case: ``кресло``, ``кресел``."""
_TURKISH_CASE = re.compile(r"(?:l[ae]r)?(?:y?[ıiuüae]|n?[ıiuü]n|[dt][ae]n?|y?l[ae])?")
"""``lamba``, ``lambaları``, ``lambanın``."""
_TURKISH_POSSESSIVE = re.compile(r"s?[ıiuü]$")
IRREGULAR = {
    "mice": "mouse", "knives": "knife", "shelves": "shelf", "feet": "foot", "geese": "goose", "teeth": "tooth",
    "scarves": "scarf", "loaves": "loaf", "leaves": "leaf", "halves": "half", "dice": "die", "oxen": "ox",
}  # fmt: skip
"""English plurals that are other words."""
MAX_ITEM_WORDS = 12
_REFERENCE = re.compile(
    rf"(?<!\w)(?:{WHOLE_NAMES})(?:\s*(?:#|№|nr\.?|no\.?|n[°º]))?\.?\s*(\d{{1,3}})(?![\d.,]*\d)(?!\s*(?:%|[€$£₴₽]))",
    re.IGNORECASE,
)
"""``line 2``, ``item no. 2``, ``позиция №2``, anywhere in a text."""
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,])(\d{{1,2}})(?:\.|st|nd|rd|th|º|ª|°|er|re|e|ème|eme|-?я|-?й|-?а|-?ша|-?га|-?тя)"
    rf"\s*(?:{WHOLE_NAMES})(?!\w)(?!\s*[#№])",
    re.IGNORECASE,
)
"""``2. kalem``, ``2nd item``, ``2-я позиция``."""
_NAME_BEFORE = re.compile(rf"(?<!\w)(?:{LINE_NAMES})\.?\s*$", re.IGNORECASE)
_DASHED = re.compile(r"(?<!\S)(\d{1,2})(?:\s+[-–—]|[-–—])\s+(?=\S)")
"""``1 - ``, ``1- ``: what may number a line."""
_POINTED = re.compile(r"(?:(?<=: )|(?<=\. )|(?<=, )|(?<=; )|^)(\d{1,2})\.\s+(?=[^\W\d_])")
"""``1. Chair``, behind a colon or the end of the line before."""
_LETTERED = re.compile(r"(?<!\S)\(?([a-zA-Z])\)\s+(?=\S)")
"""``a) ``, ``(b) ``."""
MAX_NAME = 12
MAX_REFUSAL = 6
SPOKEN = "item"
"""Before the number that an ordinal is."""


def with_colons(text: str, lines: int) -> str:
    """``1 - 120; 2 - none`` as ``1: 120; 2: none``: where numbers with dashes count all lines."""
    for pattern in (_DASHED, _POINTED, _LETTERED):
        found = list(pattern.finditer(text))
        counted = [_counted(each) for each in found] == list(range(1, lines + 1))
        before = text[: found[0].start()].strip() if found else ""
        if lines > 1 and counted and (not before or before.endswith(":")):
            return pattern.sub(lambda each: f"\n{_counted(each)}: ", text).lstrip("\n")
    return text


def _counted(match: re.Match[str]) -> int:
    """The number that stands before a line, or the place of its letter in the alphabet."""
    return int(match[1]) if match[1].isdigit() else ord(match[1].lower()) - ord("a") + 1


def with_numbers(text: str, lines: int, locale: Locale) -> str:
    """``the second one: 45`` and ``2. kalem 45`` with the line's number behind a word for it."""
    if lines < 2:
        return text

    def spoken(match: re.Match[str]) -> str:
        named = _NAME_BEFORE.search(text, max(0, match.start() - MAX_NAME), match.start())
        return f"{SPOKEN} {match[1]}" if 1 <= int(match[1]) <= lines and named is None else match.group()

    numbered = _NUMBER_FIRST.sub(spoken, text)
    return "\n".join(_with_ordinals(line, lines, locale) for line in numbered.split("\n"))


def _with_ordinals(line: str, lines: int, locale: Locale) -> str:
    tokens, vocab = tokenize(line), vocabulary(language_of(locale))
    written, end = "", 0
    for index in range(len(tokens)):
        found = vocab.nth.at(tokens, index)
        if found is None or tokens[index].start < end or int(found[0]) > lines:
            continue
        after = _line_name_end(tokens, found[1])
        if after is None and not (
            _opens_clause(tokens, index, vocab) and _is_answered(tokens, found[1], vocab)
        ):
            continue
        last = tokens[(after or found[1]) - 1]
        mark = ":" if last.raw.endswith(":") else ""
        written += f"{line[end : tokens[index].start]}{SPOKEN} {found[0]}{mark}"
        end = last.end
    return written + line[end:]


def _line_name_end(tokens: Sequence[Token], index: int) -> int | None:
    """The position after a word for "line" or "one" that follows an ordinal."""
    named = index < len(tokens) and re.fullmatch(rf"(?:{WHOLE_NAMES}|one)", tokens[index].word, re.IGNORECASE)
    return index + 1 if named else None


def _opens_clause(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> bool:
    """Whether an ordinal is the first word of its clause: behind a cut, an "and", a number or a greeting."""
    if not index or not tokens[index - 1].raw[-1].isalpha() or vocab.courtesies.at(tokens, index - 1):
        return True
    joined = vocab.words["sep"].at(tokens, index - 1) or vocab.words["but"].at(tokens, index - 1)
    glued = tokens[index].raw.startswith("و")
    return glued or joined is not None or vocab.currencies.at(tokens, index - 1) is not None


def _is_answered(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> bool:
    """Whether what follows an ordinal is what a line is answered: a number, a sign, a label or a link."""
    if index >= len(tokens):
        return False
    label, raw = vocab.quote.at(tokens, index), tokens[index].raw
    clause = list(itertools.takewhile(lambda token: token.raw != ",", tokens[index : index + MAX_REFUSAL]))
    labels = (vocab.quote.at(clause, at) for at in range(len(clause)))
    if any(each is not None and "negative" in each[0].split("/") for each in labels):
        return True  # ``den zweiten führen wir nicht``
    refused = label is not None and bool({"negative", "price"} & set(label[0].split("/")))
    said = vocab.words["decline"].at(tokens, index) or vocab.words["link"].at(tokens, index)
    return not raw[0].isalpha() or tokens[index - 1].raw.endswith(":") or refused or said is not None


def references(text: str, lines: int) -> list[tuple[int, int, int]]:
    """The lines that are named by number anywhere in a text, with where each name begins and ends."""
    found = _REFERENCE.finditer(text)
    return [(int(each[1]), each.start(), each.end()) for each in found if 1 <= int(each[1]) <= lines]


def referred(text: str, lines: int) -> tuple[int | None, str]:
    """The only line that is named by number in a text, and the text without that name."""
    found = references(text, lines)
    if lines < 2 or len(found) != 1:
        return None, text
    number, start, end = found[0]
    return number, f"{text[:start]} {text[end:].lstrip(':')}".strip()


def numbered(written: str, lines: int) -> tuple[int | None, str, bool]:
    """The line's number and what follows it."""
    written = re.sub(r"^(?:[-–•*·]\s+)+(?=\S)", "", written)
    prefix = LINE_NUMBER.match(written)
    if prefix is None or prefix.end() >= len(written):
        return None, written, False
    number = int(prefix[1] or prefix[2])
    if 1 <= number <= lines:
        return number, written[prefix.end() :], False
    return None, written, "|" not in prefix.group()


def named(written: str, items: Sequence[str]) -> int | None:
    """The only line of whose item words stand here, or the only one all of whose words do."""
    if len(items) < 2:
        return None
    tokens = tokenize(written)[:MAX_ITEM_WORDS]
    words = {token.word for token in tokens if len(token.word) > 2}
    there = {
        number: {word for word in words if is_item_word(word, [item])}
        for number, item in enumerate(items, start=1)
    }
    most = max(there.values(), key=len)
    found = [number for number, own in there.items() if own and own == most]
    if not all(own <= most for own in there.values()):
        return None
    if len(found) == 1:
        return found[0]
    whole = [number for number in found if _is_whole(most, items[number - 1])]
    return whole[0] if len(whole) == 1 else _by_short_word(tokens, found, items)


def _is_whole(words: set[str], item: str) -> bool:
    """Whether these are all words of an item: ``the monitors`` are those beside ``Monitor arm``."""
    return all(any(_same_word(word, name) for word in words) for name in _item_words(item))


def _by_short_word(tokens: Sequence[Token], found: Sequence[int], items: Sequence[str]) -> int | None:
    """``fotel b``, ``A4 paper``, ``M8``: the line that has the short word beside the words that several lines have."""
    short = {token.word for token in tokens if len(token.word) <= 2 or token.word.isdigit()}
    own = {number: {token.word for token in tokenize(items[number - 1])} for number in found}
    shared = set.intersection(*own.values()) if own else set()
    told = [number for number in found if short & (own[number] - shared)]
    return told[0] if len(told) == 1 else None


def with_units_asked(text: str, items: Sequence[str], quantities: Sequence[Decimal]) -> tuple[str, ...]:
    """The items with what the buyer counts them in: below ``> 50 packs of paper`` a pack is one of them."""
    quoted = [tokenize(line) for line in text.split("\n") if line.lstrip().startswith(">")]
    counted = [
        next((word for tokens in quoted if (word := _word_behind(tokens, quantity))), "")
        for _, quantity in zip(items, quantities, strict=False)
    ]
    counted += [""] * (len(items) - len(counted))
    return tuple(f"{item} {word}".strip() for item, word in zip(items, counted, strict=True))


def _word_behind(tokens: Sequence[Token], quantity: Decimal) -> str:
    """The word behind this number; empty where it does not stand there, or nothing behind it."""
    found = (
        after.word
        for before, after in itertools.pairwise(tokens)
        if before.word == plain(quantity) and after.word.isalpha()
    )
    return next(found, "")


def is_item_word(word: str, items: Sequence[str]) -> bool:
    """Whether a word belongs to something that is asked for."""
    return any(_same_word(word, name) for item in items for name in _item_words(item))


def _item_words(item: str) -> set[str]:
    return {token.word for token in tokenize(item) if len(token.word) > 2 and not token.word.isdigit()}


def _same_word(word: str, name: str) -> bool:
    """The same word in another number or case: ``chair`` and ``chairs``, ``кабель`` and ``кабеля``.

    Also the last part of a compound, ``Stuhl`` of ``Bürostuhl``.

    In Arabic also with an article, an "and" or a preposition before it: ``الكرسي``.
    """
    word = IRREGULAR.get(word, word)
    word, name = (_ARTICLE.sub("", _ARABIC_PREFIX.sub("", each)) for each in (word, name))
    if _ARABIC.match(word) and _ARABIC.match(name):
        skeletons = [_ARABIC_WEAK.sub("", _ARABIC_PLURAL.sub("", each)) for each in (word, name)]
        if skeletons[0] == skeletons[1] and len(skeletons[0]) >= MIN_SKELETON:
            return True  # ``مناشف`` and ``منشفة``
    shorter = min(len(word), len(name))
    if word.removesuffix("s") == name.removesuffix("s"):
        return True
    begins = word[: shorter - 1] == name[: shorter - 1] and abs(len(word) - len(name)) < 3
    slavic = shorter > 3 and (
        (name.endswith("ek") and word.startswith(name[:-2] + "k"))
        or (word.endswith("ek") and name.startswith(word[:-2] + "k"))
    )
    if _CYRILLIC.match(word) and shorter > MIN_CYRILLIC:
        begins = begins or (word[: shorter - 2] == name[: shorter - 2] and abs(len(word) - len(name)) < 3)
    turkish = shorter > 3 and _is_turkish_case(word, name)
    last = shorter > 3 and any(name.endswith(each) for each in _singulars(word))
    return slavic or turkish or last or (shorter > 3 and begins)


def _is_turkish_case(word: str, name: str) -> bool:
    """``lambaları`` of ``lamba``, and of ``masa lambası``."""
    bases = (name, _TURKISH_POSSESSIVE.sub("", name))
    return any(
        len(base) >= MIN_CYRILLIC and word.startswith(base) and _TURKISH_CASE.fullmatch(word, len(base))
        for base in bases
    )


@lru_cache(maxsize=2048)
def _singulars(word: str) -> tuple[str, ...]:
    """``lampen`` is the last part of ``Schreibtischlampe`` in the plural."""
    found = (word, *(word.removesuffix(ending) for ending in ("n", "en", "e", "er", "s")))
    return tuple(dict.fromkeys(each for each in found if len(each) > MIN_CYRILLIC or each == word))
