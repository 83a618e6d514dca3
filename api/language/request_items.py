"""Cuts a line of a request into its items: ``3 laptops, 2 chairs and 1 desk for IT`` has three.

One rule: a new item begins only where a separator stands before a quantity with words after it, and the item
before it has a quantity too. ``black and 2 m long`` stays one item.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, currency_named, quantity_at
from api.language.date_vocabulary import names
from api.language.dates import calendar_date_at
from api.language.places import is_place
from api.language.request_cursor import after_wish
from api.language.request_kinds import is_attribute
from api.language.tokenizer import Token
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MEASURES = frozenset({"g", "l", "ml", "m", "cm", "mm", "kg", "m2", "m3", "t"})
"""Units that may measure one piece of an item instead of counting it."""
TIMES_OF_DAY = frozenset({"day", "week", "month", "hour"})
WEIGHTS = frozenset({"kg", "g", "l", "t"})
LENGTHS = frozenset({"m", "m2", "m3"})
MAX_LEAD_WORDS = 40
"""So many words may stand before what is asked for."""
MIN_TOLD_WORDS = 2
"""A sentence before a colon has more words than the name of an item: ``cable: 5 kg``."""
MAX_WANTED_WORDS = 4
MIN_PHONE_DIGITS = 9
MIN_AREA_DIGITS = 5
MAX_COUNTED_WORDS = 8
MIN_BOUND = 3
"""A shorter "from" may be a word of an item: ``sedie da ufficio``."""
_FORWARDED = re.compile(
    r"(?:(?:fwd?|fw|re|aw|wg|tr|rv|rif|res|enc|i|r|pd|odp|i̇lt|ilt|ynt|пересл|перес|fs|відп)\s*:\s*)+",
    re.IGNORECASE,
)
_SLASH = re.compile(r"(?:(?<=\d)|(?<=[€$£₺₴₽])|(?<=zł)|(?<=[A-Z]{3}))/(?=[^\W\d_])(?![^\s()]*\))")


_MEASURED = re.compile(r"\d+(?:[.,]\d+)?[^\W\d_]{1,3}")


def tidied(written: str) -> str:
    """Without what a mail puts before it, and with ``€/kg`` as two words, but for ``(100/box)``."""
    return _SLASH.sub(" /", _FORWARDED.sub("", written, count=1) if _FORWARDED.match(written) else written)


def is_subject(written: str) -> bool:
    """``Fwd: stockroom``: the subject of a mail that was passed on, without a number."""
    return _FORWARDED.match(written) is not None and not any(char.isdigit() for char in written)


def split_items(tokens: list[Token], locale: Locale, today: date) -> list[list[Token]]:
    """The items of one line, each with its own words."""
    found: list[list[Token]] = []
    begun = 0
    vocab = vocabulary(language_of(locale))
    named = [at for at in range(len(tokens)) if _names(tokens, at, vocab)]
    counted = [at for at in range(len(tokens)) if _counts(tokens, at, locale)]
    inside = bracketed(tokens)
    for index in range(lead_end(tokens, locale, today) or 1, len(tokens)):
        after = _separator(tokens, index, vocab)
        if after is None or index <= begun or index in inside:
            continue
        is_item = _any_between(named, begun, index) and _any_between(counted, begun, index)
        if not (is_item or (not found and _is_wanted(tokens[:index], locale))):
            continue
        wished = after
        if is_item and vocab.words["sep"].at(tokens, after - 1) is not None:
            wished = after_wish(tokens, after, locale, kinds=("also",))  # ``and could you also get 2 mops``
        if _begins_item(tokens, wished, locale, today) or _counted_behind(
            tokens, begun, index, after, locale
        ):
            found.append(tokens[begun:index])
            begun = after
    return [*found, tokens[begun:]]


def lead_end(tokens: Sequence[Token], locale: Locale, today: date) -> int | None:
    """Where what is asked for begins behind what is said of it: ``w/c 14 December: 40 chairs``; None without that.

    Before a dash or a comma that is only a day, a "not" or a wish, for ``desk - 2 drawers`` may be one item.
    """
    clause = vocabulary(language_of(locale)).clauses.at(tokens, 0)
    if clause is not None and clause[0] == "note":
        return None
    begun = after_wish(tokens, 0, locale)  # ``20 suits: 10 before Christmas``
    counted = _counts_noun(tokens, begun, locale) and tokens[begun].raw[0].isdigit()
    for index in range(1, min(len(tokens) - 1, MAX_LEAD_WORDS)):
        colon = tokens[index - 1].raw.endswith(":")
        apart = tokens[index - 1].raw in {"-", "–", "—", ","}
        if colon and calendar_date_at(tokens, index, locale, today) is not None:
            continue  # ``needed by: 10 December``
        start = after_wish(tokens, index, locale) if colon else index
        headed = index > MIN_TOLD_WORDS or is_place(tokens[0].word, locale)  # ``Kitchen: 25 kg rice``
        weighed = colon and headed and _weighs_noun(tokens, start, locale)
        if not (colon or apart) or not (weighed or _counts_noun(tokens, start, locale)):
            continue
        end = index - (1 if apart or tokens[index - 1].raw == ":" else 0)
        if (
            colon
            and counted
            and index <= MAX_WANTED_WORDS
            and calendar_date_at(tokens, 0, locale, today) is None
        ):
            return None
        if colon or _is_lead(tokens[:end], locale, today):
            return index
    return None


def _is_lead(tokens: Sequence[Token], locale: Locale, today: date) -> bool:
    """A day, a "not" or a wish, and nothing that is asked for: ``3 laptops by 15 Dec, 2 chairs`` has two items."""
    days = {
        at: found[1]
        for at in range(len(tokens))
        if (found := calendar_date_at(tokens, at, locale, today)) is not None
    }
    dated = {at for begun, after in days.items() for at in range(begun, after)}
    counted = any(at not in dated and _counts_noun(tokens, at, locale) for at in range(len(tokens)))
    wanted = _is_wanted(tokens, locale)
    return not (counted or wanted) and any(
        _tells_other(tokens, at, locale, today) for at in range(len(tokens))
    )


def _counts_noun(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """``40 chairs``: a number, and a word that is no unit."""
    vocab = vocabulary(language_of(locale))
    found = quantity_at(tokens, index, locale)
    measured = vocab.dimensions.at(tokens, index + 1) is not None or (
        found is not None and found.unit in MEASURES
    )
    if found is None or measured or found.after >= len(tokens):
        return False
    apiece = vocab.each.at(tokens, found.after) is not None  # ``what we paid: 1200 each``
    pieces = found.unit is not None and found.unit not in TIMES_OF_DAY  # ``200 adet 20 ml enjektör``
    return not apiece and (pieces or tokens[found.after].raw[0].isalpha())


def _weighs_noun(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """``6 kg beans``: behind a sentence a weight is how much is wanted."""
    found = quantity_at(tokens, index, locale)
    weighed = found is not None and found.unit in WEIGHTS and found.after < len(tokens)
    return weighed and found is not None and tokens[found.after].raw[0].isalpha()


def ends_with_weight(words: Sequence[Token], locale: Locale) -> bool:
    """``coffee 5 kg``, ``cable 100 m``: how much is wanted, or what one weighs."""
    if len(words) < 2:
        return False
    found = (quantity_at(words, at, locale) for at in (len(words) - 1, len(words) - 2) if at)
    return any(
        each is not None and each.unit in WEIGHTS | LENGTHS and each.after == len(words) for each in found
    )


def _tells_other(tokens: Sequence[Token], at: int, locale: Locale, today: date) -> bool:
    """A day, a week, a month, a "not", or a word with which people talk."""
    vocab = vocabulary(language_of(locale))
    label = vocab.quote.at(tokens, at)
    tables = (vocab.words["broken_by"], vocab.words["week"], vocab.spans)
    bound = vocab.words["not_before"].at(tokens, at) is not None and len(tokens[at].word) >= MIN_BOUND
    return bound or (
        names(language_of(locale)).months.at(tokens, at) is not None
        or (label is not None and "negative" in label[0].split("/"))
        or any(each.at(tokens, at) is not None for each in tables)
        or calendar_date_at(tokens, at, locale, today) is not None
    )


def _separator(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> int | None:
    """The position after ``,``, ``and``, ``, and``."""
    after = index
    while after < len(tokens):
        raw = tokens[after].raw
        found = vocab.words["sep"].at(tokens, after)
        if raw not in {",", "+", "&", "/"} and found is None:
            break
        after = found[1] if found is not None else after + 1
    of = vocab.of.at(tokens, after) if index < after else None
    if of is not None and of[1] < len(tokens) and tokens[of[1]].raw[0].isdigit():
        after = of[1]  # ``tres microscopios y de 20 portaobjetos``
    return after if index < after < len(tokens) else None


def _is_wanted(tokens: Sequence[Token], locale: Locale) -> bool:
    """``we need a kettle, 2 mugs``: an item without a number, behind what asks for it."""
    vocab = vocabulary(language_of(locale))
    openings = vocab.openings
    first = max(len(tokens) - MAX_WANTED_WORDS - openings.longest, 0)
    ends = [
        found[1]
        for at in range(first, len(tokens))
        if (found := openings.at(tokens, at)) and vocab.words["greetings"].at(tokens, at) is None
    ]
    wanted = tokens[ends[-1] :] if ends else []
    return 0 < len(wanted) <= MAX_WANTED_WORDS and all(token.raw[0].isalpha() for token in wanted)


def _names(tokens: Sequence[Token], at: int, vocab: Vocabulary) -> bool:
    """A word that is no count."""
    between = vocab.quote.at(tokens, at) == ("between", at + 1)
    return tokens[at].raw[0].isalpha() and vocab.counts.at(tokens, at) is None and not between


def bracketed(tokens: Sequence[Token]) -> frozenset[int]:
    """The words between brackets: ``(10 P, 20 M, 15 G)`` says what kinds one item has."""
    found: set[int] = set()
    opened: int | None = None
    for at, token in enumerate(tokens):
        if opened is None and token.raw.startswith("("):
            opened = at
        if opened is not None and token.raw.rstrip(".,:;!?").endswith(")"):
            found.update(range(opened, at + 1))
            opened = None
    return frozenset(found)


def _counts(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """``4``, ``4pcs``, ``x4``, ``four``; behind a word ``19l`` measures, and counts nothing."""
    raw = tokens[at].raw
    if at and raw[0].isdigit() and raw[-1].isalpha() and tokens[at - 1].raw[0].isalpha():
        found = quantity_at(tokens, at, locale)
        return found is None or found.unit not in MEASURES
    if at and raw.isdigit() and vocabulary(language_of(locale)).dimensions.at(tokens, at + 1) is not None:
        return False  # ``Lenovo T14, 32 GB``
    is_number = raw[0].isdigit() or (raw[0] in "x×" and raw[1:].isdigit())
    return is_number or vocabulary(language_of(locale)).counts.at(tokens, at) is not None


def _any_between(positions: Sequence[int], begun: int, end: int) -> bool:
    """Whether one of the positions, which ascend, lies between these two."""
    return bisect_left(positions, begun) < bisect_left(positions, end)


def _counted_behind(tokens: Sequence[Token], begun: int, end: int, after: int, locale: Locale) -> bool:
    """``chair x4, desk x2``: both have their quantity behind them, or the second has: ``3 desks, lamp 2 pcs``."""
    if not tokens[after].raw[0].isalpha() or is_attribute(tokens[after : after + 1], locale):
        return False
    first = quantity_at(tokens, after_wish(tokens, begun, locale), locale)
    counted = first is not None and first.after < end and first.unit not in TIMES_OF_DAY
    if not (counted or _ends_counted(tokens[begun:end], locale)):
        return False
    words = range(after, min(after + MAX_COUNTED_WORDS, len(tokens)))
    stop = next((at for at in words if tokens[at].raw == ","), words.stop)
    return any(_ends_counted(tokens[after : at + 1], locale) for at in range(after + 1, stop))


def _ends_counted(part: Sequence[Token], locale: Locale) -> bool:
    """``chair x4``, ``chair 4pcs``, ``chair 4 pcs``."""
    if len(part) < 2 or not part[0].raw[0].isalpha():
        return False
    last = part[-1].raw
    if last.isdigit() and part[-2].raw.casefold() in TIMES_SIGNS:
        return len(part) > 2
    if last[0].casefold() in TIMES_SIGNS and last[1:].isdigit():
        return True
    found = [
        quantity_at(part, at, locale)
        for at in (len(part) - 1, len(part) - 2)
        if at and part[at].raw[0].isdigit()
    ]
    counting = [
        each for each in found if each is not None and each.unit not in MEASURES | TIMES_OF_DAY | {None}
    ]
    return any(each.after == len(part) for each in counting)


def is_aside(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """What follows an item and is none: ``500 total``, ``30 days payment``, ``1 per room``, ``12 Main Street``."""
    if index >= len(tokens):
        return False
    vocab = vocabulary(language_of(locale))
    raw = tokens[index].raw
    if vocab.words["internal"].at(tokens, index) is not None or is_personal(tokens, index):
        return True
    end = next((at for at in range(index, len(tokens)) if tokens[at].raw == ","), len(tokens))
    street = any(_names_street(tokens, at, vocab) for at in (index, end - 1))
    if street and _has_number(tokens[index:end]):
        return True
    if not _has_number(tokens[index:end]) and any(
        _ends_apiece(tokens, at, end, vocab) for at in range(max(index + 1, end - vocab.each.longest), end)
    ):
        return True
    named = vocab.quote.at(tokens, index)
    if named is not None and {"delivery", "shipping", "lead"} & set(named[0].split("/")):
        goes = any(is_place(token.word, locale) for token in tokens[index:end])
        return goes or not _has_number(tokens[index:end])  # ``delivery to the second floor``
    found = quantity_at(tokens, index, locale) if raw[0].isdigit() else None
    if found is None:
        return False
    label = vocab.quote.at(tokens, found.after)
    told = label is not None and {"total", "per"} & set(label[0].split("/"))
    shared = len(tokens[index:end]) >= 4 and found.unit is None and _pairs(tokens[index:end], vocab)
    of_them = vocab.words["of_them"].at(tokens, found.after) is not None
    return bool(told) or of_them or shared or found.unit in TIMES_OF_DAY


def _ends_apiece(tokens: Sequence[Token], index: int, end: int, vocab: Vocabulary) -> bool:
    """``a tenner each``: what one costs."""
    each, unit = vocab.each.at(tokens, index), vocab.units.at(tokens, index)
    return each is not None and unit is None and each[1] == end


def is_personal(tokens: Sequence[Token], index: int) -> bool:
    """Whether a mail address or a telephone number begins here: ``07700 900123``, but not the item's ``019638``."""
    plain = tokens[index].raw.strip("(),.;:")
    if plain.startswith("+") and plain[1:].isdigit():
        return True
    if plain.startswith("0") and plain.isdigit() and len(plain) >= MIN_AREA_DIGITS:
        groups = takewhile(str.isdigit, (token.raw.strip("(),.;:") for token in tokens[index:]))
        return sum(map(len, groups)) >= MIN_PHONE_DIGITS
    return re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", plain) is not None


def _names_street(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> bool:
    """``Main Street``, ``Calle Mayor``: with a capital letter, where an address begins or ends."""
    return vocab.words["street"].at(tokens, index) is not None and tokens[index].raw[0].isupper()


def _has_number(tokens: Sequence[Token]) -> bool:
    return any(token.raw[0].isdigit() for token in tokens)


def _pairs(tokens: Sequence[Token], vocab: Vocabulary) -> bool:
    """``2 black 2 white``, but not ``1 screen 2 m``."""
    return len(tokens) % 2 == 0 and all(
        token.raw.isdigit() != bool(at % 2) and vocab.units.at(tokens, at) is None
        for at, token in enumerate(tokens)
    )


def _begins_item(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> bool:
    """A quantity with a word of the item after it: no date, no size, no number of pieces alone."""
    if calendar_date_at(tokens, index, locale, today) is not None or is_aside(tokens, index, locale):
        return False
    found = quantity_at(tokens, index, locale)
    if found is None or not isinstance(found.value, Decimal) or found.after >= len(tokens):
        return False
    if vocabulary(language_of(locale)).words["broken_by"].at(tokens, index) is not None:
        return False  # ``uma vez que``
    if _is_price(tokens, found.after, locale):
        return False
    if found.times and tokens[found.after].raw[0].isdigit():
        return False  # ``whiteboards, 120 x 90 cm``
    vocab = vocabulary(language_of(locale))
    following = tokens[found.after]
    if vocab.of.at(tokens, found.after) is not None or found.times:
        return True
    named = tokens[found.after + 1 : found.after + 2]
    if _MEASURED.fullmatch(following.raw) and named and named[0].raw[0].isalpha():
        return True  # ``6 9V batteries``
    ends = (
        vocab.clauses.at(tokens, found.after)
        or vocab.each.at(tokens, found.after)
        or _is_courtesy(tokens, found.after, vocab)
        or vocab.words["till"].at(tokens, found.after)
    )
    return following.raw[0].isalpha() and ends is None


def _is_price(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """``140 euro l'una``, ``7 euros maxi``: a currency behind the number, and no noun behind that."""
    named = currency_named(tokens, index, locale, None)
    if named is None:
        return False
    vocab = vocabulary(language_of(locale))
    ended = named[1] >= len(tokens) or not tokens[named[1]].raw[0].isalpha()
    tables = (vocab.each, vocab.words["budget"], vocab.clauses, vocab.price_at)
    return ended or any(each.at(tokens, named[1]) is not None for each in tables)


def _is_courtesy(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> bool:
    """``2, please``, but not ``20 hi vis jackets``."""
    found = vocab.courtesies.at(tokens, index)
    return found is not None and (found[1] == len(tokens) or tokens[found[1]].raw == ",")
